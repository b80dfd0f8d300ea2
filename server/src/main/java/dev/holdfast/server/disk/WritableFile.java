package dev.holdfast.server.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A file opened for writing, used by one thread at a time. Interrupting the thread neither closes the file nor tears a write. */
public interface WritableFile extends Closeable {
    /** Writes the whole buffer. After an exception any part of it may have been written. */
    void write(ByteBuffer source, long position) throws IOException;

    void truncate(long size) throws IOException;

    /**
     * Returns when everything written so far survives a power loss. A failure is final: the system may have dropped the pages,
     * so that a second call would succeed without having written them.
     */
    void force() throws IOException;
}
