package dev.holdfast.agent.files;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Removes a tree from the bottom up, by open directories, however deep it is. What it is told to spare stays, and so do the folders
 * on the way there. It can also only look, and say what it would do.
 */
final class TreeRemoval {
    private final Directory top;
    private final byte[] name;
    private final Sparing sparing;
    private final boolean looksOnly;
    private final Deque<Level> levels = new ArrayDeque<>();
    private final Way way = new Way();
    private boolean removes;
    private boolean spares;

    TreeRemoval(Directory top, byte[] name, Sparing sparing, boolean looksOnly) {
        this.top = top;
        this.name = name;
        this.sparing = sparing;
        this.looksOnly = looksOnly;
    }

    Removal run() throws FileAccessException {
        long device = top.status().device();
        try {
            visit(top, name, device);
            while (!levels.isEmpty()) {
                Level level = levels.element();
                if (level.names.hasNext()) {
                    visit(level.directory, level.names.next(), device);
                } else {
                    levels.pop();
                    level.directory.close();
                    leave(level);
                }
            }
        } finally {
            levels.forEach(level -> level.directory.close());
        }
        return new Removal(removes, spares);
    }

    /** Removes a file at once; goes down into a directory. */
    private void visit(Directory parent, byte[] child, long device) throws FileAccessException {
        boolean isDirectory = parent.status(child).isDirectory();
        way.enter(child);
        if (sparing.spares(way.bytes(), isDirectory)) {
            way.leave(child);
            staysInPlace();
        } else if (isDirectory) {
            descend(parent, child, device);
        } else {
            way.leave(child);
            removes = true;
            if (!looksOnly) {
                parent.removeFile(child);
            }
        }
    }

    private void descend(Directory parent, byte[] child, long device) throws FileAccessException {
        Directory directory = parent.openDirectory(child);
        try {
            Status opened = directory.status();
            if (opened.mountPoint() || opened.device() != device) {
                throw new FileAccessException("remove", directory.printablePath(), Errno.EXDEV, "it is a mount point");
            }
            levels.push(new Level(parent, child, directory));
        } catch (FileAccessException failure) {
            directory.close();
            throw failure;
        }
    }

    private void leave(Level level) throws FileAccessException {
        way.leave(level.name);
        if (level.keeps) {
            staysInPlace();
            return;
        }
        removes = true;
        if (!looksOnly) {
            level.parent.removeDirectory(level.name);
        }
    }

    private void staysInPlace() {
        spares = true;
        if (!levels.isEmpty()) {
            levels.element().keeps = true;
        }
    }

    private static final class Level {
        private final Directory parent;
        private final byte[] name;
        private final Directory directory;
        private final NameCursor names;
        private boolean keeps;

        Level(Directory parent, byte[] name, Directory directory) throws FileAccessException {
            this.parent = parent;
            this.name = name;
            this.directory = directory;
            this.names = directory.names();
        }
    }

    /** The path of the place where the removal is: one for all levels, since paths of deep trees are long. */
    private static final class Way {
        private byte[] path = new byte[256];
        private int length;

        void enter(byte[] name) {
            int needed = length + name.length + 1;
            if (needed > path.length) {
                path = Arrays.copyOf(path, needed * 2);
            }
            if (length > 0) {
                path[length++] = '/';
            }
            System.arraycopy(name, 0, path, length, name.length);
            length += name.length;
        }

        void leave(byte[] name) {
            length = Math.max(0, length - name.length - 1);
        }

        byte[] bytes() {
            return Arrays.copyOf(path, length);
        }
    }
}
