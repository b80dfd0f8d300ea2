package dev.holdfast.agent.fleet;

import dev.holdfast.core.fleet.OrderProgress;
import dev.holdfast.core.progress.Progress;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Tells of the progress of an order, at most twice in a second however fast it goes. */
final class OrderWatcher implements Progress {
    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final UUID order;
    private final Consumer<OrderProgress> told;
    private final LongSupplier nanoClock;
    private String phase = "";
    private long files;
    private long bytes;
    private long totalFiles;
    private long totalBytes;
    private long toldAtNanos;

    OrderWatcher(UUID order, Consumer<OrderProgress> told, LongSupplier nanoClock) {
        this.order = order;
        this.told = told;
        this.nanoClock = nanoClock;
        this.toldAtNanos = nanoClock.getAsLong() - EVERY_NANOS;
    }

    @Override
    public synchronized void phase(String name) {
        phase = name;
        tell("");
    }

    @Override
    public synchronized void total(long moreFiles, long moreBytes) {
        totalFiles = moreFiles;
        totalBytes = moreBytes;
    }

    /** Those far away know either the total or none. */
    @Override
    public synchronized void atLeast(long someFiles, long someBytes) {
        total(0, 0);
    }

    @Override
    public boolean wantsTotal() {
        return true;
    }

    @Override
    public synchronized void advanced(long moreFiles, long moreBytes) {
        files += moreFiles;
        bytes += moreBytes;
        if (nanoClock.getAsLong() - toldAtNanos >= EVERY_NANOS) {
            tell("");
        }
    }

    @Override
    public synchronized void notice(String message) {
        tell(message);
    }

    private void tell(String notice) {
        toldAtNanos = nanoClock.getAsLong();
        told.accept(new OrderProgress(order, phase, files, bytes, totalFiles, totalBytes, notice));
    }
}
