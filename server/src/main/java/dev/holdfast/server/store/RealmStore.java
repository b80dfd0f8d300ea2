package dev.holdfast.server.store;

import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.SealedObject;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.server.disk.AtomicFile;
import dev.holdfast.server.disk.Disk;
import dev.holdfast.server.disk.FileNames;
import dev.holdfast.server.disk.ReadableFile;
import dev.holdfast.server.index.ObjectIndex;
import dev.holdfast.server.index.Place;
import dev.holdfast.server.log.SnapshotLog;
import dev.holdfast.server.pack.PackId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that one realm keeps: packs, index and snapshot log. Safe for several threads. Objects come in through {@link
 * #begin} and go out through {@link #locate} and {@link #read}.
 */
public final class RealmStore {
    private static final Logger log = LoggerFactory.getLogger(RealmStore.class);
    private static final int OPEN_FILES = 128;
    /** How much is written between two looks at the free space. */
    private static final long RESERVE_STEP_BYTES = 4 << 20;

    private final Repository repository;
    private final String name;
    private final Path directory;
    private final Path packs;
    private final Disk disk;
    private final PackRegistry registry = new PackRegistry();
    private final OpenPacks openPacks;
    private final RealmIndex index;
    private final OpenFiles files;
    private final PackReading reading;
    private final SnapshotLog snapshots;
    private final VerifiedMarks marks;
    private final Damage damage;
    private final List<Problem> findings = new CopyOnWriteArrayList<>();
    private final BroughtBytes brought = new BroughtBytes();
    private final AtomicLong bytesUntilLook = new AtomicLong();

    private RealmStore(Repository repository, String name, Path directory) throws IOException {
        this.repository = repository;
        this.name = name;
        this.directory = directory;
        this.packs = directory.resolve("packs");
        this.disk = repository.disk();
        disk.createDirectories(packs);
        this.index = new RealmIndex(repository, directory, registry, findings::add);
        this.openPacks = new OpenPacks(repository, directory, registry, index);
        this.files = new OpenFiles(disk, packs, OPEN_FILES);
        this.damage = new Damage(disk, directory, registry, index);
        this.reading = new PackReading(registry, files, packs, damage);
        Map<PackId, Integer> verified = new HashMap<>();
        this.marks = VerifiedMarks.open(disk, directory, verified);
        loadPacks(verified);
        this.snapshots = SnapshotLog.open(disk, directory, repository.id(), repository.clock());
        missMarks();
        logState();
    }

    static RealmStore open(Repository repository, String name, Path directory) throws IOException {
        return new RealmStore(repository, name, directory);
    }

    private void loadPacks(Map<PackId, Integer> verified) throws IOException {
        PackLoader loader = new PackLoader(disk, packs, name);
        List<PackLoader.Candidate> unknown = index.believe(loader.candidates());
        for (PackLoader.Candidate candidate : unknown) {
            loader.load(candidate).ifPresent(this::takeIn);
            if (index.isDue()) {
                index.write();
            }
        }
        index.merge();
        registry.all().forEach(pack -> pack.nowVerified(verified.getOrDefault(pack.id(), 0)));
        registry.all().forEach(pack -> brought.add(pack.host(), pack.durable()));
        damage.recall();
        findings.addAll(loader.findings());
    }

    private void missMarks() {
        boolean isNew = registry.all().isEmpty() && snapshots.hosts().isEmpty();
        snapshots
                .newMarks()
                .filter(file -> !isNew)
                .ifPresent(file -> findings.add(Problem.of(
                                ProblemCode.DAMAGE,
                                "list of acknowledged snapshots " + file
                                        + " was missing or empty and is made anew from the logs: had they lost their ends before, nobody"
                                        + " would know",
                                "Compare `holdfast snapshots` with what the hosts remember.")
                        .with("file", file.toString())));
    }

    private void logState() {
        findings().forEach(finding -> log.error("{}: {}", name, finding.message()));
        snapshots
                .cutTails()
                .forEach(tail -> log.warn(
                        "a snapshot log ended in what is no whole record, kept in {}; nobody had been told of it",
                        tail));
    }

    private void takeIn(PackLoader.Found found) {
        if (registry.find(found.id()).isPresent()) {
            findings.add(PackLoader.twice(found.id()));
            return;
        }
        StoredPack pack = registry.add(found.id(), found.host(), found.start(), found.state(), found.end());
        index.takeIn(pack, found);
        found.writer().ifPresent(writer -> openPacks.giveBack(new OpenPack(pack, writer)));
    }

    public String name() {
        return name;
    }

    /** The realm's folder; {@code keyring} and what else belongs to the realm lies in it. */
    public Path directory() {
        return directory;
    }

    public SnapshotLog log() {
        return snapshots;
    }

    /** What was found damaged when the store was opened or since, and has not been mended, and what was reported. */
    public List<Problem> findings() {
        List<Problem> all = new ArrayList<>(findings);
        damage.finding().ifPresent(all::add);
        snapshots.damage().forEach(log -> all.add(log.problem()));
        return all;
    }

    /** Adds to {@link #findings}. */
    public void report(Problem finding) {
        findings.add(finding);
    }

    /** Begins to take objects of a host; any number of sessions may run at once, also of one host. */
    public Ingest begin(String host) {
        return new Ingest(this, FileNames.check(host), new AtomicLong());
    }

    /** The same for a run that may come over several connections. */
    public Ingest begin(String host, UUID run) {
        return new Ingest(this, FileNames.check(host), brought.inRun(host, run));
    }

    /** Whether nothing of this host is here. */
    public boolean hostIsEmpty(String host) {
        return registry.all().stream().noneMatch(pack -> pack.host().equals(host) && pack.durable() > pack.start());
    }

    /**
     * Where to read an object: preferably a copy that {@code preferredHost} has brought, then a verified one, then any, and in
     * the same order one that is damaged or behind damage. Empty only if it was never here; if something that is here references it, that is damage.
     */
    public Optional<Location> locate(ObjectId id, String preferredHost) {
        return places(id).stream()
                .min(Comparator.comparingInt(place -> rank(place, preferredHost)))
                .map(place -> location(id, place));
    }

    /** Why a snapshot cannot be restored; reads its object only when that is in doubt. */
    public Optional<String> obstacle(SnapshotRecord record) {
        return new SnapshotCheck(this).obstacle(record.snapshot());
    }

    Location location(ObjectId id, Place place) {
        return new Location(id, registry.get(place.pack()).id(), place.offset(), place.length(), place.kind());
    }

    private int rank(Place place, String preferredHost) {
        StoredPack pack = registry.get(place.pack());
        int doubt = pack.isDoubtful(place) || !opens(place) ? 3 : 0;
        if (pack.host().equals(preferredHost)) {
            return doubt;
        }
        return doubt + (pack.isVerified(place) ? 1 : 2);
    }

    /** Whether an object's key slot is there, as far as is known. */
    boolean opens(Place place) {
        try {
            return reading.opens(place);
        } catch (IOException e) {
            throw StorageFailure.of(e, "read an object", directory, Long.MAX_VALUE);
        }
    }

    /**
     * Reads one object, from another copy if this one is damaged; throws {@link dev.holdfast.server.pack.CorruptPackException} when
     * none is whole.
     */
    public SealedObject read(Location location) throws IOException {
        return reading.read(location);
    }

    /** What the object references (its key slot not among them), without reading objects that have no references. */
    public List<ObjectId> references(Location location) throws IOException {
        return reading.references(location);
    }

    /**
     * Reads many objects in the order in which they lie on the disk, neighbours in one go. Memory: one read of 4 MiB, or the
     * longest object; an object that {@code taker} keeps holds on to the whole read.
     */
    public void readAll(List<Location> wanted, Consumer<SealedObject> taker) throws IOException {
        reading.readAll(wanted, taker);
    }

    /** A part of a pack whose ids nobody has recomputed yet. */
    public record Unverified(PackId pack, String host, int from, int to) {}

    /** What is safe on the disk and not yet verified, pack by pack. */
    public List<Unverified> unverified() {
        List<Unverified> all = new ArrayList<>();
        for (StoredPack pack : registry.all()) {
            int from = Math.max(pack.start(), pack.verified());
            if (from < pack.durable()) {
                all.add(new Unverified(pack.id(), pack.host(), from, pack.durable()));
            }
        }
        return all;
    }

    /** Reads all objects of a part of a pack, in order; throws when any byte of it is damaged. */
    public void forEachObject(PackId id, int from, int to, Consumer<SealedObject> taker) throws IOException {
        reading.forEachObject(pack(id), from, to, taker);
    }

    /**
     * Remembers that somebody with the realm key has recomputed the ids of all objects of a pack that end at {@code upTo} or
     * before; from now on they are offered to all hosts.
     */
    public void markVerified(PackId id, int upTo) throws IOException {
        StoredPack pack = pack(id);
        if (upTo > pack.durable()) {
            throw new IllegalArgumentException("pack " + id + " is safe only up to " + pack.durable());
        }
        marks.add(id, upTo);
        pack.nowVerified(upTo);
    }

    /** A copy of the object whose id somebody with the realm key has recomputed. */
    public Optional<Location> verified(ObjectId id) {
        return places(id).stream()
                .filter(place -> registry.get(place.pack()).isVerified(place))
                .findFirst()
                .map(place -> location(id, place));
    }

    private StoredPack pack(PackId id) {
        return registry.find(id).orElseThrow(() -> new IllegalArgumentException("no pack " + id + " in this realm"));
    }

    public Stats stats() throws IOException {
        List<StoredPack> all = registry.all();
        long bytes = 0;
        for (StoredPack pack : all) {
            // of a pack that was set aside, what does not count takes up room all the same
            bytes += pack.state() == StoredPack.State.DAMAGED ? disk.size(pack.path(packs)) : pack.durable();
        }
        return new Stats(index.size(), all.size(), bytes, disk.usableBytes(directory));
    }

    /** Keeps a copy of the realm's keyring beside the packs, so that they and the recovery key are enough to restore. */
    public void keepKeyring(byte[] keyring) throws IOException {
        Path file = directory.resolve("keyring");
        // One that the disk does not give is written anew.
        if (keptKeyring().filter(kept -> Arrays.equals(kept, keyring)).isPresent()) {
            // Not written again: a server must start on a full disk, so that people can restore.
            disk.syncDirectory(directory);
        } else {
            AtomicFile.write(disk, file, keyring);
        }
    }

    /** The copy that {@link #keepKeyring} made; empty when there is none, or when the disk does not give it. */
    public Optional<byte[]> keptKeyring() {
        Path file = directory.resolve("keyring");
        if (!disk.exists(file)) {
            return Optional.empty();
        }
        try (ReadableFile reading = disk.open(file)) {
            byte[] content = new byte[Math.toIntExact(reading.size())];
            return Optional.of(Arrays.copyOf(content, reading.readFully(content, 0)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Bytes that the host has brought, those of open sessions among them. */
    public long hostBytes(String host) {
        return brought.of(host);
    }

    Damage damage() {
        return damage;
    }

    BroughtBytes brought() {
        return brought;
    }

    ObjectIndex index() {
        return index;
    }

    PackRegistry registry() {
        return registry;
    }

    int targetBytes() {
        return repository.limits().packBytes();
    }

    List<Place> places(ObjectId id) {
        try {
            return index.find(id);
        } catch (IOException e) {
            throw StorageFailure.of(e, "read its index", directory, Long.MAX_VALUE);
        }
    }

    /** A write that may fail. */
    @FunctionalInterface
    interface Write {
        void run() throws IOException;
    }

    /** Runs a write that adds this many bytes, unless the disk is so full that logs and control would soon fail. */
    void append(int bytes, Write write) {
        if (bytesUntilLook.addAndGet(-bytes) < 0) {
            if (usableBytes() < repository.limits().reserveBytes() + bytes) {
                bytesUntilLook.set(0);
                throw StorageFailure.noSpace(directory, repository.limits().reserveBytes())
                        .asException();
            }
            bytesUntilLook.set(RESERVE_STEP_BYTES);
        }
        write("write an object", write);
    }

    void write(String what, Write write) {
        try {
            write.run();
        } catch (IOException e) {
            throw StorageFailure.of(e, what, directory, usableBytes());
        }
    }

    private long usableBytes() {
        try {
            return disk.usableBytes(directory);
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }

    OpenPacks openPacks() {
        return openPacks;
    }

    /** Work in the background ends soon. */
    void stop() {
        index.stop();
    }

    void close() throws IOException {
        openPacks.close();
        index.close();
        files.close();
        marks.close();
        damage.close();
        snapshots.close();
    }
}
