package dev.holdfast.server.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A place for files. What is written is safe from a power loss only after {@link WritableFile#force} and, for a new, renamed or
 * deleted name, {@link #syncDirectory} of the folder it stands in.
 */
public interface Disk {
    ReadableFile open(Path file) throws IOException;

    /** Opens an existing file for writing; its content stays. */
    WritableFile edit(Path file) throws IOException;

    /** Makes a new file; fails when the name is taken. */
    WritableFile create(Path file) throws IOException;

    boolean exists(Path file);

    /** How long a file is, without opening it. */
    long size(Path file) throws IOException;

    /** Makes one folder in an existing one; does nothing when it is there. */
    void createDirectory(Path directory) throws IOException;

    /** The names in a folder, sorted; none when there is no such folder. */
    List<String> list(Path directory) throws IOException;

    /** Replaces {@code to} in one step. */
    void rename(Path from, Path to) throws IOException;

    void delete(Path file) throws IOException;

    void syncDirectory(Path directory) throws IOException;

    /** How much can still be written here by this process. */
    long usableBytes(Path directory) throws IOException;

    /**
     * Takes the only lock of a file, which lasts until it is closed or the process ends. Throws {@link FileInUseException}
     * when it is taken.
     */
    Closeable lock(Path file) throws IOException;

    /** Makes a folder and every missing one above it, each of them safe from a power loss, even if found half-made. */
    default void createDirectories(Path directory) throws IOException {
        Path parent = directory.getParent();
        if (parent == null) {
            return;
        }
        if (!exists(directory)) {
            createDirectories(parent);
            createDirectory(directory);
        }
        syncDirectory(parent);
    }
}
