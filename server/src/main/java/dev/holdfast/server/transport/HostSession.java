package dev.holdfast.server.transport;

import dev.holdfast.core.transport.Traffic;
import dev.holdfast.keys.machine.SshPublicKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.util.Readable;
import org.apache.sshd.server.ServerFactoryManager;
import org.apache.sshd.server.session.ServerSessionImpl;
import org.jspecify.annotations.Nullable;

/** One connection: first a stranger that the {@link Doorkeeper} counts, then, once its key is proven, a host. */
final class HostSession extends ServerSessionImpl {
    private final Doorkeeper doorkeeper;
    private final InetSocketAddress remote;
    private final AtomicBoolean stranger = new AtomicBoolean(true);
    private final Traffic traffic = new Traffic();
    private final AtomicInteger channels = new AtomicInteger();
    private volatile long lastHeardNanos = System.nanoTime();
    private volatile boolean triedToLogIn;
    private volatile @Nullable Login candidate;
    private volatile @Nullable Login login;

    /** A key and the host that it stood for when it was presented. */
    record Login(SshPublicKey key, String user, String host, Instant since) {}

    HostSession(ServerFactoryManager server, IoSession io, Doorkeeper doorkeeper) throws Exception {
        super(server, io);
        this.doorkeeper = doorkeeper;
        this.remote = (InetSocketAddress) io.getRemoteAddress();
        addCloseFutureListener(
                closed -> leaveTheDoor(triedToLogIn ? Doorkeeper.End.FAILED_LOGIN : Doorkeeper.End.GAVE_UP));
    }

    @Override
    public void messageReceived(Readable buffer) throws Exception {
        lastHeardNanos = System.nanoTime();
        super.messageReceived(buffer);
    }

    long lastHeardNanos() {
        return lastHeardNanos;
    }

    /** A key was shown; nothing is proven yet. The last one shown before a valid signature is the one that signed. */
    void candidate(@Nullable Login shown) {
        triedToLogIn = true;
        candidate = shown;
    }

    Optional<Login> candidate() {
        return Optional.ofNullable(candidate);
    }

    void loggedIn(Login proven) {
        login = proven;
        leaveTheDoor(Doorkeeper.End.LOGGED_IN);
    }

    Optional<Login> login() {
        return Optional.ofNullable(login);
    }

    private void leaveTheDoor(Doorkeeper.End how) {
        if (stranger.compareAndSet(true, false)) {
            doorkeeper.leave(address(), how);
        }
    }

    InetAddress address() {
        return remote.getAddress();
    }

    String addressText() {
        return remote.getAddress().getHostAddress() + ":" + remote.getPort();
    }

    Traffic traffic() {
        return traffic;
    }

    void channelOpened() {
        channels.incrementAndGet();
    }

    void channelClosed() {
        channels.decrementAndGet();
    }

    int channels() {
        return channels.get();
    }
}
