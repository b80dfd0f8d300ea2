package dev.holdfast.agent.transport;

import dev.holdfast.core.problem.HoldfastException;
import java.io.Closeable;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to a server that is there as long as somebody wants it: made when it starts, made anew when it is gone, after pauses
 * that grow and differ from host to host, so that a server that comes back is not met by everybody at once. A peer that vanished
 * without a word is noticed by the connection's own signs of life.
 *
 * <p>Whoever wants to talk takes a {@link #channel}, and connects on his own when there is none: this class never makes anybody
 * wait, and its failures are nobody's but the log's.
 */
public final class KeptConnection implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(KeptConnection.class);

    /** Growing pauses between attempts; a connection that has stood for as long as the longest counts as a success. */
    public record Pauses(Duration first, Duration longest) {
        public static Pauses standard() {
            return new Pauses(Duration.ofSeconds(1), Duration.ofMinutes(5));
        }

        Duration after(int failures) {
            Duration grown = first.multipliedBy(1L << Math.min(failures - 1, 20));
            return grown.compareTo(longest) < 0 ? grown : longest;
        }
    }

    private final String server;
    private final Supplier<SshConnection> dial;
    private final Consumer<SshConnection> standing;
    private final Pauses pauses;
    private final RandomGenerator random;
    private final Thread keeper;
    private @Nullable SshConnection current;
    private boolean closed;
    private boolean hurry;

    private KeptConnection(
            String server,
            Supplier<SshConnection> dial,
            Consumer<SshConnection> standing,
            Pauses pauses,
            RandomGenerator random) {
        this.server = server;
        this.dial = dial;
        this.standing = standing;
        this.pauses = pauses;
        this.random = random;
        this.keeper = new Thread(this::keep, "holdfast-kept-" + server);
        keeper.setDaemon(true);
    }

    /**
     * Begins to keep one, and returns at once.
     *
     * @param server its name, for the log
     * @param dial connects and logs in, by what the configuration and the keys say at that moment
     * @param standing called with each new connection, on a thread that is there for it alone; the connection stays also when this
     *     returns, and is dropped when this throws
     */
    public static KeptConnection start(
            String server,
            Supplier<SshConnection> dial,
            Consumer<SshConnection> standing,
            Pauses pauses,
            RandomGenerator random) {
        KeptConnection kept = new KeptConnection(server, dial, standing, pauses, random);
        kept.keeper.start();
        return kept;
    }

    /** A conversation over the connection; empty when it does not stand at the moment, or can take no more. */
    public Optional<SshLink> channel() {
        SshConnection now;
        synchronized (this) {
            now = current;
        }
        if (now == null || !now.isOpen()) {
            return Optional.empty();
        }
        try {
            return Optional.of(now.channel());
        } catch (HoldfastException e) {
            log.debug("no channel to server '{}': {}", server, e.getMessage());
            return Optional.empty();
        }
    }

    public synchronized boolean isUp() {
        return current != null && current.isOpen();
    }

    /** Drops the connection and makes another at once, because what it was made by has changed. */
    public synchronized void renew() {
        hurry = true;
        drop();
    }

    private void keep() {
        int failures = 0;
        String said = "";
        while (!isClosed()) {
            long began = System.nanoTime();
            try {
                hold();
                said = "";
            } catch (HoldfastException e) {
                String why = String.valueOf(e.getMessage());
                if (!isClosed() && !why.equals(said)) {
                    log.warn(
                            "no connection to server '{}' is kept: {} [{}]; trying again",
                            server,
                            why,
                            e.problem().code().label());
                }
                said = why;
            } catch (RuntimeException e) {
                log.error("keeping the connection to server '{}' failed", server, e);
            } catch (InterruptedException e) {
                return; // closed
            }
            boolean stood = System.nanoTime() - began >= pauses.longest().toNanos();
            failures = stood ? 1 : failures + 1;
            if (pause(failures)) {
                failures = 0;
            }
        }
    }

    private void hold() throws InterruptedException {
        heed();
        try (SshConnection connection = dial.get()) {
            if (!adopt(connection)) {
                return;
            }
            log.info("connected to server '{}'", server);
            standing.accept(connection);
            connection.awaitEnd();
        } finally {
            adopt(null);
        }
        if (!isClosed()) {
            log.info("the connection to server '{}' is gone; it is made again", server);
        }
    }

    private synchronized boolean adopt(@Nullable SshConnection connection) {
        current = connection;
        return !closed && !hurry;
    }

    /** What changes from here on was not known to the connection that is made now. */
    private synchronized void heed() {
        hurry = false;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** At least half the pause, at most all of it; whether it was cut short by {@link #renew}. */
    private synchronized boolean pause(int failures) {
        long longest = pauses.after(failures).toNanos();
        long deadline = System.nanoTime() + longest / 2 + random.nextLong(longest / 2 + 1);
        try {
            for (long left = deadline - System.nanoTime();
                    left > 0 && !closed && !hurry;
                    left = deadline - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            closed = true;
        }
        return hurry;
    }

    private void drop() {
        SshConnection now = current;
        if (now != null) {
            now.close();
        }
        notifyAll();
    }

    /** Drops the connection for good; returns when nothing of it is at work any more, or after a few seconds. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            drop();
        }
        keeper.interrupt();
        try {
            keeper.join(5000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
