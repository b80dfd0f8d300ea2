package dev.holdfast.server.transport;

import dev.holdfast.core.transport.Heartbeat;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.server.ServerFactoryManager;
import org.apache.sshd.server.session.ServerSessionImpl;
import org.apache.sshd.server.session.SessionFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where an accepted socket becomes a session, or is closed before anything was spent on it. (The library's own listener for
 * accepted connections would leave a refused socket open.)
 */
final class SessionGate extends SessionFactory {
    private static final Logger log = LoggerFactory.getLogger(SessionGate.class);

    private final Doorkeeper doorkeeper;
    private final StrangerLog strangers;
    private final Duration heartbeat;

    SessionGate(ServerFactoryManager server, Doorkeeper doorkeeper, StrangerLog strangers, Duration heartbeat) {
        super(server);
        this.doorkeeper = doorkeeper;
        this.strangers = strangers;
        this.heartbeat = heartbeat;
    }

    @Override
    protected ServerSessionImpl doCreateSession(IoSession io) throws Exception {
        InetSocketAddress remote = (InetSocketAddress) io.getRemoteAddress();
        Optional<String> refused = doorkeeper.admit(remote.getAddress());
        if (refused.isPresent()) {
            strangers.notIn(
                    remote.getAddress(), remote.getAddress().getHostAddress() + ":" + remote.getPort(), refused.get());
            throw new IOException(refused.get());
        }
        HostSession session;
        try {
            session = new HostSession(getServer(), io, doorkeeper, strangers);
        } catch (Exception e) {
            doorkeeper.leave(remote.getAddress(), Doorkeeper.End.GAVE_UP);
            throw e;
        }
        ScheduledExecutorService timer = getServer().getScheduledExecutorService();
        Heartbeat.start(
                session,
                session::lastHeardNanos,
                heartbeat,
                timer,
                why -> log.info("{} is gone: {}", session.addressText(), why.getMessage()));
        return session;
    }
}
