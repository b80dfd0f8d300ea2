package dev.holdfast.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "version", description = "Shows the version of Holdfast and of the Java it runs on.")
final class VersionCommand implements Callable<Integer> {
    private final Session session;

    VersionCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        String version = Version.current();
        String java = System.getProperty("java.version");
        String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        if (session.options().json()) {
            session.json()
                    .line(
                            "version",
                            json -> json.text("version", version)
                                    .text("java_version", java)
                                    .text("system", system));
        } else {
            session.say("holdfast " + version + " on Java " + java + ", " + system);
        }
        return 0;
    }
}
