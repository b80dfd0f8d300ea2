package dev.holdfast.agent.backup;

import dev.holdfast.agent.files.Directory;
import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.agent.files.NameCursor;
import dev.holdfast.core.tree.EntryPath;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BiConsumer;

/**
 * Goes down a tree of directories, depth first in the order of entries, and into those folders only that it is told to enter. Holds
 * one open directory and one window of names for each folder on the way. Owns the root.
 */
public final class Descent implements AutoCloseable {
    private record Level(EntryPath path, Directory directory, NameCursor names) {}

    private final Deque<Level> levels = new ArrayDeque<>();
    private final int windowBytes;
    private final BiConsumer<EntryPath, FileAccessException> unlisted;
    private byte[] name = {};

    /** @param unlisted gets each folder whose names could not be read to the end; the descent goes on beside it */
    public Descent(Directory root, int windowBytes, BiConsumer<EntryPath, FileAccessException> unlisted)
            throws FileAccessException {
        this.windowBytes = windowBytes;
        this.unlisted = unlisted;
        levels.push(new Level(EntryPath.ROOT, root, root.names(windowBytes)));
    }

    /** Moves to the next name; false when there are no more. */
    public boolean advance() {
        while (!levels.isEmpty()) {
            Level level = levels.element();
            if (hasNext(level)) {
                name = level.names.next();
                return true;
            }
            levels.pop().directory.close();
        }
        return false;
    }

    private boolean hasNext(Level level) {
        try {
            return level.names.hasNext();
        } catch (FileAccessException e) {
            unlisted.accept(level.path, e);
            return false;
        }
    }

    /** The name reached, in {@link #directory}. */
    public byte[] name() {
        return name;
    }

    public Directory directory() {
        return levels.element().directory;
    }

    /** The path of {@link #directory}. */
    public EntryPath folder() {
        return levels.element().path;
    }

    /** Goes into the folder just reached: its names come next. */
    public void enter() throws FileAccessException {
        Directory directory = directory().openDirectory(name);
        try {
            levels.push(new Level(folder().child(name), directory, directory.names(windowBytes)));
        } catch (FileAccessException e) {
            directory.close();
            throw e;
        }
    }

    @Override
    public void close() {
        levels.forEach(level -> level.directory.close());
        levels.clear();
    }
}
