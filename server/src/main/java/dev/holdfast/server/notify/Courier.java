package dev.holdfast.server.notify;

import dev.holdfast.core.config.Channel;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what waits for one receiver to it, in order, from a thread of its own, until it is taken. One line in the log says that a receiver
 * takes nothing, and why; another when the reason is a new one, and one when it takes them again.
 */
final class Courier implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Courier.class);

    private final Channel channel;
    private final Outbox outbox;
    private final Sender sender;
    private final InstantSource clock;
    private final Pace pace;
    private final Thread thread;
    private Optional<Failing> failing = Optional.empty();
    private boolean more;
    private boolean closed;

    /** Why nothing is taken, and since when. */
    private record Failing(Instant since, Problem problem, int times) {}

    private Courier(Channel channel, Outbox outbox, Sender sender, InstantSource clock, Pace pace) {
        this.channel = channel;
        this.outbox = outbox;
        this.sender = sender;
        this.clock = clock;
        this.pace = pace;
        this.thread = new Thread(this::run, "holdfast-tell-" + channel.name());
        thread.setDaemon(true);
    }

    /** Begins with what waits there already. */
    static Courier start(Channel channel, Outbox outbox, Sender sender, InstantSource clock, Pace pace) {
        Courier courier = new Courier(channel, outbox, sender, clock, pace);
        courier.thread.start();
        return courier;
    }

    Channel channel() {
        return channel;
    }

    boolean takes(Notice notice) {
        boolean covered = notice.isAboutABackup()
                ? channel.reach().covers(notice.host(), notice.volume())
                : channel.reach().isWhole();
        return covered && sender.takes(notice, channel.on());
    }

    /** Returns when it is on disk. */
    void post(Notice notice) {
        try {
            outbox.add(notice, sender.wantsNewestOnly());
        } catch (IOException e) {
            log.error(
                    "a notice for '{}' is lost, since it cannot be written: {}: {}", channel.name(), e, notice.title());
            return;
        }
        synchronized (this) {
            more = true;
            notifyAll();
        }
    }

    private void run() {
        try {
            while (!isClosed()) {
                Optional<Outbox.Entry> entry = first();
                if (entry.isEmpty()) {
                    awaitMore();
                } else if (!deliver(entry.get())) {
                    pause(pace.after(failures()));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the end of this thread
        }
    }

    private Optional<Outbox.Entry> first() {
        try {
            return outbox.first(clock.instant());
        } catch (IOException e) {
            log.error("what waits for '{}' cannot be read: {}", channel.name(), e.toString());
            return Optional.empty();
        }
    }

    /** Whether it is done with. */
    private boolean deliver(Outbox.Entry entry) {
        try {
            sender.send(entry.notice());
            log.debug("'{}' was told: {}", channel.name(), entry.notice().title());
            worked();
            return remove(entry);
        } catch (Undelivered e) {
            if (e.isForGood()) {
                log.error(
                        "'{}' does not want this, and it is dropped: {}: {}",
                        channel.name(),
                        entry.notice().title(),
                        e.problem().message());
                return remove(entry);
            }
            failed(e.problem());
        } catch (HoldfastException e) {
            failed(e.problem());
        } catch (RuntimeException e) {
            log.error("a fault in Holdfast; please report it to the project", e);
            return remove(entry);
        }
        return false;
    }

    private boolean remove(Outbox.Entry entry) {
        try {
            outbox.remove(entry);
            return true;
        } catch (IOException e) {
            log.error("a notice for '{}' cannot be removed and may come again: {}", channel.name(), e.toString());
            return false;
        }
    }

    private synchronized void worked() {
        if (failing.isPresent()) {
            log.info("'{}' takes notices again", channel.name());
        }
        failing = Optional.empty();
    }

    private synchronized void failed(Problem problem) {
        boolean said = failing.filter(before -> before.problem.message().equals(problem.message()))
                .isPresent();
        failing = Optional.of(new Failing(
                failing.map(Failing::since).orElseGet(clock::instant),
                problem,
                failing.map(Failing::times).orElse(0) + 1));
        if (!said) {
            log.warn(
                    "'{}' takes no notices: {} [{}]; what there is to tell waits for it",
                    channel.name(),
                    problem.message(),
                    problem.code().label());
        }
    }

    private synchronized int failures() {
        return failing.map(Failing::times).orElse(1);
    }

    /** What is wrong with the channel, in words. */
    Optional<String> complaint() {
        Optional<Failing> now = failing();
        return now.map(one -> "channel '" + channel.name() + "' takes no notices since "
                + one.since.truncatedTo(ChronoUnit.SECONDS) + ": " + one.problem.message() + ". " + one.problem.hint());
    }

    private synchronized Optional<Failing> failing() {
        return failing;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized void awaitMore() throws InterruptedException {
        while (!more && !closed) {
            wait();
        }
        more = false;
    }

    private synchronized void pause(Duration length) throws InterruptedException {
        long end = System.nanoTime() + length.toNanos();
        while (!closed) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                return;
            }
            wait(left);
        }
    }

    /** What waits goes on waiting on disk. A message that is on its way may still arrive: {@link #awaitEnd} gives it time. */
    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }

    /** At most so long; a message that takes longer is cut off, and sent again some day. */
    void awaitEnd(Duration patience) {
        try {
            thread.join(Math.max(1, patience.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
    }
}
