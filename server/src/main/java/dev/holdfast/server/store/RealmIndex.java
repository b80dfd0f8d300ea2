package dev.holdfast.server.store;

import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.server.disk.AtomicFile;
import dev.holdfast.server.disk.Disk;
import dev.holdfast.server.index.CorruptRunException;
import dev.holdfast.server.index.CoveredPack;
import dev.holdfast.server.index.IndexEntry;
import dev.holdfast.server.index.LayeredIndex;
import dev.holdfast.server.index.ObjectIndex;
import dev.holdfast.server.index.Place;
import dev.holdfast.server.index.Run;
import dev.holdfast.server.index.RunFormat;
import dev.holdfast.server.index.RunWriter;
import dev.holdfast.server.index.SortedEntries;
import dev.holdfast.server.pack.PackEntry;
import dev.holdfast.server.pack.PackId;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the objects of a realm lie: those of packs that still grow or were closed lately in memory, the others in runs.
 *
 * <p><b>Nothing depends on a run.</b> It covers closed packs, which never change, with all of their objects, and says their names
 * and lengths. At start it is believed for those that are there with that length; every other pack is read. So a run that is
 * missing, damaged or left over costs time and nothing else, and an object whose pack is gone is not known, whatever a run says.
 * A run that cannot be written, for want of room, leaves its entries in memory.
 *
 * <p>Runs are merged so that each has more entries than twice all shorter ones together: there are few, and each entry is
 * written anew a few times.
 */
