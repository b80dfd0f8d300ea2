package dev.holdfast.cli.command;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "stop",
        description = {
            "Stops the server and waits until it is gone.",
            "Backups under way get ten seconds to finish; those that do not go on at their next run."
        })
final class ServerStopCommand implements Callable<Integer> {
    private static final long LOOK_EVERY_MILLIS = 50;

    private final Session session;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "How long to wait until it is gone (default: ${DEFAULT-VALUE}).")
    private long timeoutSeconds = 60;

    ServerStopCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        ThisServer server = ThisServer.find(session);
        if (server.control().stop().isEmpty() && !server.isAlive()) {
            say(server, "server '" + server.name() + "' was not running", false);
            return 0;
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
        while (server.isAlive()) {
            if (System.nanoTime() - deadline > 0) {
                throw stillThere(server);
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            // One that was only starting when it was asked has not heard it.
            server.control().stop();
        }
        say(server, "server '" + server.name() + "' stopped", true);
        return 0;
    }

    private RuntimeException stillThere(ThisServer server) {
        String process =
                server.control().process().map(id -> " (process " + id + ")").orElse("");
        return Problem.of(
                        ProblemCode.FAILED,
                        "server '" + server.name() + "'" + process + " has not ended within " + timeoutSeconds
                                + " seconds",
                        "See " + server.state().serverLog()
                                + ". Killing the process is safe: what was acknowledged is on disk.")
                .asException();
    }

    private void say(ThisServer server, String line, boolean wasRunning) {
        if (session.options().json()) {
            session.json()
                    .line("stopped", json -> json.text("server", server.name()).flag("was_running", wasRunning));
        } else {
            session.say(line);
        }
    }
}
