package dev.holdfast.server.transport;

import dev.holdfast.core.transport.ChannelLink;
import dev.holdfast.core.transport.InboundBytes;
import dev.holdfast.core.wire.ByteLink;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.ThreadFactory;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelDataReceiver;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** One channel of the {@code holdfast} subsystem: the library's callbacks on one side, a {@link ByteLink} on the other. */
final class SubsystemChannel implements Command, ChannelDataReceiver {
    private static final Logger log = LoggerFactory.getLogger(SubsystemChannel.class);

    private final ChannelSession channel;
    private final HostSession session;
    private final SessionHandler handler;
    private final ThreadFactory threads;
    private final InboundBytes inbound;
    private @Nullable OutputStream outbound;
    private @Nullable ExitCallback exit;

    SubsystemChannel(ChannelSession channel, SessionHandler handler, ThreadFactory threads, long windowBytes) {
        this.channel = channel;
        this.session = (HostSession) channel.getSession();
        this.handler = handler;
        this.threads = threads;
        this.inbound = new InboundBytes(channel.getLocalWindow()::release, windowBytes);
        // Before the command is started: else the library would install a pipe of its own.
        channel.setDataReceiver(this);
    }

    @Override
    public int data(ChannelSession from, byte[] bytes, int start, int length) {
        inbound.offer(bytes, start, length);
        return 0; // the window is given back when the handler has read them
    }

    /** The library calls this both when the peer says that it is done and when the channel goes away. */
    @Override
    public void close() {
        if (channel.isEofSignalled()) {
            inbound.end();
        } else {
            inbound.fail(gone());
        }
    }

    @Override
    public void destroy(ChannelSession from) {
        inbound.fail(gone());
    }

    private IOException gone() {
        return new IOException("the connection to " + peer() + " is gone");
    }

    private String peer() {
        return host() + " (" + session.addressText() + ")";
    }

    private String host() {
        return session.login().map(HostSession.Login::host).orElseThrow();
    }

    @Override
    public void start(ChannelSession from, Environment environment) {
        OutputStream out = outbound;
        ExitCallback done = exit;
        if (out == null || done == null) {
            throw new IllegalStateException("the channel was started before its streams were set");
        }
        session.channelOpened();
        threads.newThread(() -> serve(out, done)).start();
    }

    private void serve(OutputStream out, ExitCallback done) {
        MDC.put("host", host());
        int status = 1;
        try (ByteLink link = new ChannelLink(inbound, out, peer(), session.traffic(), () -> {})) {
            handler.serve(host(), link);
            link.flush();
            status = 0;
        } catch (IOException e) {
            log.debug("conversation with {} ended: {}", peer(), e.getMessage());
        } catch (RuntimeException e) {
            log.error("conversation with {} failed", peer(), e);
        } finally {
            session.channelClosed();
            done.onExit(status);
            MDC.remove("host");
        }
    }

    @Override
    public void setOutputStream(OutputStream out) {
        outbound = out;
    }

    @Override
    public void setExitCallback(ExitCallback callback) {
        exit = callback;
    }

    @Override
    public void setInputStream(InputStream in) {
        // never called: data comes through the receiver
    }

    @Override
    public void setErrorStream(OutputStream err) {
        // nothing is written to it
    }
}
