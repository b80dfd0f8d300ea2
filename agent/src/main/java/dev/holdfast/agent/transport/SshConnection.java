package dev.holdfast.agent.transport;

import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.transport.ChannelLink;
import dev.holdfast.core.transport.FlowLimits;
import dev.holdfast.core.transport.Heartbeat;
import dev.holdfast.core.transport.SshIdentity;
import dev.holdfast.core.transport.SshProfile;
import dev.holdfast.core.transport.Traffic;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.client.ClientBuilder;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.config.keys.ClientIdentityLoader;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.global.KeepAliveHandler;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.core.CoreModuleProperties;

/**
 * A connection to a server, logged in, for any number of conversations beside and after each other: each has a channel of its own.
 * Each connection has a client of its own: its threads, timers and failures are nobody else's, and closing it leaves nothing behind.
 */
public final class SshConnection implements Closeable {
    private final SshTarget target;
    private final SshClient client;
    private final ServerSession session;
    private final Connecting connecting;
    private final FlowLimits flow;
    private final Set<ProtocolChannel> channels = ConcurrentHashMap.newKeySet();
    private final CountDownLatch ended = new CountDownLatch(1);

    private SshConnection(
            SshTarget target, SshClient client, ServerSession session, Connecting connecting, FlowLimits flow) {
        this.target = target;
        this.client = client;
        this.session = session;
        this.connecting = connecting;
        this.flow = flow;
        session.addCloseFutureListener(closed -> ended.countDown());
        Heartbeat.start(
                session,
                session::lastHeardNanos,
                flow.heartbeat(),
                client.getScheduledExecutorService(),
                why -> channels.forEach(channel -> channel.inbound().fail(why)));
    }

    /**
     * Connects and logs in. {@code user} is this host's name, a label for the server's log: the key decides.
     *
     * @throws HoldfastException with UNREACHABLE, HOST_KEY, DENIED or BUSY
     */
    public static SshConnection open(
            SshTarget target, String user, SshIdentity identity, Timeouts timeouts, FlowLimits flow) {
        SshProfile.prepare();
        PinnedHostKeys hostKeys = new PinnedHostKeys(target);
        SshClient client = client(hostKeys, timeouts, flow);
        Connecting connecting = new Connecting(target, identity, timeouts, hostKeys);
        try {
            client.start();
            ServerSession session = connecting.connect(client, user);
            connecting.logIn(session);
            return new SshConnection(target, client, session, connecting, flow);
        } catch (RuntimeException e) {
            client.close(true);
            throw e;
        }
    }

    private static SshClient client(PinnedHostKeys hostKeys, Timeouts timeouts, FlowLimits flow) {
        SshClient client = new SshClient();
        SshProfile.applyAlgorithms(client, ClientBuilder.DH2KEX);
        SshProfile.applyFlow(client, flow);
        CoreModuleProperties.CLIENT_IDENTIFICATION.set(client, "Holdfast");
        CoreModuleProperties.AUTH_TIMEOUT.set(client, timeouts.login());
        CoreModuleProperties.IO_CONNECT_TIMEOUT.set(client, timeouts.connect());
        CoreModuleProperties.NIO_WORKERS.set(client, 2);
        client.setServerKeyVerifier(hostKeys);
        client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
        client.setClientIdentityLoader(ClientIdentityLoader.DEFAULT);
        client.setFilePasswordProvider(FilePasswordProvider.EMPTY);
        client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
        client.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
        client.setForwarderFactory(ClientBuilder.DEFAULT_FORWARDER_FACTORY);
        client.setChannelFactories(List.of());
        client.setGlobalRequestHandlers(List.of(new KeepAliveHandler()));
        client.setSessionFactory(ServerSession.factory(client));
        return client;
    }

    /**
     * Opens a conversation of its own. Closing it leaves the connection and all other conversations as they are.
     *
     * @throws HoldfastException with UNREACHABLE when the connection is gone or the server lets it have no more channels, DENIED or
     *     PROTOCOL
     */
    public SshLink channel() {
        ProtocolChannel channel = new ProtocolChannel(flow.windowBytes());
        channels.add(channel);
        channel.addCloseFutureListener(closed -> channels.remove(channel));
        if (!isOpen()) {
            channels.remove(channel);
            throw gone();
        }
        try {
            connecting.open(session, channel);
        } catch (RuntimeException e) {
            channels.remove(channel);
            throw e;
        }
        OutputStream outbound = channel.getInvertedIn();
        Traffic traffic = new Traffic();
        String peer = target.server() + " (" + target.address() + ")";
        return new SshLink(
                new ChannelLink(channel.inbound(), outbound, peer, traffic, () -> end(channel, outbound)), traffic);
    }

    private HoldfastException gone() {
        return Problem.of(
                        ProblemCode.UNREACHABLE,
                        "the connection to server '" + target.server() + "' is gone",
                        "Try again: a new one is made.")
                .asException();
    }

    /**
     * Tells the server that nothing more comes, and waits a moment for that to leave. The channel is not dropped before the server has
     * agreed: what is still on its way would else be for a channel that nobody knows, which ends a connection.
     */
    private void end(ProtocolChannel channel, OutputStream outbound) {
        try {
            if (session.isOpen()) {
                outbound.close();
            }
        } catch (IOException e) {
            // The connection broke, or the caller is in a hurry; the channel is closed either way.
        }
        try {
            channel.close(false).await(1, TimeUnit.SECONDS);
        } catch (IOException e) {
            // Interrupted: it is closed without anybody waiting for it.
        }
    }

    /** Whether it stands, as far as is known. */
    public boolean isOpen() {
        return session.isOpen();
    }

    /** Returns when the connection is gone, whoever ended it. */
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /** Drops the connection, and all conversations on it. */
    @Override
    public void close() {
        session.close(true);
        client.close(true);
    }
}
