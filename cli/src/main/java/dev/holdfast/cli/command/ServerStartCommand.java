package dev.holdfast.cli.command;

import dev.holdfast.cli.service.Role;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.server.daemon.ServerSetup;
import dev.holdfast.server.daemon.ServerStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "start",
        description = {
            "Starts the server in the background and waits until it can be reached, or says why it cannot.",
            "Where `holdfast service install` has written its unit, systemd starts it."
        })
final class ServerStartCommand implements Callable<Integer> {
    private final Session session;

    @Option(
            names = {"-n", "--dry-run"},
            description = "Only say what would be started.")
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
        List<String> words = new ArrayList<>(List.of(
                "server", "run", "--log-file", server.state().serverLog().toString()));
        words.addAll(newRepository.words());
        Launch launch = new Launch(session, setup.configuration(), server.state(), words);
        Optional<InstalledUnit> unit = InstalledUnit.find(session, Role.SERVER, server.state());
        if (unit.isPresent()) {
            newRepository.requireAbsent();
        }
        if (dryRun) {
            showPlan(setup, server, unit.map(one -> List.of(one.line())).orElse(launch.command()));
            return 0;
        }
        if (server.isAlive()) {
            throw busy(server);
        }
        Launch.Expectation<ServerStatus> expected =
                new Launch.Expectation<>(() -> server.control().status(), timeoutSeconds, () -> late(server));
        report(
                unit.isPresent()
                        ? unit.get().start(expected)
                        : launch.start(
                                "server '" + server.name() + "'",
                                server.state().folder().resolve("server.out"),
                                server.state().serverLog(),
                                expected));
        return 0;
    }

    private void showPlan(ServerSetup setup, ThisServer server, List<String> command) {
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

    private HoldfastException late(ThisServer server) {
        return Problem.of(
                        ProblemCode.FAILED,
                        "server '" + server.name() + "' does not answer yet, " + timeoutSeconds
                                + " seconds after its start",
                        "It goes on starting; see " + server.state().serverLog()
                                + " and ask with `holdfast server status`.")
                .asException();
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
