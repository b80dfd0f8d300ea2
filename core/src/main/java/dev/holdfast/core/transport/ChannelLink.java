package dev.holdfast.core.transport;

import dev.holdfast.core.wire.ByteLink;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicBoolean;

/** One open SSH channel as a {@link ByteLink}: reads come from {@link InboundBytes}, writes go to the channel's stream. */
public final class ChannelLink implements ByteLink {
    private final InboundBytes inbound;
    private final OutputStream outbound;
    private final String peer;
    private final Traffic traffic;
    private final Runnable onClose;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** {@code onClose} ends the channel; it runs once, after what was written has been handed to the network. */
    public ChannelLink(InboundBytes inbound, OutputStream outbound, String peer, Traffic traffic, Runnable onClose) {
        this.inbound = inbound;
        this.outbound = outbound;
        this.peer = peer;
        this.traffic = traffic;
        this.onClose = onClose;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int n = inbound.read(target, offset, length);
        if (n > 0) {
            traffic.received(n);
        }
        return n;
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        try {
            outbound.write(source, offset, length);
            traffic.sent(length);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    @Override
    public void flush() throws IOException {
        try {
            outbound.flush();
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** The library says only that its channel is closed; the reason is with the reader's side. */
    private IOException broken(IOException e) {
        String why = inbound.failure().map(IOException::getMessage).orElse("the link to " + peer + " is closed");
        return new IOException(why, e);
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            inbound.abandon();
            onClose.run();
        }
    }

    @Override
    public String toString() {
        return "link to " + peer;
    }
}
