package dev.holdfast.core.daemon;

import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What follows a request on a {@link ControlSocket} that takes more than one answer: frames in both directions, {@code u8 type | u32
 * length | bytes}. That is the form of the one answer too, so whoever expects frames understands a refusal (type 1).
 *
 * <p>One thread may receive while others send; the streams that Java makes of a channel would let nobody write while somebody
 * reads. No thread that may be interrupted must use it: an interrupt closes the channel under whoever is in it.
 */
public final class FrameChannel implements Closeable {
    /** The type of a refusal by a process that knows no such request. */
    public static final int REFUSED = 1;

    private static final int HEAD = 5;

    private final SocketChannel channel;
    private final int largestBytes;
    private final Object sending = new Object();

    /** One frame. */
    @SuppressWarnings("ArrayRecordComponent") // it is made for one reader, who may keep the bytes
    public record Frame(int type, byte[] bytes) {}

    FrameChannel(SocketChannel channel, int largestBytes) {
        this.channel = channel;
        this.largestBytes = largestBytes;
    }

    /**
     * Asks the process whose socket has that name.
     *
     * @param folder where the socket, or the word of where that is, lies
     * @throws IOException when nobody listens there, or one may not ask
     */
    public static FrameChannel call(Path folder, String name, String request, int largestBytes) throws IOException {
        Path socket =
                Path.of(Files.readString(ControlSocket.pointer(folder, name)).strip());
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            new DataOutputStream(Channels.newOutputStream(channel)).writeUTF(request);
            return new FrameChannel(channel, largestBytes);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    public void send(int type, byte[] bytes) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(HEAD + bytes.length);
        frame.put((byte) type).putInt(bytes.length).put(bytes).flip();
        synchronized (sending) {
            while (frame.hasRemaining()) {
                channel.write(frame);
            }
        }
    }

    /** Waits for the next frame; empty when the other side has ended the conversation. */
    public Optional<Frame> receive() throws IOException {
        ByteBuffer head = ByteBuffer.allocate(HEAD);
        if (!fill(head)) {
            return Optional.empty();
        }
        int type = Byte.toUnsignedInt(head.get());
        int length = head.getInt();
        if (length < 0 || length > largestBytes) {
            throw new IOException("a frame of " + Integer.toUnsignedString(length) + " bytes");
        }
        ByteBuffer body = ByteBuffer.allocate(length);
        if (!fill(body)) {
            throw new EOFException("the conversation ended in a frame");
        }
        return Optional.of(new Frame(type, body.array()));
    }

    /** The same for an answer that must begin within that time; the channel is closed when it does not. */
    public Optional<Frame> receive(Duration patience) throws IOException {
        TimeLimit limit = new TimeLimit(channel, patience);
        try {
            return receive();
        } finally {
            limit.close();
        }
    }

    /** False when the stream has ended before the first byte. */
    private boolean fill(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (channel.read(bytes) < 0) {
                if (bytes.position() == 0) {
                    return false;
                }
                throw new EOFException("the conversation ended in a frame");
            }
        }
        bytes.flip();
        return true;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
