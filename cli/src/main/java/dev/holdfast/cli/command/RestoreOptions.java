package dev.holdfast.cli.command;

import dev.holdfast.agent.restore.RestoreRequest;
import dev.holdfast.agent.source.EngineProperties;
import dev.holdfast.agent.source.InUse;
import dev.holdfast.agent.source.Target;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.cli.machine.Machine;
import dev.holdfast.core.config.HostVolume;
import dev.holdfast.core.config.PathFilter;
import dev.holdfast.core.fleet.Order;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.tree.EntryPath;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say where a restore goes and how. */
final class RestoreOptions {
    private static final Pattern OWNER = Pattern.compile("(\\d{1,10}):(\\d{1,10})");

    @Option(
            names = "--to-volume",
            paramLabel = "VOLUME",
            description =
                    "Restore into this volume of this host (default: the volume of the same name). A new one is made only after"
                            + " a question, or with --yes, and not when its name is nearly that of another.")
    private @Nullable String toVolume;

    @Option(
            names = "--to",
            paramLabel = "DIR",
            description = "Restore into this folder, made if it is missing. What else is in it stays, unless --delete.")
    private @Nullable Path to;

    @Option(names = "--no-delete", description = "Keep what is in the target but not in the snapshot.")
    private boolean noDelete;

    @Option(
            names = "--delete",
            description =
                    "With --to, delete what is in the folder but not in the snapshot, as is done for a whole volume.")
    private boolean delete;

    @Option(names = "--owner", paramLabel = "UID:GID", description = "Give everything to this owner and group.")
    private @Nullable String owner;

    @Option(
            names = "--special",
            description =
                    "Also restore devices, setuid and setgid bits of files, file capabilities and other attributes called `security.*`, and"
                            + " attributes of overlay file systems.")
    private boolean special;

    @Option(names = "--verify", description = "Compare the content of files that look as they should by size and time.")
    private boolean verify;

    @Option(
            names = "--stop",
            description =
                    "Stop the containers that use the volume or folder for as long as it takes, and start them again.")
    private boolean stop;

    @Option(names = "--force", description = "Restore into a volume or folder that running containers use.")
    private boolean force;

    @Option(
            names = "--keep-options",
            description =
                    "Restore into a volume of the container engine whose driver or options are not those that were backed"
                            + " up. It keeps its own.")
    private boolean keepOptions;

    RestoreOptions() {}

    boolean verify() {
        return verify;
    }

    /** Throws {@code USAGE} for options that contradict each other. */
    void requireSense() {
        if (to != null && toVolume != null) {
            throw usage("--to and --to-volume both say where to restore to", "Leave one of them out.");
        }
        if (stop && force) {
            throw usage("--stop and --force exclude each other", "Leave one of them out.");
        }
    }

    /** What another host can be told; {@code USAGE} for what only the host itself can be. */
    Order.Restore elsewhere(SnapshotOptions which, List<String> paths) {
        if (to != null || delete || owner != null || special || verify || stop || force || keepOptions) {
            throw usage(
                    "with --on, only --to-volume, --source, --at, --snapshot, --no-delete, --dry-run, --yes and paths can be"
                            + " given",
                    "Leave the others out, or run the restore on that host.");
        }
        if (paths.size() > Order.MOST_PATHS) {
            throw usage(
                    "with --on, at most " + Order.MOST_PATHS + " paths can be given",
                    "Name folders that hold them, or run the restore on that host.");
        }
        return new Order.Restore(
                which.source().orElse(""),
                toVolume == null ? "" : toVolume,
                which.at().orElse(""),
                which.snapshot().orElse(""),
                paths,
                noDelete);
    }

    /** Where a volume is restored to; for a dry run nothing is made. */
    Target target(Session session, Archive archive, SnapshotRecord snapshot, boolean dryRun) {
        if (to != null) {
            return new HostVolumes(session, archive.machine()).targetFolder(session.resolve(to), inUse());
        }
        Machine machine = archive.machine();
        HostVolume volume = targetVolume(machine, snapshot.volume());
        HostVolumes volumes = new HostVolumes(session, machine);
        HostVolumes.Consent consent = new HostVolumes.Consent(inUse(), unlike(snapshot));
        return dryRun
                ? volumes.targetUntouched(volume, consent, () -> recorded(archive, snapshot))
                : volumes.target(volume, consent, snapshot, () -> recorded(archive, snapshot));
    }

