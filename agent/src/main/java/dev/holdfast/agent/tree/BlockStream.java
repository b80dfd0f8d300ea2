package dev.holdfast.agent.tree;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/**
 * A snapshot's tree blocks in order. While one batch is being used, the next is on its way; memory is two batches, whatever
 * the size of the snapshot.
 */
public final class BlockStream {
    private static final int BATCH = 8;

    private record Batch(int first, int count, SnapshotReader.Requested requested) {}

    private final SnapshotReader reader;
    private final Queue<Stretch> ready = new ArrayDeque<>();
    private final Queue<Batch> coming = new ArrayDeque<>();
    private int next;

    BlockStream(SnapshotReader reader, int first) {
        this.reader = reader;
        this.next = first;
        request();
    }

    private void request() {
        int count = Math.min(BATCH, reader.blockCount() - next);
        if (count > 0) {
            coming.add(new Batch(next, count, reader.requestBlocks(next, count)));
            next += count;
        }
    }

    /** The next block, or a gap in its place; empty at the end. */
    public Optional<Stretch> next() {
        if (ready.isEmpty()) {
            Batch batch = coming.poll();
            if (batch == null) {
                return Optional.empty();
            }
            request();
            ready.addAll(reader.awaitBlocks(batch.first, batch.count, batch.requested));
        }
        return Optional.of(ready.remove());
    }
}
