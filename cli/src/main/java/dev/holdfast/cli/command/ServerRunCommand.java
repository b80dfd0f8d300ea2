package dev.holdfast.cli.command;

import dev.holdfast.cli.daemon.Signals;
import dev.holdfast.cli.notify.ServiceManager;
import dev.holdfast.server.daemon.BackupServer;
import dev.holdfast.server.daemon.ControlClient;
import dev.holdfast.server.daemon.ServerSetup;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "run",
        description = {
            "Runs the server in the foreground until it is stopped, by Ctrl-C, SIGTERM or `holdfast server stop`.",
            "SIGHUP lets it read its configuration again and open its log file anew."
        })
final class ServerRunCommand implements Callable<Integer> {
    private final Session session;

    @Mixin
    private LogFileOption log = new LogFileOption();

    @Mixin
    private NewRepositoryOption newRepository = new NewRepositoryOption();

    ServerRunCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        ServerSetup setup = ThisServer.setup(session);
        Runnable reopenLog = log.open(session);
        LocalBackups locals = new LocalBackups(session);
        locals.recover();
        try (ServiceManager manager = ServiceManager.of(session.environment());
                BackupServer server = newRepository.start(setup.with(locals))) {
            Signals.on("HUP", reopenLog, () -> manager.reloading(server::reloadQuietly));
            session.cancellation().onRequest(server::stop);
            ControlClient control = new ControlClient(setup.state(), setup.software());
            manager.ready(
                    "listens on " + String.join(", ", server.listening()),
                    () -> control.status().isPresent());
            if (session.options().json()) {
                session.json()
                        .line(
                                "listening",
                                json -> json.text("server", setup.name()).texts("addresses", server.listening()));
            }
            server.awaitStop();
            manager.stopping();
        }
        return 0;
    }
}
