package dev.holdfast.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "reload",
        description = {
            "Lets the running server read its configuration and public keys again.",
            "Hosts that are no longer in it are disconnected at once. When the configuration has errors, all stays as it was."
        })
final class ServerReloadCommand implements Callable<Integer> {
    private final Session session;

    ServerReloadCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        // Errors are shown here, with their lines, rather than passed on by the server.
        session.configuration();
        ThisServer server = ThisServer.find(session);
        String answer = server.control().reload().orElseThrow(server::notRunning);
        if (session.options().json()) {
            session.json()
                    .line("reloaded", json -> json.text("server", server.name()).text("answer", answer));
        } else {
            session.say("server '" + server.name() + "': " + answer);
        }
        return 0;
    }
}
