package dev.holdfast.agent.transport;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * A budget of bytes per second ({@code limits.bandwidth}); all links that share one share its budget. Half a second's
 * worth may be spent at once, so that short exchanges are not slowed down. A spender goes into debt and then waits until
 * time has paid it back, so one big write waits once, not for each piece.
 */
public final class RateLimit {
    /** Waits for about so many nanoseconds. */
    @FunctionalInterface
    interface Pause {
        void nanos(long nanos);
    }

    private final long bytesPerSecond;
    private final LongSupplier nanoClock;
    private final Pause pause;
    private double available;
    private long countedAtNanos;

    RateLimit(long bytesPerSecond, LongSupplier nanoClock, Pause pause) {
        if (bytesPerSecond < 1024) {
            throw new IllegalArgumentException("a bandwidth of " + bytesPerSecond + " bytes per second is too little");
        }
        this.bytesPerSecond = bytesPerSecond;
        this.nanoClock = nanoClock;
        this.pause = pause;
        this.available = burst();
        this.countedAtNanos = nanoClock.getAsLong();
    }

    public static RateLimit bytesPerSecond(long bytes) {
        return new RateLimit(bytes, System::nanoTime, LockSupport::parkNanos);
    }

    private double burst() {
        return bytesPerSecond / 2.0;
    }

    /** The most that should be moved between two calls of {@link #spend}: a fifth of a second's worth. */
    int piece() {
        return (int) Math.max(1024, Math.min(1 << 20, bytesPerSecond / 5));
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
        double earned = (now - countedAtNanos) * (double) bytesPerSecond / TimeUnit.SECONDS.toNanos(1);
        available = Math.min(burst(), available + earned) - bytes;
        countedAtNanos = now;
        return available >= 0 ? 0 : (long) (-available * TimeUnit.SECONDS.toNanos(1) / bytesPerSecond);
    }
}
