package dev.holdfast.agent.transport;

import dev.holdfast.core.transport.ChannelLink;
import dev.holdfast.core.transport.FlowLimits;
import dev.holdfast.core.transport.SshIdentity;
import dev.holdfast.core.transport.Traffic;
import dev.holdfast.core.wire.ByteLink;
import java.io.IOException;

/** One conversation with a server, logged in and ready to speak: a channel of a connection that others use too, or one of its own. */
public final class SshLink implements ByteLink {
    private final ChannelLink link;
    private final Traffic traffic;
    private final Runnable afterwards;

    SshLink(ChannelLink link, Traffic traffic) {
        this(link, traffic, () -> {});
    }

    private SshLink(ChannelLink link, Traffic traffic, Runnable afterwards) {
        this.link = link;
        this.traffic = traffic;
        this.afterwards = afterwards;
    }

    /**
     * Connects and logs in, for this one conversation: closing it drops the connection. {@code user} is this host's name, a label for
     * the server's log: the key decides.
     *
     * @throws dev.holdfast.core.problem.HoldfastException with UNREACHABLE, HOST_KEY, DENIED, BUSY or PROTOCOL
     */
    public static SshLink open(
            SshTarget target, String user, SshIdentity identity, Timeouts timeouts, FlowLimits flow) {
        SshConnection connection = SshConnection.open(target, user, identity, timeouts, flow);
        try {
            SshLink only = connection.channel();
            return new SshLink(only.link, only.traffic, connection::close);
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        return link.read(target, offset, length);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        link.write(source, offset, length);
    }

    @Override
    public void flush() throws IOException {
        link.flush();
    }

    @Override
    public String peer() {
        return link.peer();
    }

    /** Payload bytes so far. */
    public Traffic traffic() {
        return traffic;
    }

    /** Tells the server that nothing more comes, waits a moment for that to leave, and drops what is this conversation's alone. */
    @Override
    public void close() {
        try {
            link.close();
        } finally {
            afterwards.run();
        }
    }
}
