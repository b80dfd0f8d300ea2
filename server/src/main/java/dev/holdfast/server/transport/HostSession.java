package dev.holdfast.server.transport;

import dev.holdfast.core.transport.Traffic;
import dev.holdfast.keys.machine.SshPublicKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
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
    private final StrangerLog strangers;
    private final InetSocketAddress remote;
    private final Set<String> refusedKeys = Collections.synchronizedSet(new LinkedHashSet<>());
    private final AtomicBoolean stranger = new AtomicBoolean(true);
    private final AtomicBoolean faultless = new AtomicBoolean(true);
    private final Traffic traffic = new Traffic();
    private final AtomicInteger channels = new AtomicInteger();
    private volatile long lastHeardNanos = System.nanoTime();
    private volatile boolean triedToLogIn;
    private volatile boolean brokeTheProtocol;
    private volatile String claimedUser = "";
    private volatile @Nullable Login candidate;
    private volatile @Nullable Login login;

    /** A key and the host that it stood for when it was presented. */
    record Login(SshPublicKey key, String user, String host, Instant since) {}

    HostSession(ServerFactoryManager server, IoSession io, Doorkeeper doorkeeper, StrangerLog strangers)
            throws Exception {
        super(server, io);
        this.doorkeeper = doorkeeper;
        this.strangers = strangers;
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
            if (how != Doorkeeper.End.LOGGED_IN) {
                strangers.notIn(address(), addressText(), whyNotIn());
            }
            doorkeeper.leave(address(), how);
        }
    }

    /** A key that is nobody's here was shown. */
    void refused(String fingerprint, String user) {
        refusedKeys.add(fingerprint);
        claimedUser = user;
    }

    @Override
    public void exceptionCaught(Throwable t) {
        brokeTheProtocol = true;
        super.exceptionCaught(t);
    }

    private String whyNotIn() {
        String version = getClientVersion();
        if (!refusedKeys.isEmpty()) {
            synchronized (refusedKeys) {
                return "no host here has the key " + String.join(" or ", refusedKeys) + ", saying that it is "
                        + StrangerLog.quoted(claimedUser);
            }
        }
        if (triedToLogIn) {
            return "it has not proven that it has the key that it showed";
        }
        if (version == null || !version.startsWith("SSH-")) {
            return version == null && !brokeTheProtocol
                    ? "it went, or was put out, without a word"
                    : "it does not speak SSH";
        }
        return (brokeTheProtocol ? "it broke the rules of SSH" : "it went, or was put out, before it showed a key")
                + ", calling itself " + StrangerLog.quoted(version);
    }

    InetAddress address() {
        return remote.getAddress();
    }

    String addressText() {
        return remote.getAddress().getHostAddress() + ":" + remote.getPort();
    }

    /** Whether this is the first time that it asks for what is not here: a host must not fill the log. */
    boolean isFirstMistake() {
        return faultless.compareAndSet(true, false);
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
