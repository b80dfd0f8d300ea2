package dev.holdfast.core.transport;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;

/**
 * Notices a peer that vanished without a word (power cut, firewall, pulled cable). After an interval without any byte from
 * the peer it asks for a sign of life, which any SSH implementation answers; after three it gives up. Both ends run one, so
 * neither depends on the other's good will, and a peer that is merely slow to take our data is left alone.
 */
public final class Heartbeat implements Runnable {
    private static final String REQUEST = "keepalive@holdfast.dev";
    private static final int INTERVALS_UNTIL_DEAD = 3;

    private final Session session;
    private final LongSupplier lastHeardNanos;
    private final Duration interval;
    private final Consumer<IOException> onDead;

    private Heartbeat(Session session, LongSupplier lastHeardNanos, Duration interval, Consumer<IOException> onDead) {
        this.session = session;
        this.lastHeardNanos = lastHeardNanos;
        this.interval = interval;
        this.onDead = onDead;
    }

    /** {@code lastHeardNanos} is the {@link System#nanoTime} of the last byte from the peer. */
    public static void start(
            Session session,
            LongSupplier lastHeardNanos,
            Duration interval,
            ScheduledExecutorService timer,
            Consumer<IOException> onDead) {
        long half = Math.max(1, interval.toMillis() / 2);
        ScheduledFuture<?> beat = timer.scheduleWithFixedDelay(
                new Heartbeat(session, lastHeardNanos, interval, onDead), half, half, TimeUnit.MILLISECONDS);
        session.addCloseFutureListener(closed -> beat.cancel(false));
    }

    @Override
    public void run() {
        long silent = System.nanoTime() - lastHeardNanos.getAsLong();
        if (silent >= interval.toNanos() * INTERVALS_UNTIL_DEAD) {
            onDead.accept(new IOException(
                    "no sign of life from the peer for " + TimeUnit.NANOSECONDS.toSeconds(silent) + " s"));
            session.close(true);
        } else if (silent >= interval.toNanos() / 2) {
            ask();
        }
    }

    private void ask() {
        try {
            Buffer buffer = session.createBuffer(SshConstants.SSH_MSG_GLOBAL_REQUEST, REQUEST.length() + Long.SIZE);
            buffer.putString(REQUEST);
            buffer.putBoolean(true);
            session.request(buffer, REQUEST, (cmd, answer) -> {});
        } catch (IOException e) {
            session.close(true);
        }
    }
}
