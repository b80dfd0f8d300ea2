package dev.holdfast.agent.files;

import java.io.Closeable;
import java.util.List;

/**
 * An open directory. Names are single components as raw bytes; a name that could lead elsewhere ({@code ..}, a slash) is refused,
 * and no link is ever followed. May be used by several threads. Any number may be open at once, however deep: past a limit the
 * least recently used ones give their descriptor back and get it again when needed, after a check that it is the same directory.
 * A directory outlives the closing of its parent.
 */
public sealed interface Directory extends Closeable permits NativeDirectory, PortableDirectory {
    /** The path for people, with unprintable bytes as {@code \xff}. */
    String printablePath();

    // ---- reading

    /** All names. For folders that anybody may have filled: {@link #names}. */
    Listing scan() throws FileAccessException;

    /** The first names after {@code last}, as many as a window takes. */
    Listing scanAfter(byte[] last, int windowBytes) throws FileAccessException;

    /** All names in order, in bounded memory. */
    default NameCursor names() throws FileAccessException {
        return names(NameCursor.WINDOW_BYTES);
    }

    /** All names in order; a smaller window takes less memory, and the longer the more names there are. */
    default NameCursor names(int windowBytes) throws FileAccessException {
        return new NameCursor(this, windowBytes);
    }

    Status status() throws FileAccessException;

    Status status(byte[] name) throws FileAccessException;

    Directory openDirectory(byte[] name) throws FileAccessException;

    /** Opens a regular file; anything else that stands there is refused, and never waited for. */
    FileReader openFile(byte[] name) throws FileAccessException;

    byte[] readLink(byte[] name) throws FileAccessException;

    /** The directory's own extended attributes that may be read, sorted by name. */
    List<ExtendedAttribute> xattrs() throws FileAccessException;

    /** The extended attributes of a file of any type that may be read, sorted by name. */
    List<ExtendedAttribute> xattrs(byte[] name) throws FileAccessException;

    // ---- writing

    /** Creates a regular file, which must not exist, for the owner's eyes only: mode 0600. */
    FileWriter createFile(byte[] name) throws FileAccessException;

    /** Opens an existing regular file to change it in place. */
    FileWriter openForWriting(byte[] name) throws FileAccessException;

    /** Creates a directory, for the owner only: mode 0700. */
    void createDirectory(byte[] name) throws FileAccessException;

    void createSymlink(byte[] name, byte[] target) throws FileAccessException;

    /** A further name for a file; of a link itself when {@code existing} is one. */
    void createLink(byte[] name, Directory from, byte[] existing) throws FileAccessException;

    /** Creates a FIFO, socket or device, for the owner only: mode 0600. The device number counts for devices only. */
    void createNode(byte[] name, FileType type, long deviceNumber) throws FileAccessException;

    /** Moves within the file system, over whatever file or empty directory has the new name. */
    void rename(byte[] name, Directory to, byte[] newName) throws FileAccessException;

    /** Swaps two files or directories in one step; {@link FileAccessException#unsupported()} where that is impossible. */
    void exchange(byte[] name, Directory with, byte[] otherName) throws FileAccessException;

    /** Removes anything but a directory. */
    void removeFile(byte[] name) throws FileAccessException;

    /** Removes an empty directory. */
    void removeDirectory(byte[] name) throws FileAccessException;

    /**
     * Removes whatever has the name, with everything in it. Links are removed, not followed, and a mounted file system is
     * refused, before anything inside it is touched.
     */
    default void removeTree(byte[] name) throws FileAccessException {
        var unused = new TreeRemoval(this, name, Sparing.NOTHING, false).run();
    }

    /** The same, but what is to be spared stays, with the folders on the way there. */
    default Removal removeTree(byte[] name, Sparing sparing) throws FileAccessException {
        return new TreeRemoval(this, name, sparing, false).run();
    }

    /** What {@link #removeTree(byte[], Sparing)} would do. */
    default Removal foreseeRemoval(byte[] name, Sparing sparing) throws FileAccessException {
        return new TreeRemoval(this, name, sparing, true).run();
    }

    /** The settable attributes of a file of any type. */
    Attributes attributes(byte[] name) throws FileAccessException;

    /** The directory's own settable attributes. */
    Attributes attributes();

    /** Returns when the names in here are on the disk. */
    void sync() throws FileAccessException;

    /** Returns when everything written to this file system so far is on the disk; where that is impossible, as {@link #sync}. */
    void syncFileSystem() throws FileAccessException;

    @Override
    void close();
}
