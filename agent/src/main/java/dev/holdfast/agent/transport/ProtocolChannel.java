package dev.holdfast.agent.transport;

import dev.holdfast.core.transport.InboundBytes;
import dev.holdfast.core.transport.SshProfile;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import org.apache.sshd.client.channel.ChannelSubsystem;

/** The channel of the {@code holdfast} subsystem: what arrives goes to {@link InboundBytes}, which gives the window back. */
final class ProtocolChannel extends ChannelSubsystem {
    private final InboundBytes inbound;
    private final CompletableFuture<Boolean> accepted = new CompletableFuture<>();

    ProtocolChannel(long windowBytes) {
        super(SshProfile.SUBSYSTEM);
        inbound = new InboundBytes(bytes -> getLocalWindow().release(bytes), windowBytes);
        // Both set, so that the library installs no pipes of its own.
        setOut(OutputStream.nullOutputStream());
        setErr(OutputStream.nullOutputStream());
        addCloseFutureListener(closed -> {
            accepted.complete(false);
            inbound.fail(new IOException("the connection to the server is gone"));
        });
    }

    InboundBytes inbound() {
        return inbound;
    }

    /** Whether the server has opened the subsystem. */
    CompletableFuture<Boolean> accepted() {
        return accepted;
    }

    @Override
    protected void doWriteData(byte[] data, int offset, long length) {
        inbound.offer(data, offset, (int) length);
    }

    @Override
    public void handleEof() throws IOException {
        super.handleEof();
        inbound.end();
    }

    @Override
    public void handleSuccess() throws IOException {
        super.handleSuccess();
        accepted.complete(true);
    }

    @Override
    public void handleFailure() throws IOException {
        accepted.complete(false);
        super.handleFailure();
    }
}
