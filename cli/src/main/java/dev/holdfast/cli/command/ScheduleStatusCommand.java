package dev.holdfast.cli.command;

import dev.holdfast.agent.leftover.OpenWork;
import dev.holdfast.agent.schedule.AgentControl;
import dev.holdfast.agent.schedule.ScheduleReport;
import dev.holdfast.core.problem.ProblemCode;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "status",
        description = {
            "Shows the scheduled backups of this host: how the last run of each went, and when the next is; also restores that are"
                    + " at work.",
            "Exit code 0 when the agent runs and nothing is overdue, 1 when something is or an interrupted run has left containers,"
                    + " hooks or a restore to be seen to, 10 when no agent runs and nothing else is wrong."
        })
final class ScheduleStatusCommand implements Callable<Integer> {
    private final Session session;

    ScheduleStatusCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        ThisAgent agent = ThisAgent.find(session);
        Optional<AgentControl.Speaker> speaker = agent.control().who();
        ScheduleReport report = agent.report(session, speaker.isPresent());
        OpenWork open = OpenWork.in(agent.state().folder());
        new ScheduleTable(session).status(report, speaker, PortTrouble.of(agent.control()), open);
        if (report.anyOverdue() || !open.leftovers().isEmpty()) {
            return ProblemCode.FAILED.exitCode();
        }
        return speaker.isPresent() ? 0 : ProblemCode.NOT_FOUND.exitCode();
    }
}
