package dev.holdfast.cli.command;

import dev.holdfast.agent.backup.BackupOutcome;
import dev.holdfast.cli.machine.Connections;
import dev.holdfast.cli.machine.Machine;
import dev.holdfast.cli.terminal.JsonOutput;
import dev.holdfast.cli.terminal.ProgressDisplay;
import dev.holdfast.cli.terminal.SafeText;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.core.config.HostVolume;
import dev.holdfast.core.config.Server;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.SnapshotManifest;
import dev.holdfast.core.tree.EntryPath;
import dev.holdfast.keys.realm.RealmKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "backup",
        description = {
            "Backs up volumes of this host: sends what the server does not have yet, and makes a snapshot of each.",
            "A volume that cannot be backed up does not keep the others from it; what failed is listed at the end."
        })
final class BackupCommand implements Callable<Integer> {
    private static final int SHOWN_UNREADABLE = 20;
    private static final int SHOWN_FUZZY = 3;

    @Parameters(
            paramLabel = "VOLUME",
            arity = "0..*",
            description =
                    "Volumes to back up (default: all of this host's). An operator can name HOST:VOLUME of other hosts,"
                            + " whose agents do it then.")
    private List<String> volumes = new ArrayList<>();

    @Option(
            names = "--server",
            paramLabel = "NAME",
            description =
                    "Server to back up to (default: the only one configured; for HOST:VOLUME, the one of that host's job).")
    private @Nullable String server;

    @Option(
            names = {"-n", "--dry-run"},
            description = "Find out what would be sent, but send nothing.")
    private boolean dryRun;

    @Option(
            names = "--rehash",
            description =
                    "Read every file, even those whose size, times and inode are as they were, and send again what"
                            + " the server no longer has whole.")
    private boolean rehash;

    @Mixin
    private AgentOption agent = new AgentOption();

    private final Session session;

    BackupCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (RemoteOrder.isMeant(volumes)) {
            return orderElsewhere();
        }
        Thread running = Thread.currentThread();
        session.cancellation().onRequest(() -> {
            session.remark("stopping; what was sent so far is kept");
            running.interrupt();
        });
        agent.remark(session);
        Machine machine = session.machine();
        session.remarkOnPlace(machine.configuration());
        Connections connections = session.connections(machine);
        List<HostVolume> wanted = wanted(machine);
        Server target = connections.serverFor(Optional.ofNullable(server));
        HostVolumes volumes = new HostVolumes(session, machine);
        if (dryRun) {
            volumes.foretellRecovery();
        } else {
            volumes.recover();
        }
        VolumeBackup backup =
                new VolumeBackup(session, machine, target, rehash, dryRun, session.cancellation()::isRequested);
        int worst = 0;
        CountedBackup counted = new CountedBackup(session, machine);
        VolumeFailures failures = new VolumeFailures(session, "backed up", wanted.size());
        try (RealmKey realm = machine.realmKey()) {
            for (HostVolume volume : wanted) {
                try {
                    VolumeBackup.Made made = backUp(backup, connections, realm, volume);
                    BackupOutcome outcome = made.outcome();
                    report(volume.name(), target, outcome);
                    worst = outcome.partial() ? ProblemCode.PARTIAL.exitCode() : worst;
                    if (made.flaw().isPresent()) {
                        failures.metAfterwards(volume.name(), made.flaw().get());
                    } else {
                        counted.ended(volume.name(), target, outcome);
                    }
                } catch (HoldfastException e) {
                    failures.met(volume.name(), e);
                }
            }
        }
        failures.conclude();
        return worst;
    }

    private VolumeBackup.Made backUp(VolumeBackup backup, Connections connections, RealmKey realm, HostVolume volume) {
        try (ProgressDisplay progress = session.progress("backup " + volume.name())) {
            VolumeBackup.Made made = backup.run(connections, realm, volume, progress);
            progress.complete();
            return made;
        }
    }

    private int orderElsewhere() {
        if (dryRun || rehash) {
            throw Problem.of(
                            ProblemCode.USAGE,
                            "--dry-run and --rehash are for volumes of this host",
                            "Leave them out, or run the command on the other host.")
                    .asException();
        }
        return new RemoteOrder(session).backUp(volumes, Optional.ofNullable(server));
    }

    private List<HostVolume> wanted(Machine machine) {
        if (!volumes.isEmpty()) {
            return volumes.stream().map(machine.host()::backedUp).toList();
        }
        List<HostVolume> all = machine.host().volumes();
        if (all.isEmpty()) {
            throw Problem.of(
                            ProblemCode.NOT_FOUND,
                            "client '" + machine.name() + "' has no volumes to back up",
                            "Name some in its `backup` list in "
                                    + machine.configuration().file() + ".")
                    .asException();
        }
        return all;
    }

    private void report(String volume, Server target, BackupOutcome outcome) {
        if (session.options().json()) {
            session.json().line("summary", json -> summary(json, volume, target, outcome));
            return;
        }
        outcome.unreadable().stream()
                .limit(SHOWN_UNREADABLE)
                .forEach(item -> session.remark("unreadable: " + SafeText.of(item.reason())));
        if (outcome.unreadableCount() > SHOWN_UNREADABLE) {
            session.remark("... and " + (outcome.unreadableCount() - SHOWN_UNREADABLE) + " more unreadable files");
        }
        if (session.options().quiet()) {
            if (outcome.emptied()) {
                session.alarm(emptied(volume, outcome));
            }
            if (outcome.partial()) {
                session.alarm(partial(volume, outcome));
            }
            return;
        }
        BackupOutcome.Files files = outcome.files();
        String metadata = files.filesOtherMetadata() == 0
                ? ""
                : " (" + files.filesOtherMetadata() + " with other owner, mode, time or attributes)";
        session.say(String.format(
                Locale.ROOT,
                "files:  %d new, %d changed, %d unmodified%s",
                files.filesNew(),
                files.filesChanged(),
                files.filesUnmodified(),
                metadata));
        session.say(String.format(
                Locale.ROOT,
                "size:   %s in %d files, %s read, %s new, %s sent",
                Sizes.show(outcome.totalBytes()),
                files.total(),
                Sizes.show(outcome.bytesRead()),
                Sizes.show(outcome.newBytes()),
                Sizes.show(outcome.bytesSent())));
        if (outcome.fuzzyCount() > 0) {
            session.say("fuzzy:  " + outcome.fuzzyCount() + (outcome.fuzzyCount() == 1 ? " file" : " files")
                    + " changed while being read: " + names(outcome.fuzzy()));
        }
        String result = outcome.record()
                .map(record -> "snapshot " + record.hash().brief() + " of " + volume + " is safe on " + target.name())
                .orElse("dry run: nothing was sent and no snapshot was made");
        String missing = outcome.partial()
                ? ", but " + outcome.unreadableCount() + (outcome.unreadableCount() == 1 ? " file" : " files")
                        + " could not be read"
                : "";
        session.say(result + missing + " (" + seconds(outcome) + " s)");
    }

    private static String names(List<EntryPath> paths) {
        String some = paths.stream()
                .limit(SHOWN_FUZZY)
                .map(path -> SafeText.of(path.toString()))
                .collect(Collectors.joining(", "));
        return paths.size() > SHOWN_FUZZY ? some + ", ..." : some;
    }

    private static Problem emptied(String volume, BackupOutcome outcome) {
        return Problem.of(
                ProblemCode.FAILED,
                BackupOutcome.emptied(volume, outcome.filesBefore()),
                "If that is no surprise, all is well; else `holdfast restore " + volume
                        + " --at yesterday` has them, and `holdfast config show` says where the volume is looked for.");
    }

    /** Cron must have something to mail: an exit code alone is noticed by nobody. */
    private static Problem partial(String volume, BackupOutcome outcome) {
        String first = outcome.unreadable().stream()
                .findFirst()
                .map(item -> ", such as: " + item.reason())
                .orElse("");
        return Problem.of(
                ProblemCode.PARTIAL,
                "the snapshot of volume '" + volume + "' lacks what could not be read: " + outcome.unreadableCount()
                        + (outcome.unreadableCount() == 1 ? " file" : " files") + first,
                "`holdfast backup " + volume
                        + "` without --quiet lists them; a user who may read them, such as root, can"
                        + " back them up.");
    }

    private static String seconds(BackupOutcome outcome) {
        return String.format(Locale.ROOT, "%.1f", outcome.duration().toMillis() / 1000.0);
    }

    private void summary(JsonOutput.Fields json, String volume, Server target, BackupOutcome outcome) {
        BackupOutcome.Files files = outcome.files();
        json.text("volume", volume)
                .text("server", target.name())
                .number("files_new", files.filesNew())
                .number("files_changed", files.filesChanged())
                .number("files_unmodified", files.filesUnmodified())
                .number("dirs_new", files.directoriesNew())
                .number("dirs_changed", files.directoriesChanged())
                .number("dirs_unmodified", files.directoriesUnmodified())
                .number("data_blobs", outcome.newObjects())
                .number("data_added", outcome.newBytes())
                .number(
                        "data_added_packed",
                        outcome.record().map(r -> r.summary().addedBytes()).orElse(0L))
                .number("bytes_sent", outcome.bytesSent())
                .number("total_files_processed", files.total())
                .number("total_bytes_processed", outcome.totalBytes())
                .number("total_duration", outcome.duration().toMillis() / 1000.0)
                .flag("dry_run", dryRun)
                .flag("partial", outcome.partial())
                .number("files_vanished", outcome.vanished())
                .number("files_metadata_changed", files.filesOtherMetadata())
                .number("files_fuzzy", outcome.fuzzyCount())
                .objects("fuzzy", outcome.fuzzy(), (item, path) -> item.text("path", path.toString()))
                .number("files_unreadable", outcome.unreadableCount())
                .objects("unreadable", outcome.unreadable(), BackupCommand::unreadable);
        outcome.record().ifPresent(record -> json.text("snapshot_id", record.id()));
    }

    private static void unreadable(JsonOutput.Fields json, SnapshotManifest.Unreadable item) {
        json.text("path", item.path().toString()).text("reason", item.reason());
    }
}
