package dev.holdfast.cli.command;

import dev.holdfast.agent.schedule.AgentControl;
import dev.holdfast.agent.schedule.AgentSetup;
import dev.holdfast.agent.schedule.ScheduleReport;
import dev.holdfast.core.config.RemoteWork;
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
            "One that was paused by `holdfast schedule stop` goes on."
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
        requireJobs(agent);
        if (dryRun) {
            new ScheduleTable(session).plan(agent.report(session, false));
            return 0;
        }
        Optional<AgentControl.Speaker> running = agent.control().who();
        if (running.isPresent()) {
            resume(agent, running.get());
            return 0;
        }
        agent.state().create();
        if (!agent.control().pauseAbsent(false)) {
            throw changing(agent);
        }
        Launch launch = new Launch(
                session,
                setup.configuration(),
                agent.state(),
                List.of(
                        "schedule",
                        "run",
                        "--log-file",
                        agent.state().agentLog().toString()));
        AgentControl.Speaker started = launch.start(
                "the agent of host '" + agent.name() + "'",
                agent.state().folder().resolve("agent.out"),
                agent.state().agentLog(),
                new Launch.Expectation<>(() -> agent.control().who(), timeoutSeconds, () -> changing(agent)));
        report(agent, started, false);
        return 0;
    }

    private static void requireJobs(ThisAgent agent) {
        boolean takesOrders = agent.configuration()
                .flatMap(configuration -> configuration.client(agent.name()).remote())
                .filter(remote -> remote != RemoteWork.NONE)
                .isPresent();
        if (!takesOrders
                && agent.plan().isPresent()
                && agent.plan().get().jobs().isEmpty()) {
            throw Problem.of(
                            ProblemCode.NOT_FOUND,
                            "nothing is scheduled for client '" + agent.name() + "'",
                            "Give it a `schedule` with `jobs` in the configuration; `holdfast config sample` shows one. With `remote`"
                                    + " there, its agent also stays without any, for orders.")
                    .asException();
        }
    }

    private void resume(ThisAgent agent, AgentControl.Speaker running) {
        ScheduleReport now = agent.report(session, true);
        if (!now.paused()) {
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

    /** One holds the lock but does not answer. */
    static HoldfastException changing(ThisAgent agent) {
        return Problem.of(
                        ProblemCode.BUSY,
                        "the agent of host '" + agent.name() + "' is starting or ending, and does not answer",
                        "Try again in a moment; see " + agent.state().agentLog() + ".")
                .asException();
    }

    private void report(ThisAgent agent, AgentControl.Speaker speaker, boolean resumed) {
        if (session.options().json()) {
            session.json()
                    .line(
                            "started",
                            json -> json.text("host", agent.name())
                                    .number("process_id", speaker.processId())
                                    .flag("resumed", resumed));
            return;
        }
        session.say("the agent of host '" + agent.name() + "' " + (resumed ? "goes on" : "runs") + " (process "
                + speaker.processId() + ")");
    }
}
