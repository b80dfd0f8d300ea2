package dev.holdfast.server.store;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.server.disk.AtomicFile;
import dev.holdfast.server.disk.Disk;
import dev.holdfast.server.disk.FileInUseException;
import dev.holdfast.server.disk.FileNames;
import dev.holdfast.server.disk.ReadableFile;
import dev.holdfast.server.disk.RealDisk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * A server's data folder. {@code holdfast-repository} in it says which format it has and which repository it is; it is locked
 * while open, so that two servers cannot share it. What this version does not know stops it before anything is written.
 */
public final class Repository implements AutoCloseable {
    public static final String FILE = "holdfast-repository";
    public static final String FORMAT = "holdfast repository, format 1";
    /**
     * Locked while the repository is open. A file of its own that nothing else ever opens: POSIX drops a lock as soon as the process
     * closes any descriptor of the locked file.
     */
    private static final String LOCK = "holdfast-lock";

    private static final int MAX_FILE_BYTES = 4096;

    private final Disk disk;
    private final Path data;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Limits limits;
    private final UUID id;
    private final Closeable lock;
    /** Writes and merges runs of indexes; without it that is done by whoever closes a pack. */
    private Optional<ExecutorService> upkeep = Optional.empty();

    private final Map<String, RealmStore> realms = new LinkedHashMap<>();

    private Repository(Disk disk, Path data, InstantSource clock, RandomGenerator random, Limits limits)
            throws IOException {
        this.disk = disk;
        this.data = data;
        this.clock = clock;
        this.random = random;
        this.limits = limits;
        Path file = data.resolve(FILE);
        if (!disk.exists(file)) {
            refuseForeign(disk, data);
            disk.createDirectories(data);
            UUID fresh = new UUID(random.nextLong(), random.nextLong());
            String text = FORMAT + "\nid " + fresh + "\n";
            AtomicFile.write(disk, file, text.getBytes(StandardCharsets.UTF_8));
        }
        this.lock = lock(disk, data.resolve(LOCK));
        try {
            this.id = readId(disk, file);
            disk.createDirectories(data.resolve("realms"));
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Opens a data folder, and makes it a repository if it is empty or missing. {@code random} must be cryptographic. */
    public static Repository open(Path data, InstantSource clock, RandomGenerator random) throws IOException {
        Path absolute = data.toAbsolutePath().normalize();
        Repository repository = open(new RealDisk(), absolute, clock, random, Limits.DEFAULT);
        // work that comes after the end is dropped: the next start does it
        repository.upkeep = Optional.of(new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Repository::upkeepThread,
                new ThreadPoolExecutor.DiscardPolicy()));
        return repository;
    }

    private static Thread upkeepThread(Runnable task) {
        Thread thread = new Thread(task, "holdfast-index");
        thread.setDaemon(true);
        return thread;
    }

    /** Opens it without threads of its own. */
    public static Repository open(Disk disk, Path data, InstantSource clock, RandomGenerator random, Limits limits)
            throws IOException {
        return new Repository(disk, data.toAbsolutePath().normalize(), clock, random, limits);
    }

    private static void refuseForeign(Disk disk, Path data) throws IOException {
        List<String> names = disk.list(data);
        if (names.contains("realms")) {
            throw Problem.of(
                            ProblemCode.DAMAGE,
                            "data folder " + data + " has realms but no file '" + FILE + "'",
                            "Put the file back from a copy; it names the format and the id of the repository.")
                    .asException();
        }
    }

    private static Closeable lock(Disk disk, Path file) throws IOException {
        try {
            return disk.lock(file);
        } catch (FileInUseException e) {
            throw Problem.of(
                            ProblemCode.BUSY,
                            "data folder " + file.getParent() + " is in use by another server",
                            "Stop the other one with `holdfast server stop`, or give this one its own data folder.")
                    .asException();
        }
    }

    private static UUID readId(Disk disk, Path file) throws IOException {
        byte[] bytes = new byte[MAX_FILE_BYTES];
        int count;
        try (ReadableFile reading = disk.open(file)) {
            count = reading.readFully(bytes, 0);
        }
        List<String> lines =
                new String(bytes, 0, count, StandardCharsets.UTF_8).lines().toList();
        if (lines.size() == 2 && lines.get(0).equals(FORMAT) && lines.get(1).startsWith("id ")) {
            try {
                return UUID.fromString(lines.get(1).substring(3));
            } catch (IllegalArgumentException e) {
                // said below
            }
        }
        throw Problem.of(
                        ProblemCode.DAMAGE,
                        "data folder " + file.getParent() + " has a format that this version does not know",
                        "Use the version of Holdfast that made it, or a newer one; nothing was changed.")
                .asException();
    }

    /** Opens the store of a realm; later calls return the same one. */
    public synchronized RealmStore realm(String name) throws IOException {
        RealmStore store = realms.get(name);
        if (store == null) {
            store = RealmStore.open(this, name, data.resolve("realms").resolve(FileNames.check(name)));
            realms.put(name, store);
        }
        return store;
    }

    /** The realms that have something in this repository, sorted. */
    public List<String> realmNames() throws IOException {
        return disk.list(data.resolve("realms"));
    }

    /** Throws the index of every realm away and makes it from the packs alone, reading every byte. Not while realms are open. */
    public synchronized List<RebuiltIndex> rebuildIndexes() throws IOException {
        if (!realms.isEmpty()) {
            throw new IllegalStateException("realms are open");
        }
        List<RebuiltIndex> rebuilt = new ArrayList<>();
        for (String name : realmNames()) {
            Path directory = data.resolve("realms").resolve(FileNames.check(name));
            rebuilt.add(new IndexRebuild(this, directory).run());
        }
        return rebuilt;
    }

    /** The random id of this repository; part of every snapshot record. */
    public UUID id() {
        return id;
    }

    public Path data() {
        return data;
    }

    Disk disk() {
        return disk;
    }

    InstantSource clock() {
        return clock;
    }

    RandomGenerator random() {
        return random;
    }

    Limits limits() {
        return limits;
    }

    /** For work that nobody waits for. */
    Executor background() {
        return upkeep.isPresent() ? upkeep.get() : Runnable::run;
    }

    private void endUpkeep() {
        realms.values().forEach(RealmStore::stop);
        upkeep.ifPresent(thread -> {
            thread.shutdown();
            boolean interrupted = false;
            boolean ended = false;
            while (!ended) {
                try {
                    ended = thread.awaitTermination(1, TimeUnit.MINUTES);
                } catch (InterruptedException e) {
                    // it ends by itself after the next entry; its files must not be closed before
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Override
    public synchronized void close() throws IOException {
        endUpkeep();
        for (RealmStore store : realms.values()) {
            store.close();
        }
        realms.clear();
        lock.close();
    }
}
