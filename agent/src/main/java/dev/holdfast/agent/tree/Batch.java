package dev.holdfast.agent.tree;

import dev.holdfast.agent.tree.SnapshotReader.Arrivals;
import java.util.concurrent.CompletableFuture;

/** Tree blocks in a row that were asked for at once. They are kept sealed, and opened one at a time when their turn comes. */
public final class Batch {
    private final SnapshotReader reader;
    private final int first;
    private final int count;
    private final Arrivals arrivals;
    private final CompletableFuture<Void> done;

    Batch(SnapshotReader reader, int first, int count, Arrivals arrivals, CompletableFuture<Void> done) {
        this.reader = reader;
        this.first = first;
        this.count = count;
        this.arrivals = arrivals;
        this.done = done;
    }

    /** Whether block {@code number} is among them. */
    public boolean has(int number) {
        return number >= first && number < first + count;
    }

    /** Opens block {@code number}, once; waits until the batch has arrived. */
    public Stretch open(int number) {
        reader.await(done);
        return reader.stretch(number, arrivals);
    }
}
