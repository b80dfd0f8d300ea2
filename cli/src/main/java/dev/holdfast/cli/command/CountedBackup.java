package dev.holdfast.cli.command;

import dev.holdfast.agent.backup.BackupOutcome;
import dev.holdfast.agent.schedule.AgentControl;
import dev.holdfast.agent.schedule.JobRunner;
import dev.holdfast.agent.schedule.MadeSnapshot;
import dev.holdfast.agent.schedule.Plan;
import dev.holdfast.agent.schedule.RunRecord;
import dev.holdfast.cli.machine.Machine;
import dev.holdfast.core.config.Server;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.snapshot.SnapshotRecord;
import java.time.ZoneId;

/** A backup that somebody has typed serves the job of the schedule that would have made the same one. */
final class CountedBackup {
    private static final int TRIES = 50;
    private static final long BETWEEN_TRIES_MILLIS = 100;

    private final Session session;
    private final Machine machine;
    private final Plan plan;

    CountedBackup(Session session, Machine machine) {
        this.session = session;
        this.machine = machine;
        this.plan = Plan.of(machine.configuration(), machine.name(), ZoneId.systemDefault());
    }

    /** What the outcome is, the backup itself is safe: that it does not count is only told. */
    void ended(String volume, Server target, BackupOutcome outcome) {
        boolean scheduled = plan.jobs().stream()
                .anyMatch(job -> job.volume().equals(volume) && job.server().equals(target.name()));
        if (!scheduled || outcome.record().isEmpty()) {
            return;
        }
        try {
            if (!count(new MadeSnapshot(target.name(), volume, run(outcome)))) {
                session.remark("warning: the schedule does not count this backup: its agent is starting or ending");
            }
        } catch (HoldfastException e) {
            session.remark("warning: the schedule does not count this backup: "
                    + e.problem().message());
        }
    }

    private RunRecord run(BackupOutcome outcome) {
        JobRunner.Achievement made = achievement(outcome);
        return RunRecord.made(session.clock().instant().minus(outcome.duration()), outcome.duration(), made);
    }

    static JobRunner.Achievement achievement(BackupOutcome outcome) {
        return new JobRunner.Achievement(
                outcome.record().map(SnapshotRecord::id).orElse(""),
                outcome.files().total(),
                outcome.totalBytes(),
                outcome.bytesSent(),
                outcome.unreadableCount());
    }

    private boolean count(MadeSnapshot made) {
        AgentControl control = new AgentControl(machine.state().folder());
        boolean counted = control.count(made, plan);
        try {
            for (int i = 1; i < TRIES && !counted; i++) {
                Thread.sleep(BETWEEN_TRIES_MILLIS);
                counted = control.count(made, plan);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return counted;
    }
}
