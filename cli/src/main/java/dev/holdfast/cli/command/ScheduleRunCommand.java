package dev.holdfast.cli.command;

import dev.holdfast.agent.schedule.AgentControl;
import dev.holdfast.agent.schedule.AgentSetup;
import dev.holdfast.agent.schedule.ResidentAgent;
import dev.holdfast.agent.schedule.Turn;
import dev.holdfast.cli.daemon.Signals;
import dev.holdfast.cli.machine.Identity;
import dev.holdfast.cli.notify.ServiceManager;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "run",
        description = {
            "Runs the agent in the foreground until it is stopped, by Ctrl-C, SIGTERM or `holdfast schedule stop --exit`.",
            "SIGHUP lets it read its configuration again and open its log file anew."
        })
final class ScheduleRunCommand implements Callable<Integer> {
    private final Session session;

    @Mixin
    private LogFileOption log = new LogFileOption();

    ScheduleRunCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        AgentSetup setup = ThisAgent.setup(session);
        Identity identity = new Identity(setup.name(), "the agent");
        Runnable reopenLog = log.open(session);
        session.remarkTo(LoggerFactory.getLogger(ScheduledBackup.class)::warn);
        Turn turn = new Turn();
        try (AgentLinks links = new AgentLinks(session, identity, turn);
                ServiceManager manager = ServiceManager.of(session.environment());
                TypedCommands typed = new TypedCommands(session, setup, turn);
                ResidentAgent agent = ResidentAgent.open(setup, new ScheduledBackup(session, identity), turn, typed)) {
            session.speakOver(links);
            links.follow(agent, setup);
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
