package dev.holdfast.agent.browse;

import dev.holdfast.agent.backup.EntryMaker;
import dev.holdfast.agent.files.Directory;
import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.agent.files.FileSystemView;
import dev.holdfast.agent.files.NameCursor;
import dev.holdfast.agent.files.Status;
import dev.holdfast.core.config.PathFilter;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import dev.holdfast.core.tree.EntryType;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What lies on disk now, in the order of a snapshot, without the content of files. What cannot be read is told and passed over. */
public final class LiveTree implements Side, AutoCloseable {
    private final PathFilter filter;
    private final Consumer<String> unreadable;
    private final EntryMaker entries;
    private final Deque<Level> levels = new ArrayDeque<>();
    private final List<EntryPath> hidden = new ArrayList<>();
    private @Nullable Entry head;

    private static final class Level {
        final EntryPath path;
        final Directory directory;
        final NameCursor names;

        Level(EntryPath path, Directory directory, NameCursor names) {
            this.path = path;
            this.directory = directory;
            this.names = names;
        }
    }

    private LiveTree(Directory root, EntryMaker entries, PathFilter filter, Consumer<String> unreadable)
            throws FileAccessException {
        this.filter = filter;
        this.unreadable = unreadable;
        this.entries = entries;
        this.head = entries.make(EntryPath.ROOT, root.status(), new byte[0], root.xattrs());
        levels.push(new Level(EntryPath.ROOT, root, root.names()));
    }

    /** Opens {@code folder}, as a backup with {@code filter} would see it; {@code unreadable} gets a line for each thing passed over. */
    public static LiveTree open(FileSystemView files, Path folder, PathFilter filter, Consumer<String> unreadable)
            throws FileAccessException {
        Directory root = files.openRoot(folder);
        try {
            EntryMaker entries =
                    new EntryMaker(files.owners(), root.status().device(), (path, reason) -> unreadable.accept(reason));
            return new LiveTree(root, entries, filter, unreadable);
        } catch (FileAccessException e) {
            root.close();
            throw e;
        }
    }

    @Override
    public boolean atEnd() {
        return head == null;
    }

    @Override
    public EntryPath path() {
        return entry().path();
    }

    @Override
    public boolean passGap() {
        return false;
    }

    @Override
    public Entry entry() {
        return Objects.requireNonNull(head);
    }

    @Override
    public void advance() {
        hidden.clear();
        Entry left = entry();
        if (left.type() == EntryType.DIRECTORY && !left.path().isRoot()) {
            enter(left.path());
        }
        head = null;
        while (head == null && !levels.isEmpty()) {
            Level level = levels.element();
            if (hasNext(level)) {
                head = look(level, level.names.next());
            } else {
                levels.pop().directory.close();
            }
        }
    }

    private boolean hasNext(Level level) {
        try {
            return level.names.hasNext();
        } catch (FileAccessException e) {
            passOver(level.path, e);
            return false;
        }
    }

    private void enter(EntryPath path) {
        try {
            Directory directory = levels.element().directory.openDirectory(path.name());
            try {
                levels.push(new Level(path, directory, directory.names()));
            } catch (FileAccessException e) {
                directory.close();
                throw e;
            }
        } catch (FileAccessException e) {
            passOver(path, e);
        }
    }

    private @Nullable Entry look(Level level, byte[] name) {
        if (!level.path.mayHave(name)) {
            unreadable.accept(
                    "cannot read '" + EntryPath.printable(name) + "' in '" + level.path + "': its path is too long");
            return null;
        }
        EntryPath path = level.path.child(name);
        try {
            Status status = level.directory.status(name);
            return filter.excluded(path.toBytes(), status.isDirectory())
                    ? null
                    : entries.read(path, level.directory, name, status);
        } catch (FileAccessException e) {
            passOver(path, e);
            return null;
        }
    }

    private void passOver(EntryPath path, FileAccessException e) {
        if (!e.notFound()) {
            hidden.add(path);
            unreadable.accept(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Optional<ObjectId> blockStart() {
        return Optional.empty();
    }

    @Override
    public void skipBlock() {
        throw new IllegalStateException("there are no blocks on disk");
    }

    @Override
    public boolean hides(EntryPath path) {
        return hidden.stream().anyMatch(path::isWithin);
    }

    @Override
    public void close() {
        levels.forEach(level -> level.directory.close());
        levels.clear();
        head = null;
    }
}
