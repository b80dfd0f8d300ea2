package dev.holdfast.cli.command;

import dev.holdfast.agent.schedule.AgentControl;
import dev.holdfast.agent.schedule.AgentSetup;
import dev.holdfast.cli.service.Role;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "start",
        description = {
            "Starts the agent in the background, which runs the scheduled backups of this host.",
            "One that was paused by `holdfast schedule stop` goes on. Where `holdfast service install` has written its unit,"
                    + " systemd starts it."
        })
final class ScheduleStartCommand implements Callable<Integer> {
    private final Session session;

    @Option(
            names = {"-n", "--dry-run"},
            description = "Only say what would run when.")
    private boolean dryRun;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "How long to wait until it answers (default: ${DEFAULT-VALUE}).")
    private long timeoutSeconds = 60;

    ScheduleStartCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        AgentSetup setup = ThisAgent.setup(session);
        ThisAgent agent = ThisAgent.find(session);
        agent.requireWork();
        Optional<InstalledUnit> unit = InstalledUnit.find(session, Role.AGENT, agent.state());
        if (dryRun) {
            List<String> command = unit.map(one -> List.of(one.line()))
                    .orElseGet(() -> launch(setup, agent).command());
            new ScheduleTable(session).plan(agent.report(session, false), command);
            return 0;
        }
        Optional<AgentControl.Speaker> running = agent.control().who();
        if (running.isPresent()) {
            resume(agent, running.get());
            return 0;
        }
        if (unit.isPresent()) {
            AgentControl.Speaker started = unit.get().start(expected(agent));
            agent.control().resume();
            report(agent, started, false);
            return 0;
        }
        start(setup, agent);
        return 0;
    }

    private void start(AgentSetup setup, ThisAgent agent) throws InterruptedException, IOException {
        agent.state().create();
        agent.control()
                .setDamageAside()
                .ifPresent(aside -> session.remark("warning: the state of the schedule was damaged; it is now " + aside
                        + ", and all jobs count as new"));
        if (!agent.control().pauseAbsent(false)) {
            throw changing(agent);
        }
        AgentControl.Speaker started = launch(setup, agent)
                .start(
                        "the agent of host '" + agent.name() + "'",
                        agent.state().folder().resolve("agent.out"),
                        agent.state().agentLog(),
                        expected(agent));
        report(agent, started, false);
    }

    private Launch launch(AgentSetup setup, ThisAgent agent) {
        return new Launch(
                session,
                setup.configuration(),
                agent.state(),
                List.of(
                        "schedule",
                        "run",
                        "--log-file",
                        agent.state().agentLog().toString()));
    }

    private Launch.Expectation<AgentControl.Speaker> expected(ThisAgent agent) {
        return new Launch.Expectation<>(() -> agent.control().who(), timeoutSeconds, () -> changing(agent));
    }

    private void resume(ThisAgent agent, AgentControl.Speaker running) {
        if (!isPausedOrDamaged(agent)) {
            throw Problem.of(
                            ProblemCode.BUSY,
                            "the agent of host '" + agent.name() + "' is running already (process "
                                    + running.processId() + ")",
                            "`holdfast schedule status` shows it; `holdfast schedule stop` pauses it.")
                    .asException();
        }
        agent.control().resume();
        report(agent, running, true);
    }

    /** An agent that goes on writes anew what it remembers. */
    private boolean isPausedOrDamaged(ThisAgent agent) {
        try {
            return agent.report(session, true).paused();
        } catch (HoldfastException e) {
            if (e.problem().code() == ProblemCode.DAMAGE) {
                return true;
            }
            throw e;
        }
    }

    /** One holds the lock but does not answer. */
    static HoldfastException changing(ThisAgent agent) {
        return Problem.of(
                        ProblemCode.BUSY,
                        "the agent of host '" + agent.name() + "' is starting or ending, and does not answer",
                        "Try again in a moment; see " + agent.state().agentLog() + ".")
                .asException();
    }

    private void report(ThisAgent agent, AgentControl.Speaker speaker, boolean resumed) {
        PortTrouble port = PortTrouble.of(agent.control());
        if (session.options().json()) {
            session.json()
                    .line(
                            "started",
                            json -> port.write(json.text("host", agent.name())
                                    .number("process_id", speaker.processId())
                                    .flag("resumed", resumed)));
            return;
        }
        session.say("the agent of host '" + agent.name() + "' " + (resumed ? "goes on" : "runs") + " (process "
                + speaker.processId() + ")");
        port.lines().forEach(session::remark);
    }
}
