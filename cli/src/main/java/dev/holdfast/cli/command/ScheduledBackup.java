package dev.holdfast.cli.command;

import dev.holdfast.agent.backup.BackupOutcome;
import dev.holdfast.agent.schedule.JobRunner;
import dev.holdfast.cli.machine.Connections;
import dev.holdfast.cli.machine.Identity;
import dev.holdfast.cli.machine.KeyProblem;
import dev.holdfast.cli.machine.Machine;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.HostVolume;
import dev.holdfast.core.config.Job;
import dev.holdfast.core.config.Server;
import dev.holdfast.core.progress.Progress;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.keys.realm.RealmKey;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A job of the schedule is what {@code holdfast backup VOLUME --server S} does, told to the log. */
final class ScheduledBackup implements JobRunner {
    private static final Logger log = LoggerFactory.getLogger(ScheduledBackup.class);

    private final Session session;
    private final Identity identity;

    ScheduledBackup(Session session, Identity identity) {
        this.session = session;
        this.identity = identity;
    }

    @Override
    public Achievement run(Configuration configuration, Job job, BooleanSupplier cancelled) {
        return KeyProblem.translate(() -> backUp(configuration, job, cancelled));
    }

    private Achievement backUp(Configuration configuration, Job job, BooleanSupplier cancelled) {
        // Opened anew for each run: its keys may have been changed.
        Machine machine = Machine.open(configuration, identity, session.stateDirectory());
        Connections connections = session.connections(machine);
        Server target = configuration.server(job.server());
        HostVolume volume = machine.host().backedUp(job.volume());
        new HostVolumes(session, machine).recover();
        try (RealmKey realm = machine.realmKey()) {
            BackupOutcome outcome = new VolumeBackup(session, machine, target, false, false, cancelled)
                    .run(connections, realm, volume, new Progress() {
                        @Override
                        public void notice(String message) {
                            log.warn("backup of '{}' to '{}': {}", job.volume(), job.server(), message);
                        }
                    });
            return new Achievement(
                    outcome.record().map(SnapshotRecord::id).orElse(""),
                    outcome.files().total(),
                    outcome.totalBytes(),
                    outcome.bytesSent(),
                    outcome.unreadableCount());
        }
    }
}
