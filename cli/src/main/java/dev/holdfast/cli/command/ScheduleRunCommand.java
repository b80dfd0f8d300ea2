package dev.holdfast.cli.command;

import dev.holdfast.agent.schedule.AgentControl;
import dev.holdfast.agent.schedule.AgentSetup;
import dev.holdfast.agent.schedule.ResidentAgent;
import dev.holdfast.cli.daemon.Logging;
import dev.holdfast.cli.daemon.Signals;
import dev.holdfast.cli.machine.Identity;
import dev.holdfast.cli.notify.ServiceManager;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "run",
        description = {
            "Runs the agent in the foreground until it is stopped, by Ctrl-C, SIGTERM or `holdfast schedule stop --exit`.",
            "SIGHUP lets it read its configuration again and open its log file anew."
        })
final class ScheduleRunCommand implements Callable<Integer> {
    private final Session session;

    @Option(
            names = "--log-file",
            paramLabel = "FILE",
            description = "Log into this file, begun anew at 10 MB (five old ones are kept), instead of to stderr.")
    private @Nullable Path logFile;

    ScheduleRunCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        AgentSetup setup = ThisAgent.setup(session);
        Identity identity = new Identity(setup.name(), "the agent");
        Runnable reopenLog = () -> {};
        if (logFile == null) {
            Logging.to(session.terminal().err(), session.options().verbosity());
        } else {
            reopenLog = Logging.to(session.resolve(logFile), session.options().verbosity());
        }
        session.remarkTo(LoggerFactory.getLogger(ScheduledBackup.class)::warn);
        try (ServiceManager manager = ServiceManager.of(session.environment());
                ResidentAgent agent = ResidentAgent.open(setup, new ScheduledBackup(session, identity))) {
            Signals.on("HUP", reopenLog, () -> manager.reloading(agent::reloadQuietly));
            session.cancellation().onRequest(agent::stop);
            AgentControl control = new AgentControl(setup.state());
            manager.ready(
                    "the agent of host '" + setup.name() + "'",
                    () -> agent.isTurning() && control.who().isPresent());
            if (session.options().json()) {
                session.json().line("running", json -> json.text("host", setup.name()));
            }
            agent.run();
            manager.stopping();
        }
        return 0;
    }
}
