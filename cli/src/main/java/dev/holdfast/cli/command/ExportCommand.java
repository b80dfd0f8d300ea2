package dev.holdfast.cli.command;

import dev.holdfast.agent.archive.Compression;
import dev.holdfast.agent.archive.ExportOutcome;
import dev.holdfast.agent.archive.ExportRun;
import dev.holdfast.agent.files.FileSystemView;
import dev.holdfast.agent.marker.UnfinishedRestore;
import dev.holdfast.agent.restore.RestoreRequest.NumericOwner;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.cli.machine.Machine;
import dev.holdfast.cli.machine.SealedRealm;
import dev.holdfast.cli.machine.StateFolder;
import dev.holdfast.cli.terminal.ProgressDisplay;
import dev.holdfast.core.config.Client;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.progress.Progress;
import dev.holdfast.core.snapshot.SnapshotRecord;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "export",
        description = {
            "Writes a snapshot of a volume into a tar file, with all its metadata, for any other program to read.",
            "The file is SOURCE-VOLUME-TIME.tar; it appears when it is whole, never replaces another, and is for its owner only:"
                    + " what the server keeps sealed lies in it in the clear. With `--source local` the volume is exported as it"
                    + " lies on this machine, without a server and without keys; VOLUME may then also be a folder, such as ./data."
        })
final class ExportCommand implements Callable<Integer> {
    private static final String LOCAL = "local";
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    @Parameters(index = "0", paramLabel = "VOLUME", description = "Volume to export.")
    private String volume = "";

    @Mixin
    private SnapshotOptions which = new SnapshotOptions();

    @Option(names = "--to-dir", paramLabel = "DIR", description = "Folder for the archive (default: the current one).")
    private @Nullable Path toDir;

    @Option(
            names = "--compress",
            paramLabel = "HOW",
            defaultValue = "none",
            completionCandidates = Compressions.class,
            description = "One of ${COMPLETION-CANDIDATES} (default: none).")
    private Compression compression = Compression.NONE;

    @Option(
            names = {"-n", "--dry-run"},
            description = "Only say what would be exported, and where to.")
    private boolean dryRun;

    private final Session session;

    ExportCommand(Session session) {
        this.session = session;
    }

    private static final class Compressions implements Iterable<String> {
        private Compressions() {}

        @Override
        public Iterator<String> iterator() {
            return List.of("none", "gz", "zst", "xz").iterator();
        }
    }

    @Override
    public Integer call() {
        FileSystemView files = FileSystemView.open();
        session.cancellation().onRequest(() -> session.remark("stopping; the archive begun is removed"));
        return which.source().filter(LOCAL::equals).isPresent() ? local(files) : snapshot(files);
    }

    // ---- a snapshot

    private int snapshot(FileSystemView files) {
        try (Archive archive = archive()) {
            String source = archive.host();
            archive.requireGrant(source, volume);
            LocalSnapshot snapshot = new LocalSnapshot(session, archive, which, volume);
            Optional<SnapshotRecord> chosen = snapshot.choose(dryRun);
            if (chosen.isEmpty()) {
                return 0;
            }
            SnapshotRecord record = chosen.get();
            ExportRun.Target target = target(source, volume, time(record, snapshot.isMadeNow()));
            ExportReport report = new ExportReport(session, source, volume, target, Optional.of(record));
            if (dryRun) {
                run(files, target, Progress.NONE).requireFree();
                report.planned();
                return 0;
            }
            try (SnapshotReader reader = archive.read(record)) {
                long began = session.clock().millis();
                ExportOutcome outcome;
                try (ProgressDisplay display = session.progress("export " + volume)) {
                    ExportRun run = run(files, target, display);
                    run.requireFree();
                    display.total(record.summary().files(), record.summary().totalBytes());
                    outcome = run.snapshot(reader);
                    display.complete();
                }
                return report.done(outcome, session.clock().millis() - began);
            }
        }
    }

