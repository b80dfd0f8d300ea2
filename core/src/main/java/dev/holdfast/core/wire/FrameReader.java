package dev.holdfast.core.wire;

import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.object.SealedObject;
import java.io.EOFException;
import java.io.IOException;

/**
 * Reads messages from a link. A frame's length is checked against what its type may have before anything is allocated for it.
 * One thread at a time.
 */
public final class FrameReader {
    private static final int HEADER_BYTES = 5;

    private final ByteLink link;
    private final byte[] header = new byte[HEADER_BYTES];
    private long bytes;

    public FrameReader(ByteLink link) {
        this.link = link;
    }

    /**
     * Waits for the next message.
     *
     * @throws EOFException when the peer ended the stream between two messages
     * @throws MalformedException when the peer does not keep to the protocol
     */
    public Message read() throws IOException {
        fill(header, true);
        int length = ((header[0] & 0xff) << 24)
                | ((header[1] & 0xff) << 16)
                | ((header[2] & 0xff) << 8)
                | (header[3] & 0xff);
        int type = header[4] & 0xff;
        if (length < 1
                || !MessageType.known(type)
                || length - 1 > MessageType.ofNumber(type).maxBodyBytes()) {
            throw new MalformedException(
                    "frame of type " + type + " and " + Integer.toUnsignedString(length) + " bytes is not allowed");
        }
        byte[] body = new byte[length - 1];
        fill(body, false);
        bytes += HEADER_BYTES + body.length;
        MessageType known = MessageType.ofNumber(type);
        return known == MessageType.PUT
                ? new Message.Put(SealedObject.parse(body, 0, body.length))
                : MessageCodec.decode(known, body);
    }

    private void fill(byte[] target, boolean between) throws IOException {
        int done = 0;
        while (done < target.length) {
            int count = link.read(target, done, target.length - done);
            if (count < 0) {
                throw between && done == 0
                        ? new EOFException("the connection was closed")
                        : new IOException("the connection was closed in the middle of a message");
            }
            done += count;
        }
    }

    /** Bytes of all whole frames read so far. */
    public long bytes() {
        return bytes;
    }
}
