package dev.holdfast.core.wire;

import java.io.Closeable;
import java.io.IOException;

/**
 * An ordered, reliable, authenticated stream of bytes in both directions: what the transport gives to the protocol. One
 * thread may read while another writes. Closing makes both sides' blocked calls end.
 */
public interface ByteLink extends Closeable {
    /**
     * Waits for at least one byte and copies up to {@code length} of them. Returns how many, or -1 when the peer has ended
     * the stream properly.
     *
     * @throws IOException when the connection broke
     */
    int read(byte[] target, int offset, int length) throws IOException;

    /**
     * Hands over all the bytes; blocks while the peer does not take them (that is the back-pressure). They may linger in a
     * buffer until {@link #flush}. The caller may reuse {@code source} at once.
     */
    void write(byte[] source, int offset, int length) throws IOException;

    void flush() throws IOException;

    /** Who is at the other end, for messages: {@code "alice (192.0.2.7:50122)"}. */
    String peer();
}
