package dev.holdfast.agent.browse;

import dev.holdfast.agent.link.ServerLink;
import dev.holdfast.agent.tree.Block;
import dev.holdfast.agent.tree.References;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.core.object.MalformedObjectException;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.SealedObject;
import dev.holdfast.core.object.Unsealer;
import dev.holdfast.core.tree.Content;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.Extent;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A place in the stored content of one file, to be compared with another. Content is the same whatever chunks it lies in. What both
 * store in the same way is passed by; only for what they store differently are chunks fetched, each about once, and the first byte
 * that differs ends it.
 */
final class StoredFile implements AutoCloseable {
    /** Changed pages alternate with the chunk that they were changed in. */
    private static final int CHUNKS_AT_HAND = 4;

    private record Placed(References from, Extent extent) {}

    private final SnapshotReader reader;
    private final Iterator<Placed> extents;
    private final Map<ObjectId, byte[]> chunks = new LinkedHashMap<>(8, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ObjectId, byte[]> eldest) {
            return size() > CHUNKS_AT_HAND;
        }
    };
    private @Nullable Placed here;
    private @Nullable Unsealer unsealer;
    private long passed;

    /** At the start of {@code entry}, which {@code block} holds. */
    StoredFile(SnapshotReader reader, Block block, Entry entry) {
        this.reader = reader;
        this.extents = extents(reader, block, entry.content());
        next();
    }

    private static Iterator<Placed> extents(SnapshotReader reader, Block block, Content content) {
        if (content instanceof Content.Inline inline) {
            return inline.extents().stream()
                    .map(extent -> new Placed(block.references(), extent))
                    .iterator();
        }
        return ((Content.Listed) content)
                .parts().stream()
                        .flatMap(part -> reader.extentLists(block, List.of(part)).stream())
                        .flatMap(opened ->
                                opened.list().extents().stream().map(extent -> new Placed(opened.references(), extent)))
                        .iterator();
    }

    /** Whether both hold the same bytes from here to the end. */
    boolean sameAs(StoredFile other) {
        while (true) {
            long common = Math.min(left(), other.left());
            if (common == 0) {
                return left() == other.left();
            }
            if (!storedAs(other) && (namedUnlike(other) || !sameBytes(other, common))) {
                return false;
            }
            pass(common);
            other.pass(common);
        }
    }

    private void next() {
        here = extents.hasNext() ? extents.next() : null;
        passed = 0;
    }

    private void pass(long count) {
        passed += count;
        if (left() == 0) {
            next();
        }
    }

    /** Bytes until the extent here ends; 0 at the end of the file. */
    private long left() {
        return here == null ? 0 : here.extent.length() - passed;
    }

    private Extent extent() {
        return Objects.requireNonNull(here).extent;
    }

    /** Whether the next bytes of both are the same piece of the same chunk, or of a hole. */
    private boolean storedAs(StoredFile other) {
        if (extent() instanceof Extent.Data mine && other.extent() instanceof Extent.Data others) {
            return mine.chunk().equals(others.chunk()) && mine.offset() + passed == others.offset() + other.passed;
        }
        return extent() instanceof Extent.Hole && other.extent() instanceof Extent.Hole;
    }

    /** Whether both are at chunks of the same length and different names: a name tells the content. */
    private boolean namedUnlike(StoredFile other) {
        return atWholeChunk() && other.atWholeChunk() && left() == other.left();
    }

    private boolean atWholeChunk() {
        return passed == 0 && extent() instanceof Extent.Data data && data.intLength() == data.chunkBytes();
    }

    private boolean sameBytes(StoredFile other, long count) {
        byte[] mine = bytes(count);
        byte[] others = other.bytes(count);
        int from = offset();
        int otherFrom = other.offset();
        return Arrays.equals(
                mine, from, Math.addExact(from, (int) count), others, otherFrom, Math.addExact(otherFrom, (int) count));
    }

    /** What holds the next {@code count} bytes, from {@link #offset} on; where one of two is a hole, the other is no longer than a chunk. */
    private byte[] bytes(long count) {
        if (extent() instanceof Extent.Hole) {
            return new byte[Math.toIntExact(count)];
        }
        Extent.Data data = (Extent.Data) extent();
        byte[] plain = chunks.get(data.chunk());
        if (plain == null) {
            plain = fetch(Objects.requireNonNull(here).from, data.chunk());
            chunks.put(data.chunk(), plain);
        }
        if (data.offset() + data.intLength() > plain.length) {
            throw SnapshotReader.damaged("chunk " + data.chunk().brief() + " is shorter than the tree says", null);
        }
        return plain;
    }

    private int offset() {
        return extent() instanceof Extent.Data data ? Math.toIntExact(data.offset() + passed) : 0;
    }

    /** Keeps the one object that is asked for. */
    private static final class Arrival implements ServerLink.ObjectConsumer {
        private volatile @Nullable SealedObject object;
        private volatile String lost = "the server left it out";

        @Override
        public void accept(SealedObject arrived) {
            object = arrived;
        }

        @Override
        public void damaged(ObjectId id, String detail) {
            lost = detail;
        }
    }

    private byte[] fetch(References from, ObjectId chunk) {
        Arrival arrival = new Arrival();
        ServerLink.await(reader.fetch(from, new int[] {from.indexOf(chunk)}, arrival));
        SealedObject object = arrival.object;
        if (object == null || !object.id().equals(chunk)) {
            throw SnapshotReader.damaged("stored object " + chunk.brief() + " is damaged: " + arrival.lost, null);
        }
        if (unsealer == null) {
            unsealer = reader.newUnsealer();
        }
        try {
            return unsealer.open(object);
        } catch (MalformedObjectException e) {
            throw SnapshotReader.damaged(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void close() {
        if (unsealer != null) {
            unsealer.close();
        }
    }
}
