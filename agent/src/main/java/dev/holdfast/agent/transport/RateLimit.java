package dev.holdfast.agent.transport;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A budget of bytes per second ({@code limits.bandwidth}); all links that share one share its budget. Half a second's
 * worth may be spent at once, so that short exchanges are not slowed down. A spender goes into debt and then waits until
 * time has paid it back, so one big write waits once, not for each piece. The budget may change with the hour; it is asked for
 * once a second.
 */
public final class RateLimit {
    /** Waits for about so many nanoseconds. */
    @FunctionalInterface
    interface Pause {
        void nanos(long nanos);
    }

    private static final long SLOWEST = 1024;
    private static final long ASKED_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Supplier<OptionalLong> budget;
    private final LongSupplier nanoClock;
    private final Pause pause;
    /** Of this second; 0 for no limit. */
    private long bytesPerSecond;

    private long askedAtNanos;
    private double available;
    private long countedAtNanos;

    RateLimit(Supplier<OptionalLong> budget, LongSupplier nanoClock, Pause pause) {
        this.budget = budget;
        this.nanoClock = nanoClock;
        this.pause = pause;
        this.countedAtNanos = nanoClock.getAsLong();
        ask(countedAtNanos);
        this.available = burst();
    }

    /** What {@code budget} says, but at least 1 KiB; empty for no limit. */
    public static RateLimit bytesPerSecond(Supplier<OptionalLong> budget) {
        return new RateLimit(budget, System::nanoTime, LockSupport::parkNanos);
    }

    private void ask(long now) {
        OptionalLong said = budget.get();
        bytesPerSecond = said.isPresent() ? Math.max(SLOWEST, said.getAsLong()) : 0;
        askedAtNanos = now;
    }

    private double burst() {
        return bytesPerSecond / 2.0;
    }

    /** The most that should be moved between two calls of {@link #spend}: a fifth of a second's worth. */
    synchronized int piece() {
        return bytesPerSecond == 0 ? 1 << 20 : (int) Math.max(1024, Math.min(1 << 20, bytesPerSecond / 5));
    }

    void spend(int bytes) {
        long wait = charge(bytes);
        long until = nanoClock.getAsLong() + wait;
        for (long left = wait;
                left > 0 && !Thread.currentThread().isInterrupted();
                left = until - nanoClock.getAsLong()) {
            pause.nanos(left);
        }
    }

    private synchronized long charge(int bytes) {
        long now = nanoClock.getAsLong();
        if (now - askedAtNanos >= ASKED_EVERY_NANOS) {
            ask(now);
        }
        if (bytesPerSecond == 0) {
            available = 0;
            countedAtNanos = now;
            return 0;
        }
        double earned = (now - countedAtNanos) * (double) bytesPerSecond / TimeUnit.SECONDS.toNanos(1);
        available = Math.min(burst(), available + earned) - bytes;
        countedAtNanos = now;
        return available >= 0 ? 0 : (long) (-available * TimeUnit.SECONDS.toNanos(1) / bytesPerSecond);
    }
}