final class RealmIndex implements ObjectIndex, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RealmIndex.class);
    static final String FOLDER = "index";
    /** A run is written once so many objects of closed packs are in memory. */
    private static final long RUN_OBJECTS = 1 << 17;
    /** A run takes a little less for each of its entries. */
    private static final long BYTES_PER_ENTRY = 48;

    private final Disk disk;
    private final Path packs;
    private final Path folder;
    private final String realm;
    private final PackRegistry registry;
    private final Consumer<Problem> findings;
    private final RandomGenerator random;
    private final Limits limits;
    private final LayeredIndex index;
    /** Closed packs that are in no run yet, by their numbers. */
    private final Map<Integer, CoveredPack> waiting = new ConcurrentHashMap<>();

    private final AtomicLong waitingObjects = new AtomicLong();
    private volatile boolean closing;

    RealmIndex(Repository repository, Path directory, PackRegistry registry, Consumer<Problem> findings) {
        this.disk = repository.disk();
        this.packs = directory.resolve("packs");
        this.folder = directory.resolve(FOLDER);
        this.realm = String.valueOf(directory.getFileName());
        this.registry = registry;
        this.findings = findings;
        this.random = repository.random();
        this.limits = repository.limits();
        this.index = new LayeredIndex(random::nextLong);
    }

    /** Throws all runs of a realm away. */
    static void discard(Disk disk, Path directory) throws IOException {
        Path folder = directory.resolve(FOLDER);
        for (String name : disk.list(folder)) {
            if (name.endsWith(RunFormat.SUFFIX)) {
                disk.delete(folder.resolve(name));
            }
        }
    }

    /** Takes over what runs say of closed packs, and returns the other candidates: these have to be read. */
    synchronized List<PackLoader.Candidate> believe(List<PackLoader.Candidate> candidates) throws IOException {
        disk.createDirectories(folder);
        Map<PackId, PackLoader.Candidate> closed = new HashMap<>();
        for (PackLoader.Candidate candidate : candidates) {
            if (candidate.state() == StoredPack.State.CLOSED) {
                closed.put(candidate.id(), candidate);
            }
        }
        List<Run> runs = new ArrayList<>();
        for (Path file : runFiles()) {
            open(file, closed).ifPresent(runs::add);
        }
        index.replace(List.of(), runs);
        return candidates.stream()
                .filter(candidate -> candidate.state() != StoredPack.State.CLOSED || closed.containsKey(candidate.id()))
                .toList();
    }

    /** Longest first: after a merge that was cut short, its result is believed and not its sources. */
    private List<Path> runFiles() throws IOException {
        Map<Path, Long> files = new HashMap<>();
        for (String name : disk.list(folder)) {
            Path file = folder.resolve(name);
            if (name.endsWith(AtomicFile.TEMPORARY)) {
                disk.delete(file);
            } else if (name.endsWith(RunFormat.SUFFIX)) {
                files.put(file, disk.size(file));
            }
        }
        return files.entrySet().stream()
                .sorted(Map.Entry.<Path, Long>comparingByValue().reversed())
                .map(Map.Entry::getKey)
                .toList();
    }

    private Optional<Run> open(Path file, Map<PackId, PackLoader.Candidate> closed) throws IOException {
        try {
            Run run = Run.open(disk, file, covered -> claim(covered, closed));
            if (!run.present().isEmpty()) {
                return Optional.of(run);
            }
            run.close();
        } catch (CorruptRunException e) {
            log.warn("{}: {}; its packs are read instead", realm, e.getMessage());
        }
        disk.delete(file);
        return Optional.empty();
    }

    private int claim(CoveredPack covered, Map<PackId, PackLoader.Candidate> closed) {
        PackLoader.Candidate candidate = closed.get(covered.id());
        if (candidate == null || candidate.fileBytes() != covered.fileBytes()) {
            return Run.GONE;
        }
        closed.remove(covered.id());
        return registry.add(covered.id(), covered.host(), covered.start(), StoredPack.State.CLOSED, covered.end())
                .number();
    }

    /** Takes what was read of a pack. */
    void takeIn(StoredPack pack, PackLoader.Found found) {
        addAll(pack, found.counting());
        addAll(pack, found.behind());
        if (found.fileBytes() > 0) {
            closed(pack, found.counting().size(), found.fileBytes());
        }
    }

    private void addAll(StoredPack pack, List<PackEntry> entries) {
        for (PackEntry entry : entries) {
            add(entry.id(), new Place(pack.number(), entry.offset(), entry.length(), entry.kind()));
        }
    }

    @Override
    public void add(ObjectId id, Place place) {
        index.add(id, place);
    }

    @Override
    public List<Place> find(ObjectId id) throws IOException {
        while (true) {
            try {
                return index.find(id);
            } catch (CorruptRunException e) {
                heal(e);
                merge();
            }
        }
    }

    @Override
    public long size() {
        return index.size();
    }

    /** Tells of a pack that has its footer and whose objects are all here; returns whether {@link #write} has something to do. */
    boolean closed(StoredPack pack, int objects, long fileBytes) {
        waiting.put(
                pack.number(),
                new CoveredPack(pack.id(), fileBytes, pack.host(), pack.start(), pack.durable(), objects));
        waitingObjects.addAndGet(objects);
        return isDue();
    }

    boolean isDue() {
        return waiting.size() >= limits.runPacks() || waitingObjects.get() >= RUN_OBJECTS;
    }

    /** Writes a run of the closed packs that are in none. Does nothing else when there is no room for it. */
    synchronized void write() {
        // Looked at before freezing: the last object of a closed pack was added before it was closed.
        Map<Integer, CoveredPack> ready = new HashMap<>(waiting);
        List<IndexEntry> frozen = index.freeze();
        List<IndexEntry> rest = frozen;
        List<Run> made = List.of();
        try {
            Map<Integer, Integer> counts = new HashMap<>();
            frozen.forEach(entry -> counts.merge(entry.place().pack(), 1, Integer::sum));
            ready.entrySet()
                    .removeIf(pack -> counts.getOrDefault(pack.getKey(), 0)
                            != pack.getValue().objects());
            if (ready.isEmpty()) {
                return;
            }
            List<IndexEntry> covered = new ArrayList<>();
            List<IndexEntry> others = new ArrayList<>();
            for (IndexEntry entry : frozen) {
                (ready.containsKey(entry.place().pack()) ? covered : others).add(entry);
            }
            made = List.of(run(ready, SortedEntries.of(covered), covered.size()));
            rest = others;
            waiting.keySet().removeAll(ready.keySet());
            waitingObjects.addAndGet(-covered.size());
        } catch (IOException e) {
            log.warn("{}: the index stays in memory: {}", realm, e.getMessage());
        } finally {
            index.thaw(rest, made);
        }
    }

    private Run run(Map<Integer, CoveredPack> covered, SortedEntries entries, long atMost) throws IOException {
        if (disk.usableBytes(folder) < limits.reserveBytes() + atMost * BYTES_PER_ENTRY) {
            throw new IOException("no room for a run of " + atMost + " entries");
        }
        List<Integer> numbers = List.copyOf(covered.keySet());
        List<CoveredPack> inOrder = numbers.stream().map(covered::get).toList();
        Path path = folder.resolve(HexFormat.of().toHexDigits(random.nextLong()) + RunFormat.SUFFIX);
        SortedEntries stoppable = () -> {
            if (closing) {
                throw new IOException("the server stops");
            }
            return entries.next();
        };
        try {
            AtomicFile.write(
                    disk,
                    path,
                    file -> new RunWriter(file, inOrder, numbers, atMost, random.nextLong()).write(stoppable));
        } catch (IOException e) {
            Path half = path.resolveSibling(path.getFileName() + AtomicFile.TEMPORARY);
            if (disk.exists(half)) {
                disk.delete(half);
            }
            throw e;
        }
        Map<PackId, Integer> byId = new HashMap<>();
        covered.forEach((number, pack) -> byId.put(pack.id(), number));
        return Run.open(disk, path, pack -> byId.getOrDefault(pack.id(), Run.GONE));
    }

    /** What is left to do in the background after packs were closed. */
    void tidy() {
        if (isDue()) {
            write();
        }
        merge();
    }

    /** Merges runs until they are few. */
    synchronized void merge() {
        try {
            for (List<Run> some = mergeable(); !some.isEmpty(); some = mergeable()) {
                mergeOrHeal(some);
            }
        } catch (IOException e) {
            log.warn("{}: the index keeps more runs than it should: {}", realm, e.getMessage());
        }
    }

    private void mergeOrHeal(List<Run> some) throws IOException {
        try {
            merge(some);
        } catch (CorruptRunException e) {
            heal(e);
        }
    }

    /** The longest run that is not longer than twice all shorter ones, and these; or one that is mostly about packs that are gone. */
    private List<Run> mergeable() {
        List<Run> byLength = new ArrayList<>(index.runs());
        byLength.sort(Comparator.comparingLong(Run::size).reversed());
        long shorter = byLength.stream().mapToLong(Run::size).sum();
        for (int i = 0; i + 1 < byLength.size(); i++) {
            long size = byLength.get(i).size();
            shorter -= size;
            if (size <= 2 * shorter && size + shorter <= RunFormat.MAX_ENTRIES) {
                return List.copyOf(byLength.subList(i, byLength.size()));
            }
        }
        return byLength.stream().filter(Run::isMostlyGone).limit(1).toList();
    }

    private void merge(List<Run> some) throws IOException {
        Map<Integer, CoveredPack> covered = new HashMap<>();
        List<SortedEntries> sources = new ArrayList<>();
        long entries = 0;
        for (Run run : some) {
            run.present().forEach(here -> covered.put(here.number(), here.pack()));
            sources.add(run.entries());
            entries += run.size();
        }
        Run merged = run(covered, SortedEntries.merge(sources), entries);
        index.replace(some, List.of(merged));
        for (Run run : some) {
            disk.delete(run.path());
        }
    }

    /** Makes anew what a damaged run has said, from its packs. */
    private synchronized void heal(CorruptRunException damage) throws IOException {
        log.warn("{}: {}; its packs are read again", realm, damage.getMessage());
        for (Run run : index.runs()) {
            if (run.path().equals(damage.file())) {
                for (Run.Present here : run.present()) {
                    readAgain(registry.get(here.number()), here.pack());
                    if (isDue()) {
                        write();
                    }
                }
                index.replace(List.of(run), List.of());
                discard(run);
            }
        }
    }

    private void readAgain(StoredPack pack, CoveredPack covered) throws IOException {
        PackLoader loader = new PackLoader(disk, packs, realm);
        try {
            Optional<PackLoader.Found> found = loader.load(new PackLoader.Candidate(
                    pack.path(packs), pack.id(), StoredPack.State.CLOSED, Integer.MAX_VALUE, covered.fileBytes()));
            if (found.isPresent()) {
                pack.nowDurable(found.get().end());
                pack.become(found.get().state());
                takeIn(pack, found.get());
            }
            loader.findings().forEach(findings);
        } catch (NoSuchFileException e) {
            findings.accept(
                    Problem.of(
                            ProblemCode.DAMAGE,
                            "pack " + pack.id() + " of host '" + pack.host() + "' is gone",
                            "Put the file back from a copy and start the server again, or run `holdfast backup VOLUME --rehash` on that host for each of its volumes."));
        }
    }

    private void discard(Run run) {
        try {
            disk.delete(run.path());
        } catch (IOException e) {
            log.warn("{}: {} cannot be deleted: {}", realm, run.path(), e.getMessage());
        }
    }

    /** Gives up what is being written; it will be made when it is needed. */
    void stop() {
        closing = true;
    }

    @Override
    public void close() {
        stop();
        index.close();
    }
}
