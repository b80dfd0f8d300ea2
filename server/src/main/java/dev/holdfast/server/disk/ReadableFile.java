package dev.holdfast.server.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A file opened for reading; safe for several threads. */
public interface ReadableFile extends Closeable {
    /** Reads some bytes into the buffer; -1 at the end of the file. */
    int read(ByteBuffer target, long position) throws IOException;

    long size() throws IOException;

    /** Reads until the array is full or the file ends; returns how many bytes were read. */
    default int readFully(byte[] target, long position) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(target);
        while (buffer.hasRemaining()) {
            if (read(buffer, position + buffer.position()) < 0) {
                break;
            }
        }
        return buffer.position();
    }
}
