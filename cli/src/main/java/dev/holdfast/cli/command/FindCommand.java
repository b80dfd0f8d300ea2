package dev.holdfast.cli.command;

import dev.holdfast.agent.browse.EntryCursor;
import dev.holdfast.agent.browse.PathGlob;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "find",
        description = {
            "Finds files in snapshots by name or path.",
            "PATTERN is compared with names, or with whole paths when it holds a slash: `*` is anything but a slash, `**` any"
                    + " folders, `?` one character, [a-z] one of a set."
        })
final class FindCommand implements Callable<Integer> {
    /** Matches remembered for a tree block that several snapshots share; beyond, the block is read again. */
    private static final int REMEMBERED_MATCHES = 100;

    @Parameters(
            arity = "1..2",
            paramLabel = "VOLUME PATTERN",
            description = "Volume to search (not with --any), and what to search for.")
    private List<String> words = new ArrayList<>();

    @Option(names = "--any", description = "Search every volume that this machine may read.")
    private boolean any;

    @Option(names = "--all", description = "Search all snapshots, not only the latest.")
    private boolean all;

    @Option(
            names = {"-i", "--ignore-case"},
            description = "Capitals and small letters are the same.")
    private boolean ignoreCase;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description = "Only file, dir, symlink, or other (the first letter is enough).")
    private @Nullable String type;

    @Option(
            names = "--newer",
            paramLabel = "TIME",
            description = "Only what was modified after this time, as for --at.")
    private @Nullable String newer;

    @Option(names = "--larger", paramLabel = "SIZE", description = "Only files larger than this, such as 10MiB.")
    private @Nullable String larger;

    @Mixin
    private SnapshotOptions which = new SnapshotOptions();

    private final Session session;
    private final Map<ObjectId, List<Entry>> remembered = new HashMap<>();

    FindCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (words.size() != (any ? 1 : 2)) {
            throw usage(
                    any ? "with --any there is no VOLUME" : "find needs a VOLUME and a PATTERN",
                    "Write `holdfast find VOLUME '*.conf'` or `holdfast find --any '*.conf'`.");
        }
        Predicate<Entry> wanted = predicate();
        LocalTimes times = new LocalTimes(session.zone());
        long found = 0;
        boolean damaged = false;
        try (Archive archive = any ? Archive.open(session, which.server()) : Archive.of(session, which, words.get(0))) {
            for (SnapshotRecord record : snapshots(archive)) {
                session.cancellation().check();
                try (SnapshotReader reader = archive.read(record)) {
                    MissingParts missing = new MissingParts(
                            session, "snapshot " + record.hash().brief());
                    found += search(reader, wanted, times, missing);
                    damaged |= missing.any();
                }
            }
        }
        if (found == 0 && !session.options().json()) {
            session.remark("nothing found");
        }
        return damaged ? ProblemCode.DAMAGE.exitCode() : 0;
    }

    private List<SnapshotRecord> snapshots(Archive archive) {
        if (!any && !all) {
            return List.of(archive.choose(words.get(0), which));
        }
        if (which.at().isPresent() || which.snapshot().isPresent()) {
            throw usage("--any and --all leave nothing to choose for --at and --snapshot", "Leave one of them out.");
        }
        List<SnapshotRecord> records =
                any ? archive.records(which.source().orElse(""), "") : archive.history(archive.host(), words.get(0));
        if (all) {
            return records;
        }
        Map<String, SnapshotRecord> latest = new LinkedHashMap<>();
        records.forEach(record -> latest.put(record.host() + "/" + record.volume(), record));
        return List.copyOf(latest.values());
    }

    private Predicate<Entry> predicate() {
        PathGlob glob = glob(words.get(words.size() - 1));
        Predicate<Entry> wanted = entry -> !entry.path().isRoot() && glob.matches(entry.path());
        if (type != null) {
            Predicate<EntryType> types = types(type);
            wanted = wanted.and(entry -> types.test(entry.type()));
        }
        if (newer != null) {
            Instant time = new TimePhrase(session.clock().instant(), session.zone()).parse(newer);
            wanted = wanted.and(entry -> entry.modified().seconds() > time.getEpochSecond()
                    || (entry.modified().seconds() == time.getEpochSecond()
                            && entry.modified().nanos() > time.getNano()));
        }
        if (larger != null) {
            long bytes = Sizes.parse(larger)
                    .orElseThrow(() -> usage("'" + larger + "' is no size", "Write it like 500KiB, 10MiB or 2G."));
            wanted = wanted.and(entry -> entry.type() == EntryType.FILE && entry.size() > bytes);
        }
        return wanted;
    }

    private PathGlob glob(String pattern) {
        try {
            return PathGlob.compile(pattern, ignoreCase);
        } catch (IllegalArgumentException e) {
            throw usage("the pattern '" + pattern + "' has " + e.getMessage(), "See `holdfast find --help`.");
        }
    }

    private static Predicate<EntryType> types(String word) {
        return switch (word) {
            case "f", "file" -> found -> found == EntryType.FILE;
            case "d", "dir" -> found -> found == EntryType.DIRECTORY;
            case "l", "s", "symlink" -> found -> found == EntryType.SYMLINK;
            case "o", "other" ->
                found -> found != EntryType.FILE && found != EntryType.DIRECTORY && found != EntryType.SYMLINK;
            default -> throw usage("'" + word + "' is no type", "Types are file, dir, symlink and other.");
        };
    }

    private long search(SnapshotReader reader, Predicate<Entry> wanted, LocalTimes times, MissingParts missing) {
        SnapshotRecord record = reader.record();
        EntryLine line = new EntryLine(times, false);
        long found = 0;
        EntryCursor cursor = EntryCursor.start(reader, remembered::containsKey, missing);
        while (!cursor.atEnd()) {
            for (Entry entry : matchesOfBlock(cursor, wanted)) {
                if (found++ == 0 && !session.options().json() && (any || all)) {
                    session.say("snapshot " + record.hash().brief() + " of " + record.host() + "/" + record.volume()
                            + ", received " + times.show(record.received()));
                }
                show(record, line, entry);
            }
        }
        return found;
    }

    /** Those of the block that begins here, none if it is lost; then the cursor is at the next. */
    private List<Entry> matchesOfBlock(EntryCursor cursor, Predicate<Entry> wanted) {
        Optional<ObjectId> id = cursor.blockStart();
        List<Entry> known = id.map(remembered::get).orElse(null);
        if (known == null) {
            if (cursor.passGap()) {
                return List.of();
            }
            known = cursor.block().entries().stream().filter(wanted).toList();
            if (known.size() <= REMEMBERED_MATCHES && id.isPresent() && all) {
                remembered.put(id.get(), known);
            }
        }
        cursor.skipBlock();
        return known;
    }

    private void show(SnapshotRecord record, EntryLine line, Entry entry) {
        if (session.options().json()) {
            session.json().line("match", json -> {
                json.text("snapshot", record.id())
                        .time("time", record.received())
                        .text("hostname", record.host())
                        .text("volume", record.volume());
                EntryLine.fields(json, entry);
            });
        } else {
            session.say((any || all ? "  " : "") + line.show(entry, entry.path().toString()));
        }
    }

    private static HoldfastException usage(String message, String hint) {
        return Problem.of(ProblemCode.USAGE, message, hint).asException();
    }
}