    /** Whoever names another volume has chosen it; of a volume of the same name one expects that it is as it was. */
    private HostVolumes.Unlike unlike(SnapshotRecord snapshot) {
        if (keepOptions) {
            return HostVolumes.Unlike.IGNORE;
        }
        boolean another = toVolume != null && !toVolume.equals(snapshot.volume());
        return another ? HostVolumes.Unlike.TELL : HostVolumes.Unlike.REFUSE;
    }

    /** The folder of a volume that `--to-volume` names and that would be new; {@code NOT_FOUND} for a slip of the pen. */
    Optional<Path> newVolume(Session session, Machine machine) {
        return toVolume == null
                ? Optional.empty()
                : new HostVolumes(session, machine).unheardOf(targetVolume(machine, toVolume));
    }

    /** Where the volume is restored to, when that is there already: for a look before anything is done. */
    Optional<? extends Target> present(Session session, Machine machine, String volume) {
        HostVolumes volumes = new HostVolumes(session, machine);
        return to == null
                ? volumes.present(targetVolume(machine, volume), inUse())
                : Optional.of(volumes.present(session.resolve(to), inUse()));
    }

    private static Optional<EngineProperties> recorded(Archive archive, SnapshotRecord snapshot) {
        try (SnapshotReader reader = archive.read(snapshot)) {
            return EngineProperties.in(reader.manifest().properties());
        }
    }

    private InUse inUse() {
        if (stop) {
            return InUse.STOP;
        }
        return force ? InUse.IGNORE : InUse.REFUSE;
    }

    private HostVolume targetVolume(Machine machine, String volume) {
        return machine.volume(toVolume == null ? volume : toVolume);
    }

    /** The volume of this host that is restored into; empty for a mere folder. */
    Optional<String> intoVolume(String volume) {
        return to == null ? Optional.of(toVolume == null ? volume : toVolume) : Optional.empty();
    }

    /** What counts as part of the target: what a volume's rules leave out is not for us to delete; a mere folder has none. */
    PathFilter rules(Machine machine, String volume) {
        return to == null ? targetVolume(machine, volume).filter() : PathFilter.everything();
    }

    RestoreRequest request(
            SnapshotRecord snapshot, Path target, PathFilter rules, List<EntryPath> selections, int threads) {
        if (delete && (noDelete || !selections.isEmpty())) {
            throw usage(
                    "--delete is for a whole volume, without --no-delete and without paths",
                    "Leave --delete out; nothing is deleted when only some paths are restored.");
        }
        RestoreRequest request = RestoreRequest.whole(snapshot, target, threads);
        if (!selections.isEmpty()) {
            request = request.withSelections(selections);
        } else if (delete || (to == null && !noDelete)) {
            request = request.deletingExtras(rules);
        }
        request = special ? request.withSpecial() : request;
        request = verify ? request.verifying() : request;
        return owner == null ? request : owned(request, owner);
    }

    /** Says them once more, but for what is only asked before a restore begins. */
    void again(Session session, ShellWords line) {
        line.option("--to-volume", Optional.ofNullable(toVolume))
                .option(
                        "--to",
                        Optional.ofNullable(to)
                                .map(folder -> session.resolve(folder).toString()))
                .option("--owner", Optional.ofNullable(owner))
                .flag("--no-delete", noDelete)
                .flag("--delete", delete)
                .flag("--special", special)
                .flag("--verify", verify)
                .flag("--stop", stop)
                .flag("--force", force)
                .flag("--keep-options", keepOptions);
    }

    private static RestoreRequest owned(RestoreRequest request, String text) {
        Matcher numbers = OWNER.matcher(text);
        if (numbers.matches()) {
            try {
                return request.ownedBy(
                        Integer.parseUnsignedInt(numbers.group(1)), Integer.parseUnsignedInt(numbers.group(2)));
            } catch (NumberFormatException e) {
                throw new HoldfastException(noOwner(text), e);
            }
        }
        throw noOwner(text).asException();
    }

    private static Problem noOwner(String text) {
        return Problem.of(
                ProblemCode.USAGE,
                "'" + text + "' is no owner",
                "Write user and group by number, such as `--owner 1000:1000`; `id` shows your own.");
    }

    private static HoldfastException usage(String message, String hint) {
        return Problem.of(ProblemCode.USAGE, message, hint).asException();
    }
}
