package dev.holdfast.agent.transport;

import dev.holdfast.core.transport.ChannelLink;
import dev.holdfast.core.transport.FlowLimits;
import dev.holdfast.core.transport.Heartbeat;
import dev.holdfast.core.transport.SshIdentity;
import dev.holdfast.core.transport.SshProfile;
import dev.holdfast.core.transport.Traffic;
import dev.holdfast.core.wire.ByteLink;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
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
 * A connection to a server, logged in and ready to speak. Each has a client of its own: its threads, timers and failures
 * are nobody else's, and closing it leaves nothing behind.
 */
public final class SshLink implements ByteLink {
    private final SshClient client;
    private final ServerSession session;
    private final ProtocolChannel channel;
    private final OutputStream outbound;
    private final ChannelLink link;
    private final Traffic traffic = new Traffic();

    private SshLink(SshClient client, ServerSession session, ProtocolChannel channel, String peer) {
        this.client = client;
        this.session = session;
        this.channel = channel;
        this.outbound = channel.getInvertedIn();
        this.link = new ChannelLink(channel.inbound(), outbound, peer, traffic, this::endAll);
    }

    /**
     * Connects and logs in. {@code user} is this host's name, a label for the server's log: the key decides.
     *
     * @throws dev.holdfast.core.problem.HoldfastException with UNREACHABLE, HOST_KEY, DENIED, BUSY or PROTOCOL
     */
    public static SshLink open(
            SshTarget target, String user, SshIdentity identity, Timeouts timeouts, FlowLimits flow) {
        SshProfile.prepare();
        PinnedHostKeys hostKeys = new PinnedHostKeys(target);
        SshClient client = client(hostKeys, timeouts, flow);
        Connecting connecting = new Connecting(target, identity, timeouts, hostKeys);
        try {
            client.start();
            ServerSession session = connecting.connect(client, user);
            connecting.logIn(session);
            ProtocolChannel channel = new ProtocolChannel(flow.windowBytes());
            connecting.open(session, channel);
            Heartbeat.start(
                    session,
                    session::lastHeardNanos,
                    flow.heartbeat(),
                    client.getScheduledExecutorService(),
                    channel.inbound()::fail);
            return new SshLink(client, session, channel, target.server() + " (" + target.address() + ")");
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

    /** Tells the server that nothing more comes, waits a moment for that to leave, and drops the connection. */
    @Override
    public void close() {
        link.close();
    }

    private void endAll() {
        try {
            if (session.isOpen()) {
                outbound.close();
                channel.close(false).await(1, TimeUnit.SECONDS);
            }
        } catch (IOException e) {
            // The connection broke before it could be ended; it is dropped below either way.
        } finally {
            session.close(true);
            client.close(true);
        }
    }
}
