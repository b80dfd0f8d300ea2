package dev.holdfast.cli.command;

import dev.holdfast.agent.backup.BackupOutcome;
import dev.holdfast.agent.backup.BackupRequest;
import dev.holdfast.agent.backup.BackupRun;
import dev.holdfast.agent.files.FileSystemView;
import dev.holdfast.agent.link.ServerLink;
import dev.holdfast.cli.machine.Machine;
import dev.holdfast.core.config.HostVolume;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.progress.Progress;
import dev.holdfast.core.snapshot.SnapshotManifest;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.wire.ByteLink;
import dev.holdfast.keys.realm.RealmKey;
import dev.holdfast.server.local.LocalAgent;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent that a server has for the volumes that lie on it: the same backup as a client's, with the configuration as it is at that
 * moment. There is no terminal; what there is to tell goes to the server's log.
 */
final class LocalBackups implements LocalAgent {
    private static final Logger log = LoggerFactory.getLogger(LocalBackups.class);
    private static final int LOGGED_UNREADABLE = 20;

    private final Session session;

    LocalBackups(Session session) {
        this.session = session;
    }

    /** Starts containers again that were held still when the server was killed. */
    void recover() {
        volumes(session.machine()).recover();
    }

    @Override
    public String find(String volume) {
        Machine machine = session.machine();
        return volumes(machine).existing(machine.volume(volume)).toString();
    }

    @Override
    public SnapshotRecord backUp(
            String volume, Supplier<ByteLink> connect, Progress progress, BooleanSupplier cancelled) {
        Machine machine = session.machine();
        String software = "holdfast " + Version.current();
        recover();
        try (RealmKey realm = machine.realmKey(machine.realmOf(machine.name()))) {
            BackupRun.Surroundings surroundings = new BackupRun.Surroundings(
                    () -> ServerLink.open(
                            connect.get(), software, session.clock().millis()),
                    FileSystemView.open(),
                    realm,
                    session.random(),
                    session.clock(),
                    software,
                    cancelled);
            BackupOutcome outcome = new BackupRun(surroundings, request(machine, volume), progress).run();
            tell(volume, outcome);
            return outcome.record().orElseThrow();
        }
    }

    private BackupRequest request(Machine machine, String name) {
        HostVolume volume = machine.volume(name);
        return new BackupRequest(
                machine.name(),
                name,
                volumes(machine).source(volume),
                volume.filter(),
                false,
                false,
                machine.threads());
    }

    private HostVolumes volumes(Machine machine) {
        return new HostVolumes(session.environment(), machine, log::info, LocalBackups::alarm);
    }

    private static void alarm(Problem problem) {
        log.error("{} [{}]; {}", problem.message(), problem.code().label(), problem.hint());
    }

    private static void tell(String volume, BackupOutcome outcome) {
        outcome.unreadable().stream()
                .limit(LOGGED_UNREADABLE)
                .map(SnapshotManifest.Unreadable::reason)
                .forEach(reason -> log.warn("local volume '{}': unreadable: {}", volume, reason));
        if (outcome.unreadableCount() > LOGGED_UNREADABLE) {
            log.warn(
                    "local volume '{}': {} more unreadable files",
                    volume,
                    outcome.unreadableCount() - LOGGED_UNREADABLE);
        }
    }
}
