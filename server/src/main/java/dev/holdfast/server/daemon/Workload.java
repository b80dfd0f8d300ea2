package dev.holdfast.server.daemon;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.server.session.Activity;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What is going on right now: sessions, and the backups under way in them. */
final class Workload implements Activity {
    record Running(String host, String volume, Instant since) {}

    private final InstantSource clock;
    private final List<Running> running = new ArrayList<>();
    private int sessions;
    private boolean draining;

    Workload(InstantSource clock) {
        this.clock = clock;
    }

    /** From now on no backup begins; those under way may finish. */
    synchronized void drain() {
        draining = true;
    }

    @Override
    public synchronized void began(String host, String volume) {
        if (draining) {
            throw Problem.of(ProblemCode.BUSY, "the server is stopping", "Try again once it runs again.")
                    .asException();
        }
        running.add(new Running(host, volume, clock.instant()));
    }

    @Override
    public void committed(SnapshotRecord record) {}

    @Override
    public synchronized void ended(String host, String volume) {
        for (Running one : running) {
            if (one.host.equals(host) && one.volume.equals(volume)) {
                running.remove(one);
                break;
            }
        }
        notifyAll();
    }

    synchronized List<Running> running() {
        return List.copyOf(running);
    }

    synchronized boolean isIdle() {
        return running.isEmpty();
    }

    /** Runs a session, which counts as long as it lasts. */
    void session(Runnable session) {
        synchronized (this) {
            sessions++;
        }
        try {
            session.run();
        } finally {
            synchronized (this) {
                sessions--;
                notifyAll();
            }
        }
    }

    /** Waits until no backup is under way, at most so long; whether it came to that. */
    boolean awaitIdle(long millis) throws InterruptedException {
        return awaitEndOf(() -> !running.isEmpty(), millis);
    }

    /** Waits until all sessions have let go of the store, at most so long; whether it came to that. */
    boolean awaitNoSessions(long millis) throws InterruptedException {
        return awaitEndOf(() -> sessions > 0, millis);
    }

    private synchronized boolean awaitEndOf(BooleanSupplier work, long millis) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (work.getAsBoolean()) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }
}
