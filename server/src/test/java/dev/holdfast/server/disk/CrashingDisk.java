package dev.holdfast.server.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * A disk in memory that can lose its power. Written bytes and changed names stay pending until forced; {@link #afterPowerLoss}
 * keeps any subset of a file's pending writes, torn at sectors, and any prefix of each folder's pending changes. {@link
 * #afterKill} keeps everything, as the page cache does, but nothing more becomes safe by it. A failed force drops pending
 * writes for good while they stay readable, as Linux does.
 */
public final class CrashingDisk implements Disk {
    private static final int SECTOR = 512;

    /** Thrown by every operation from the moment on at which the power is gone. */
    public static final class PowerLost extends RuntimeException {}

    /** Is asked before each changing operation, numbered from 1; throws to make it fail. */
    @FunctionalInterface
    public interface Faults {
        void before(String operation, int number) throws IOException;
    }

    private final Folder root;
    private final Set<Path> locked = new HashSet<>();
    private final Set<String> syncSites = new TreeSet<>();
    private Faults faults = (operation, number) -> {};
    private String ignoredSite = "";
    private int operations;
    private boolean dead;

    public CrashingDisk() {
        this(new Folder());
    }

    private CrashingDisk(Folder root) {
        this.root = root;
    }

    public void failBy(Faults newFaults) {
        faults = newFaults;
    }

    public void losePowerAt(int operation) {
        faults = (name, number) -> {
            if (number >= operation) {
                dead = true;
            }
        };
    }

    /** Makes the sync at this place of the code do nothing, as if somebody had deleted it. */
    public void ignoreSyncAt(String site) {
        ignoredSite = site;
    }

    public Set<String> syncSites() {
        return syncSites;
    }

    public int operations() {
        return operations;
    }

    private interface Node {
        Node copy(RandomGenerator random, Map<Node, Node> copies);
    }

    private record Change(String gone, String name, Optional<Node> node) {}

    private static final class Folder implements Node {
        private final Map<String, Node> now = new TreeMap<>();
        private final Map<String, Node> safe = new TreeMap<>();
        private final List<Change> pending = new ArrayList<>();

        void change(Change change) {
            apply(now, change);
            pending.add(change);
        }

        static void apply(Map<String, Node> names, Change change) {
            names.remove(change.gone());
            change.node().ifPresent(node -> names.put(change.name(), node));
        }

        @Override
        public Node copy(RandomGenerator random, Map<Node, Node> copies) {
            Folder copy = new Folder();
            Map<String, Node> kept = new TreeMap<>(safe);
            int prefix = some(random, pending.size());
            pending.subList(0, prefix).forEach(change -> apply(kept, change));
            kept.forEach((name, node) -> {
                Node same = copies.get(node);
                if (same == null) {
                    same = node.copy(random, copies);
                    copies.put(node, same);
                }
                copy.now.put(name, same);
                copy.safe.put(name, same);
            });
            return copy;
        }
    }

    /** None, all or a part: the two ends are the likely ones. */
    private static int some(RandomGenerator random, int count) {
        int dice = random.nextInt(4);
        return dice == 0 ? 0 : dice == 1 ? count : random.nextInt(count + 1);
    }

    private record Write(int position, byte[] bytes, int truncate) {
        byte[] applyTo(byte[] content) {
            if (truncate >= 0) {
                return Arrays.copyOf(content, truncate);
            }
            byte[] longer = Arrays.copyOf(content, Math.max(content.length, position + bytes.length));
            System.arraycopy(bytes, 0, longer, position, bytes.length);
            return longer;
        }
    }

    private static final class Content implements Node {
        private byte[] now = new byte[0];
        private byte[] safe = new byte[0];
        private final List<Write> pending = new ArrayList<>();

        @Override
        public Node copy(RandomGenerator random, Map<Node, Node> copies) {
            Content copy = new Content();
            byte[] kept = safe;
            int mode = random.nextInt(4);
            for (Write write : pending) {
                if (mode == 0 || mode == 1 && random.nextBoolean()) {
                    continue;
                }
                kept = write.applyTo(kept);
                if (mode == 2 && write.bytes().length > 0 && random.nextInt(3) == 0) {
                    int sector = write.position() + random.nextInt(write.bytes().length);
                    sector -= sector % SECTOR;
                    Arrays.fill(
                            kept, Math.max(sector, write.position()), Math.min(kept.length, sector + SECTOR), (byte) 0);
                }
            }
            copy.now = kept;
            copy.safe = kept;
            return copy;
        }
    }

    public CrashingDisk afterPowerLoss(RandomGenerator random) {
        return new CrashingDisk((Folder) root.copy(random, new IdentityHashMap<>()));
    }

    /** The same disk for the next process; the old one's operations all fail from now on. */
    public CrashingDisk afterKill() {
        dead = true;
        CrashingDisk next = new CrashingDisk(root);
        next.operations = operations;
        next.ignoredSite = ignoredSite;
        next.syncSites.addAll(syncSites);
        return next;
    }

    private void count(String operation) throws IOException {
        alive();
        operations++;
        faults.before(operation, operations);
    }

    private void alive() {
        if (dead) {
            throw new PowerLost();
        }
    }

    private boolean ignoredHere() {
        String site = StackWalker.getInstance()
                .walk(frames -> frames.filter(frame -> !frame.getClassName().startsWith(CrashingDisk.class.getName()))
                        .findFirst()
                        .map(frame -> frame.getFileName() + ":" + frame.getLineNumber())
                        .orElseThrow());
        syncSites.add(site);
        return site.equals(ignoredSite);
    }

    private static Path parent(Path path) {
        return Objects.requireNonNull(path.getParent());
    }

    private Folder folder(Path path) throws IOException {
        Node node = root;
        for (Path part : path) {
            node = node instanceof Folder folder ? folder.now.get(part.toString()) : null;
        }
        if (node instanceof Folder folder) {
            return folder;
        }
        throw new NoSuchFileException(path.toString());
    }

    private Content content(Path path) throws IOException {
        if (folder(parent(path)).now.get(path.getFileName().toString()) instanceof Content content) {
            return content;
        }
        throw new NoSuchFileException(path.toString());
    }

    @Override
    public ReadableFile open(Path file) throws IOException {
        alive();
        Content content = content(file);
        return new ReadableFile() {
            @Override
            public int read(ByteBuffer target, long position) {
                alive();
                if (position >= content.now.length) {
                    return -1;
                }
                int count = Math.min(target.remaining(), content.now.length - (int) position);
                target.put(content.now, (int) position, count);
                return count;
            }

            @Override
            public long size() {
                return content.now.length;
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public WritableFile edit(Path file) throws IOException {
        alive();
        return new Editing(content(file));
    }

    private final class Editing implements WritableFile {
        private final Content content;

        Editing(Content content) {
            this.content = content;
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            byte[] bytes = new byte[source.remaining()];
            source.get(bytes);
            try {
                count("write");
            } catch (IOException e) {
                add(new Write((int) position, Arrays.copyOf(bytes, bytes.length / 2), -1));
                throw e;
            }
            add(new Write((int) position, bytes, -1));
            alive();
        }

        @Override
        public void truncate(long size) throws IOException {
            count("truncate");
            add(new Write(0, new byte[0], (int) size));
            alive();
        }

        private void add(Write write) {
            content.now = write.applyTo(content.now);
            content.pending.add(write);
        }

        @Override
        public void force() throws IOException {
            try {
                count("force");
            } catch (IOException e) {
                content.pending.clear();
                throw e;
            }
            alive();
            if (!ignoredHere()) {
                content.pending.forEach(write -> content.safe = write.applyTo(content.safe));
                content.pending.clear();
            }
        }

        @Override
        public void close() {}
    }

    @Override
    public WritableFile create(Path file) throws IOException {
        count("create");
        if (exists(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        Content content = new Content();
        folder(parent(file)).change(new Change("", file.getFileName().toString(), Optional.of(content)));
        alive();
        return new Editing(content);
    }

    @Override
    public boolean exists(Path file) {
        try {
            Path parent = parent(file);
            return parent == null
                    || folder(parent).now.containsKey(file.getFileName().toString());
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public long size(Path file) throws IOException {
        alive();
        return content(file).now.length;
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        count("mkdir");
        if (!exists(directory)) {
            folder(parent(directory))
                    .change(new Change("", directory.getFileName().toString(), Optional.of(new Folder())));
        }
        alive();
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        alive();
        return exists(directory) ? List.copyOf(folder(directory).now.keySet()) : List.of();
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        count("rename");
        Folder folder = folder(parent(from));
        Node node = folder.now.get(from.getFileName().toString());
        if (node == null || !parent(from).equals(parent(to))) {
            throw new NoSuchFileException(from.toString());
        }
        folder.change(new Change(from.getFileName().toString(), to.getFileName().toString(), Optional.of(node)));
        alive();
    }

    @Override
    public void delete(Path file) throws IOException {
        count("delete");
        content(file);
        folder(parent(file)).change(new Change(file.getFileName().toString(), "", Optional.empty()));
        alive();
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        count("syncDirectory");
        alive();
        Folder folder = folder(directory);
        if (!ignoredHere()) {
            folder.pending.forEach(change -> Folder.apply(folder.safe, change));
            folder.pending.clear();
        }
    }

    @Override
    public long usableBytes(Path directory) {
        return 1L << 40;
    }

    @Override
    public Closeable lock(Path file) throws IOException {
        alive();
        if (!locked.add(file)) {
            throw new FileInUseException(file);
        }
        return () -> locked.remove(file);
    }
}
