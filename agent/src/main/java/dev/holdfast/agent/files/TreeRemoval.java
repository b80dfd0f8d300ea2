package dev.holdfast.agent.files;

import java.util.ArrayDeque;
import java.util.Deque;

/** Removes a tree from the bottom up, by open directories, however deep it is. */
final class TreeRemoval {
    private final Directory top;
    private final byte[] name;
    private final Deque<Level> levels = new ArrayDeque<>();

    TreeRemoval(Directory top, byte[] name) {
        this.top = top;
        this.name = name;
    }

    void run() throws FileAccessException {
        long device = top.status().device();
        try {
            remove(top, name, device);
            while (!levels.isEmpty()) {
                Level level = levels.element();
                if (level.names.hasNext()) {
                    remove(level.directory, level.names.next(), device);
                } else {
                    levels.pop();
                    level.directory.close();
                    level.parent.removeDirectory(level.name);
                }
            }
        } finally {
            levels.forEach(level -> level.directory.close());
        }
    }

    /** Removes a file at once; goes down into a directory. */
    private void remove(Directory parent, byte[] child, long device) throws FileAccessException {
        if (!parent.status(child).isDirectory()) {
            parent.removeFile(child);
            return;
        }
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

    private static final class Level {
        private final Directory parent;
        private final byte[] name;
        private final Directory directory;
        private final NameCursor names;

        Level(Directory parent, byte[] name, Directory directory) throws FileAccessException {
            this.parent = parent;
            this.name = name;
            this.directory = directory;
            this.names = directory.names();
        }
    }
}
