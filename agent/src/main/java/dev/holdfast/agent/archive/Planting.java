package dev.holdfast.agent.archive;

import dev.holdfast.agent.files.Attributes;
import dev.holdfast.agent.files.Directory;
import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.agent.files.FileType;
import dev.holdfast.agent.files.FileWriter;
import dev.holdfast.agent.files.Status;
import dev.holdfast.agent.restore.MetadataPolicy;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes what an archive has in a folder that nobody else uses. Holds the folders on the way to the last thing open; a folder gets its
 * metadata when the archive leaves it, and again as it was when the archive comes back. Memory is that of one path.
 */
final class Planting implements AutoCloseable {
    private static final int BUFFER_BYTES = 256 << 10;
    private static final int FOR_OWNER = 0700;
    private static final int IMPLIED_MODE = 0755;

    /** A folder on the way: with the entry that tells its metadata, or else as it was found, or neither when it is only implied. */
    private static final class Level {
        private final EntryPath path;
        private final Directory directory;
        private @Nullable Entry entry;
        private @Nullable Status found;

        Level(EntryPath path, Directory directory) {
            this.path = path;
            this.directory = directory;
        }
    }

    private final Directory root;
    private final MetadataPolicy policy;
    private final Sieve sieve;
    private final Deque<Level> levels = new ArrayDeque<>();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private @Nullable Entry rootEntry;

    /** {@code root} stays the caller's. */
    Planting(Directory root, MetadataPolicy policy, Sieve sieve) {
        this.root = root;
        this.policy = policy;
        this.sieve = sieve;
        levels.push(new Level(EntryPath.ROOT, root));
    }

    /** What the archive says of the volume's own folder. */
    Optional<Entry> root() {
        return Optional.ofNullable(rootEntry);
    }

    void plant(TarItem item, TarReader content) throws IOException {
        Entry entry = item.entry();
        boolean made = sieve.passes(item);
        if (entry.path().isRoot()) {
            rootEntry = entry;
            return;
        }
        enter(entry.path().parent());
        if (!made) {
            return;
        }
        Directory folder = levels.element().directory;
        byte[] name = entry.path().name();
        if (item.linkTo().isPresent()) {
            plantLink(folder, entry.path(), item.linkTo().get());
            return;
        }
        switch (entry.type()) {
            case DIRECTORY -> plantFolder(folder, entry);
            case FILE -> plantFile(folder, item, content);
            case SYMLINK -> {
                make(folder, name, () -> folder.createSymlink(name, entry.linkTarget()));
                give(entry, folder.attributes(name));
            }
            case FIFO -> plantNode(folder, entry, FileType.FIFO);
            case CHARACTER_DEVICE -> plantNode(folder, entry, FileType.CHARACTER);
            case BLOCK_DEVICE -> plantNode(folder, entry, FileType.BLOCK);
            case SOCKET -> throw new IllegalStateException("tar files have no sockets");
        }
    }

    /** Leaves all folders, so that everything has its metadata but the volume's own folder. */
    void finish() throws FileAccessException {
        while (levels.size() > 1) {
            leave(levels.pop());
        }
    }

    // ---- folders

    private void enter(EntryPath folder) throws IOException {
        while (!folder.isWithin(levels.element().path)) {
            leave(levels.pop());
        }
        Deque<EntryPath> way = new ArrayDeque<>();
        for (EntryPath at = folder; !at.equals(levels.element().path); at = at.parent()) {
            way.push(at);
        }
        for (EntryPath next : way) {
            descend(next);
        }
    }

    private void descend(EntryPath path) throws IOException {
        Directory parent = levels.element().directory;
        byte[] name = path.name();
        Status found = null;
        try {
            found = parent.status(name);
        } catch (FileAccessException e) {
            if (!e.notFound()) {
                throw e;
            }
            parent.createDirectory(name);
        }
        if (found != null && !found.isDirectory()) {
            throw new MalformedArchiveException("it has something inside '" + path + "', which is no folder");
        }
        if (found != null && (found.mode() & FOR_OWNER) != FOR_OWNER) {
            parent.attributes(name).setMode(found.mode() | FOR_OWNER);
        }
        Level level = new Level(path, parent.openDirectory(name));
        level.found = found;
        levels.push(level);
    }

