package dev.holdfast.server.local;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.progress.Progress;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.server.session.LocalSnapshots;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One snapshot that was asked for, told of by the agent and awaited by any number of sessions. */
final class Run implements LocalSnapshots.Taking, Progress {
    private long files;
    private long bytes;
    private long totalFiles;
    private long totalBytes;
    private @Nullable SnapshotRecord record;
    private @Nullable Problem problem;

    synchronized void made(SnapshotRecord made) {
        record = made;
        notifyAll();
    }

    synchronized void failed(Problem why) {
        problem = why;
        notifyAll();
    }

    @Override
    public synchronized Optional<SnapshotRecord> await(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        long left = atMost.toNanos();
        while (record == null && problem == null && left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = deadline - System.nanoTime();
        }
        Problem why = problem;
        if (why != null) {
            throw why.asException();
        }
        return Optional.ofNullable(record);
    }

    @Override
    public synchronized LocalSnapshots.Progress progress() {
        return new LocalSnapshots.Progress(files, bytes, totalFiles, totalBytes);
    }

    @Override
    public synchronized void advanced(long moreFiles, long moreBytes) {
        files += moreFiles;
        bytes += moreBytes;
    }

    @Override
    public synchronized void total(long allFiles, long allBytes) {
        totalFiles = allFiles;
        totalBytes = allBytes;
    }

    /** Whoever waits is told of a total or of none: what is still being counted foretells nothing. */
    @Override
    public synchronized void atLeast(long someFiles, long someBytes) {
        total(0, 0);
    }

    @Override
    public boolean wantsTotal() {
        return true;
    }
}