    /** What the archive is named after: in a dry run a snapshot that the run would make has no time yet, and is not the last one. */
    private Instant time(SnapshotRecord record, boolean madeNow) {
        if (!dryRun || !madeNow) {
            return record.received();
        }
        session.remark("the archive is named after the time of its snapshot, for which that of now stands here");
        return session.clock().instant();
    }

    /** On a server that cannot read it, those are named who can, with the line for them. */
    private Archive archive() {
        try {
            return Archive.of(session, which, volume, SilentServers.ofExport(session, which, dryRun));
        } catch (HoldfastException e) {
            String source = e.problem().context().getOrDefault(SealedRealm.CLIENT, "");
            throw source.isEmpty() ? e : new HoldfastException(onAClient(source), e);
        }
    }

    private Problem onAClient(String source) {
        Machine machine = session.machine();
        String readers = machine.configuration().clients().stream()
                .map(Client::name)
                .filter(client -> machine.configuration().mayRestore(client, source, volume))
                .collect(Collectors.joining(", "));
        String line = new ShellWords("holdfast", "export", volume)
                .option("--source", Optional.of(source))
                .line();
        return new SealedRealm(machine.configuration(), machine.name(), source)
                .refusal("Those may read it who have the key: on " + readers + ", type `" + line + "`.");
    }

    // ---- as it lies here

    private int local(FileSystemView files) {
        if (which.at().isPresent()
                || which.snapshot().isPresent()
                || which.server().isPresent()) {
            throw Problem.of(
                            ProblemCode.USAGE,
                            "--source local exports what lies here now, and --at, --snapshot and --server mean a backup",
                            "Leave one or the other out.")
                    .asException();
        }
        files.losses().forEach(loss -> session.remark("warning: not preserved on this system: " + loss));
        Path root = new LocalFolders(session, volume).existing();
        String name = new LocalFolders(session, volume).name();
        requireWhole(name, root);
        ExportRun.Target target = target(LOCAL, name, session.clock().instant());
        ExportReport report = new ExportReport(session, LOCAL, name, target, Optional.empty());
        if (dryRun) {
            run(files, target, Progress.NONE).requirePossible(root);
            report.planned();
            return 0;
        }
        long began = session.clock().millis();
        ExportOutcome outcome;
        try (ProgressDisplay display = session.progress("export " + name)) {
            outcome = run(files, target, display).folder(root);
            display.complete();
        }
        return report.done(outcome, session.clock().millis() - began);
    }

    /** Whichever machine of this state directory was restoring into it: who this machine is, nobody needs to know here. */
    private void requireWhole(String name, Path root) {
        try {
            for (StateFolder state : StateFolder.all(session.stateDirectory())) {
                UnfinishedRestore.requireWhole(state.folder(), name, root, session::remark);
            }
        } catch (HoldfastException e) {
            if (e.problem().code() != ProblemCode.IO) {
                throw e;
            }
            session.remark("warning: nobody can tell whether a restore of '" + name + "' is unfinished: "
                    + e.problem().message());
        }
    }

    // ---- the archive

    private ExportRun run(FileSystemView files, ExportRun.Target target, Progress progress) {
        return new ExportRun(files, target, session.cancellation()::isRequested, progress);
    }

    private ExportRun.Target target(String source, String name, Instant time) {
        Path folder = toDir == null ? session.workingDirectory() : session.resolve(toDir);
        String file = source + "-" + name + "-" + STAMP.format(time) + ".tar" + compression.suffix();
        return new ExportRun.Target(folder, file, compression, caller());
    }

    /** Whoever called sudo: the archive is theirs. */
    private Optional<NumericOwner> caller() {
        Map<String, String> environment = session.environment();
        String uid = environment.getOrDefault("SUDO_UID", "");
        String gid = environment.getOrDefault("SUDO_GID", "");
        boolean known = session.superuser() && uid.matches("[0-9]{1,9}") && gid.matches("[0-9]{1,9}");
        return known ? Optional.of(new NumericOwner(Integer.parseInt(uid), Integer.parseInt(gid))) : Optional.empty();
    }
}
