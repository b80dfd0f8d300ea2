package dev.holdfast.cli.command;

import dev.holdfast.cli.daemon.DetachedProcess;
import dev.holdfast.cli.machine.StateFolder;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.server.daemon.ServerSetup;
import dev.holdfast.server.daemon.ServerStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "start",
        description = "Starts the server in the background and waits until it can be reached, or says why it cannot.")
final class ServerStartCommand implements Callable<Integer> {
    private static final long LOOK_EVERY_MILLIS = 50;

    private final Session session;

    @Option(names = "--dry-run", description = "Only say what would be started.")
    private boolean dryRun;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "How long to wait (default: ${DEFAULT-VALUE}); the start goes on after that.")
    private long timeoutSeconds = 300;

    @Mixin
    private NewRepositoryOption newRepository = new NewRepositoryOption();

    ServerStartCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        ServerSetup setup = ThisServer.setup(session);
        ThisServer server = ThisServer.find(session);
        List<String> arguments = arguments(setup, server.state());
        if (dryRun) {
            showPlan(setup, server, arguments);
            return 0;
        }
        if (server.isAlive()) {
            throw busy(server);
        }
        server.state().create();
        Path output = server.state().folder().resolve("server.out");
        Process process = new DetachedProcess(session.environment()).start(arguments, output);
        report(await(server, process, output));
        return 0;
    }

    private List<String> arguments(ServerSetup setup, StateFolder state) {
        List<String> words = new ArrayList<>(List.of(
                "--path",
                setup.configuration().toString(),
                "--as",
                setup.name(),
                "--state",
                state.stateDirectory().toString(),
                "--json"));
        for (int i = 0; i < session.options().verbosity(); i++) {
            words.add("--verbose");
        }
        words.addAll(List.of("server", "run", "--log-file", state.serverLog().toString()));
        words.addAll(newRepository.words());
        return words;
    }

    private void showPlan(ServerSetup setup, ThisServer server, List<String> arguments) {
        List<String> command = new DetachedProcess(session.environment()).command(arguments);
        String log = server.state().serverLog().toString();
        if (session.options().json()) {
            session.json()
                    .line(
                            "plan",
                            json -> json.text("server", setup.name())
                                    .texts("command", command)
                                    .text("data", setup.data().toString())
                                    .text("log", log)
                                    .flag("running", server.isAlive()));
            return;
        }
        session.say("would run   " + String.join(" ", command));
        session.say("data in     " + setup.data());
        session.say("log to      " + log);
        if (server.isAlive()) {
            session.say("but it is running already");
        }
    }

    private static HoldfastException busy(ThisServer server) {
        String process =
                server.control().process().map(id -> " (process " + id + ")").orElse("");
        return Problem.of(
                        ProblemCode.BUSY,
                        "server '" + server.name() + "' is running already" + process,
                        "`holdfast server status` shows it; `holdfast server stop` ends it.")
                .asException();
    }

    private ServerStatus await(ThisServer server, Process process, Path output)
            throws InterruptedException, IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
        while (!process.waitFor(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
            Optional<ServerStatus> status = server.control().status();
            if (status.isPresent()) {
                return status.get();
            }
            if (System.nanoTime() - deadline > 0) {
                throw Problem.of(
                                ProblemCode.FAILED,
                                "server '" + server.name() + "' does not answer yet, " + timeoutSeconds
                                        + " seconds after its start",
                                "It goes on starting; see " + server.state().serverLog()
                                        + " and ask with `holdfast server status`.")
                        .asException();
            }
        }
        throw StartFailure.of(
                "server '" + server.name() + "'",
                output + " and " + server.state().serverLog(),
                process.exitValue(),
                Files.readString(output));
    }

    private void report(ServerStatus status) {
        if (session.options().json()) {
            session.json()
                    .line(
                            "started",
                            json -> json.text("server", status.name())
                                    .number("process_id", status.processId())
                                    .texts("addresses", status.listening())
                                    .text("data", status.data()));
            return;
        }
        session.say("server '" + status.name() + "' listens on " + String.join(", ", status.listening()) + " (process "
                + status.processId() + ")");
        status.warnings().forEach(warning -> session.remark("warning: " + warning));
    }
}
