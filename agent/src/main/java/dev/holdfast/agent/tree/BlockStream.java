package dev.holdfast.agent.tree;

import java.util.Optional;

/**
 * A snapshot's tree blocks in order. While one batch is being used, the next is on its way; memory is two sealed batches and one
 * opened block, whatever the size of the snapshot.
 */
public final class BlockStream {
    private static final int BATCH = 8;

    private final SnapshotReader reader;
    private Batch batch;
    private Batch coming;
    private int next;
    private int requested;

    BlockStream(SnapshotReader reader, int first) {
        this.reader = reader;
        this.next = first;
        this.requested = first;
        batch = request();
        coming = batch;
    }

    private Batch request() {
        int count = Math.min(BATCH, reader.blockCount() - requested);
        Batch more = reader.batch(requested, count);
        requested += count;
        return more;
    }

    /** The next block, or a gap in its place; empty at the end. */
    public Optional<Stretch> next() {
        if (next >= reader.blockCount()) {
            return Optional.empty();
        }
        if (!batch.has(next)) {
            batch = coming;
        }
        if (coming == batch && requested < reader.blockCount()) {
            coming = request();
        }
        return Optional.of(batch.open(next++));
    }
}
