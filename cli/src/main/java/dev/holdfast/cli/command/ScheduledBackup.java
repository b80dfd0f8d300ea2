package dev.holdfast.cli.command;

import dev.holdfast.agent.leftover.OpenWork;
import dev.holdfast.agent.schedule.JobRunner;
import dev.holdfast.cli.machine.Connections;
import dev.holdfast.cli.machine.Identity;
import dev.holdfast.cli.machine.KeyProblem;
import dev.holdfast.cli.machine.Machine;
import dev.holdfast.cli.machine.StateFolder;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.HostVolume;
import dev.holdfast.core.config.Server;
import dev.holdfast.core.progress.Progress;
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
    public Achievement run(Configuration configuration, Task task, BooleanSupplier cancelled) {
        return KeyProblem.translate(() -> backUp(configuration, task, cancelled));
    }

    @Override
    public void recover(Configuration configuration) {
        if (OpenWork.mendable(new StateFolder(session.stateDirectory(), identity.name()).folder())) {
            Machine machine = Machine.open(configuration, identity, session.stateDirectory());
            new HostVolumes(session, machine).recover();
        }
    }

    private Achievement backUp(Configuration configuration, Task task, BooleanSupplier cancelled) {
        // Opened anew for each run: its keys may have been changed.
        Machine machine = Machine.open(configuration, identity, session.stateDirectory());
        Connections connections = session.connections(machine);
        Server target = configuration.server(task.server());
        HostVolume volume = machine.host().backedUp(task.volume());
        new HostVolumes(session, machine).recover();
        try (RealmKey realm = machine.realmKey()) {
            VolumeBackup.Made made = new VolumeBackup(session, machine, target, false, false, cancelled)
                    .run(connections, realm, volume, new Told(task));
            if (made.flaw().isPresent()) {
                throw made.flaw().get();
            }
            return CountedBackup.achievement(made.outcome());
        }
    }

    /** Notices go to the log too; all goes to whoever watches. */
    private record Told(Task task) implements Progress {
        @Override
        public void phase(String name) {
            task.watcher().phase(name);
        }

        @Override
        public void total(long files, long bytes) {
            task.watcher().total(files, bytes);
        }

        @Override
        public void atLeast(long files, long bytes) {
            task.watcher().atLeast(files, bytes);
        }

        @Override
        public boolean wantsTotal() {
            return task.watcher().wantsTotal();
        }

        @Override
        public void advanced(long files, long bytes) {
            task.watcher().advanced(files, bytes);
        }

        @Override
        public void notice(String message) {
            log.warn("backup of '{}' to '{}': {}", task.volume(), task.server(), message);
            task.watcher().notice(message);
        }
    }
}
