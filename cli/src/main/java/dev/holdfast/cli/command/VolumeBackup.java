package dev.holdfast.cli.command;

import dev.holdfast.agent.backup.BackupOutcome;
import dev.holdfast.agent.backup.BackupRequest;
import dev.holdfast.agent.backup.BackupRun;
import dev.holdfast.agent.files.FileSystemView;
import dev.holdfast.agent.hook.VolumeHooks;
import dev.holdfast.agent.source.Source;
import dev.holdfast.cli.machine.Connections;
import dev.holdfast.cli.machine.Machine;
import dev.holdfast.core.config.HostVolume;
import dev.holdfast.core.config.Server;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.progress.Progress;
import dev.holdfast.keys.realm.RealmKey;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** A backup of one volume of this host to one server: the same whether a person or the schedule asks for it. */
final class VolumeBackup {
    private final Session session;
    private final Machine machine;
    private final Server target;
    private final boolean rehash;
    private final boolean dryRun;
    private final BooleanSupplier cancelled;

    VolumeBackup(
            Session session,
            Machine machine,
            Server target,
            boolean rehash,
            boolean dryRun,
            BooleanSupplier cancelled) {
        this.session = session;
        this.machine = machine;
        this.target = target;
        this.rehash = rehash;
        this.dryRun = dryRun;
        this.cancelled = cancelled;
    }

    /** @param flaw what failed when the snapshot was safe already */
    record Made(BackupOutcome outcome, Optional<HoldfastException> flaw) {}

    /**
     * Backs the volume up, and remembers what the server showed of it.
     *
     * @throws dev.holdfast.core.problem.HoldfastException when no snapshot could be made; what was sent is kept for the next run
     */
    Made run(Connections connections, RealmKey realm, HostVolume volume, Progress progress) {
        HostVolumes volumes = new HostVolumes(session, machine);
        if (dryRun) {
            return run(connections, realm, volume, volumes.untouched(volume), progress);
        }
        VolumeHooks hooks = volumes.hooks(volume);
        VolumeLock lock = VolumeLock.take(session, machine, volume.name(), cancelled);
        try {
            Made made = run(connections, realm, volume, volumes.source(volume), progress);
            made.flaw().ifPresent(flaw -> hooks.failed(flaw.problem()));
            return made;
        } catch (HoldfastException e) {
            hooks.failed(e.problem());
            throw e;
        } finally {
            lock.close();
        }
    }

    private Made run(Connections connections, RealmKey realm, HostVolume volume, Source source, Progress progress) {
        FileSystemView files = FileSystemView.open();
        files.losses().forEach(loss -> session.remark("warning: not preserved on this system: " + loss));
        BackupRequest request = new BackupRequest(
                machine.name(), volume.name(), source, volume.filter(), rehash, dryRun, machine.threads());
        BackupRun.Surroundings surroundings = new BackupRun.Surroundings(
                () -> connections.connect(target.name()),
                files,
                realm,
                session.random(),
                session.clock(),
                "holdfast " + Version.current(),
                cancelled);
        Made made = made(new BackupRun(surroundings, request, progress));
        made.outcome().record().ifPresent(new HeadWatch(session, machine, target.name())::committed);
        return made;
    }

    private static Made made(BackupRun run) {
        try {
            return new Made(run.run(), Optional.empty());
        } catch (HoldfastException e) {
            return new Made(run.made().orElseThrow(() -> e), Optional.of(e));
        }
    }
}
