package dev.holdfast.cli.command;

import dev.holdfast.cli.terminal.JsonOutput;
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
        if (session.options().json()) {
            write(session.json());
        } else {
            session.say("holdfast " + Version.current() + " on Java " + java() + ", " + system());
        }
        return 0;
    }

    /** For programs; what {@code --version} says to them too. */
    static void write(JsonOutput out) {
        out.line(
                "version",
                json -> json.text("version", Version.current())
                        .text("java_version", java())
                        .text("system", system()));
    }

    private static String java() {
        return System.getProperty("java.version");
    }

    private static String system() {
        return System.getProperty("os.name") + " " + System.getProperty("os.arch");
    }
}