    private void leave(Level level) throws FileAccessException {
        try (Directory directory = level.directory) {
            Status found = level.found;
            if (level.entry != null) {
                give(level.entry, directory.attributes());
            } else if (found != null) {
                directory.attributes().setMode(found.mode());
                directory.attributes().setModified(found.modified());
            } else {
                directory.attributes().setMode(IMPLIED_MODE);
            }
        }
    }

    private void plantFolder(Directory folder, Entry entry) throws IOException {
        byte[] name = entry.path().name();
        try {
            folder.createDirectory(name);
        } catch (FileAccessException e) {
            if (!e.exists()) {
                throw e;
            }
            if (!folder.status(name).isDirectory()) {
                folder.removeFile(name);
                folder.createDirectory(name);
            }
        }
        descend(entry.path());
        levels.element().entry = entry;
    }

    // ---- everything else

    private interface Making {
        void run() throws FileAccessException;
    }

    /** A later entry of the same name replaces the earlier one, as every tar has it. */
    private static void make(Directory folder, byte[] name, Making making) throws FileAccessException {
        try {
            making.run();
        } catch (FileAccessException e) {
            if (!e.exists()) {
                throw e;
            }
            if (folder.status(name).isDirectory()) {
                folder.removeDirectory(name);
            } else {
                folder.removeFile(name);
            }
            making.run();
        }
    }

    private void give(Entry entry, Attributes to) throws FileAccessException {
        policy.apply(entry.path(), policy.of(entry), to, false);
    }

    private void plantFile(Directory folder, TarItem item, TarReader content) throws IOException {
        byte[] name = item.entry().path().name();
        List<FileWriter> made = new ArrayList<>(1);
        make(folder, name, () -> made.add(folder.createFile(name)));
        try (FileWriter writer = made.get(0)) {
            long end = 0;
            for (Regions.Region region : item.regions().data()) {
                copy(region, content, writer);
                end = region.end();
            }
            if (end < item.regions().size()) {
                writer.setLength(item.regions().size());
            }
            give(item.entry(), writer.attributes());
        }
    }

    private void copy(Regions.Region region, TarReader content, FileWriter writer) throws IOException {
        long at = region.offset();
        while (at < region.end()) {
            int count = content.read(buffer, 0, (int) Math.min(buffer.length, region.end() - at));
            writer.pwrite(at, buffer, 0, count);
            at += count;
        }
    }

    private void plantNode(Directory folder, Entry entry, FileType type) throws IOException {
        byte[] name = entry.path().name();
        make(folder, name, () -> folder.createNode(name, type, entry.rdev()));
        give(entry, folder.attributes(name));
    }

    /** The file must be in the archive before, and is reached through folders only. */
    private void plantLink(Directory folder, EntryPath path, EntryPath first) throws IOException {
        if (first.equals(path)) {
            return;
        }
        Directory from = root;
        try {
            Deque<EntryPath> way = new ArrayDeque<>();
            for (EntryPath at = first.parent(); !at.isRoot(); at = at.parent()) {
                way.push(at);
            }
            for (EntryPath next : way) {
                Directory deeper = from.openDirectory(next.name());
                closeUnlessRoot(from);
                from = deeper;
            }
            if (first.isRoot() || from.status(first.name()).isDirectory()) {
                throw new MalformedArchiveException("'" + path + "' would be a further name of a folder");
            }
            Directory source = from;
            byte[] name = path.name();
            make(folder, name, () -> folder.createLink(name, source, first.name()));
        } catch (FileAccessException e) {
            if (e.notFound() || e.isLink()) {
                throw new MalformedArchiveException(
                        "'" + path + "' is a further name of '" + first + "', which it does not have");
            }
            throw e;
        } finally {
            closeUnlessRoot(from);
        }
    }

    private void closeUnlessRoot(Directory directory) {
        if (directory != root) {
            directory.close();
        }
    }

    /** Closes what is open, without metadata. */
    @Override
    public void close() {
        while (levels.size() > 1) {
            levels.pop().directory.close();
        }
    }
}
