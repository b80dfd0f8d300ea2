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

    Listing scan() throws FileAccessException;

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

    @Override
    void close();
}
