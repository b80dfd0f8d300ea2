package dev.holdfast.agent.browse;

import dev.holdfast.agent.tree.Block;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A place in a snapshot's sorted entries. At the start of a tree block the path of its first entry is known from the snapshot's
 * root, so that a block can be passed by without being fetched. Blocks read one after the other are fetched several at a time.
 */
public final class EntryCursor implements Side {
    private static final int MOST_AT_ONCE = 8;

    private final SnapshotReader reader;
    private final Predicate<ObjectId> likelySkipped;
    private final Queue<Block> fetched = new ArrayDeque<>();
    private int number;
    private @Nullable Block block;
    private int index;
    private int atOnce = 1;

    private EntryCursor(SnapshotReader reader, int number, Predicate<ObjectId> likelySkipped) {
        this.reader = reader;
        this.number = number;
        this.likelySkipped = likelySkipped;
    }

    /** At the first entry. */
    public static EntryCursor start(SnapshotReader reader) {
        return new EntryCursor(reader, 0, id -> false);
    }

    /** At the first entry; blocks for which {@code likelySkipped} holds are not fetched ahead. */
    public static EntryCursor start(SnapshotReader reader, Predicate<ObjectId> likelySkipped) {
        return new EntryCursor(reader, 0, likelySkipped);
    }

    /** At {@code path}, or the first entry after it. */
    public static EntryCursor at(SnapshotReader reader, EntryPath path) {
        EntryCursor cursor =
                new EntryCursor(reader, reader.manifest().blockOf(path).orElse(0), id -> false);
        while (!cursor.atEnd() && cursor.path().compareTo(path) < 0) {
            cursor.advance();
        }
        return cursor;
    }

    @Override
    public boolean atEnd() {
        return number >= reader.blockCount();
    }

    /** The path here, without fetching anything at the start of a block; not at the end. */
    @Override
    public EntryPath path() {
        return block == null ? reader.manifest().blocks().get(number).first() : entry().path();
    }

    /** The id of the block that begins here; empty in the middle of one and at the end. */
    @Override
    public Optional<ObjectId> blockStart() {
        return block == null && !atEnd() ? Optional.of(reader.blockId(number)) : Optional.empty();
    }

    /** Passes by the block that begins here. */
    @Override
    public void skipBlock() {
        toBlock(number + 1);
    }

    /** The entry here; fetches its block when that was not done yet. */
    @Override
    public Entry entry() {
        return block().entries().get(index);
    }

    /** The block that holds the entry here. */
    public Block block() {
        Block here = block;
        if (here == null) {
            here = load();
            block = here;
        }
        return here;
    }

    @Override
    public void advance() {
        if (++index >= block().entries().size()) {
            toBlock(number + 1);
        }
    }

    /** A snapshot is complete. */
    @Override
    public boolean hides(EntryPath path) {
        return false;
    }

    /** Goes to the first entry here or later that is not inside {@code folder}; blocks that are wholly inside are not fetched. */
    public void leave(EntryPath folder) {
        while (!atEnd() && path().isWithin(folder)) {
            int next = firstBlockBeyond(folder);
            if (next - 1 > number) {
                toBlock(next - 1);
            } else {
                advance();
            }
        }
    }

    private int firstBlockBeyond(EntryPath folder) {
        int low = number + 1;
        int high = reader.blockCount();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (reader.manifest().blocks().get(middle).first().isWithin(folder)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void toBlock(int next) {
        if (next != number + 1) {
            atOnce = 1;
        }
        number = next;
        block = null;
        index = 0;
    }

    private Block load() {
        while (!fetched.isEmpty() && fetched.element().number() < number) {
            fetched.remove();
        }
        if (fetched.isEmpty() || fetched.element().number() != number) {
            fetched.clear();
            fetched.addAll(reader.blocks(number, run()));
            atOnce = Math.min(atOnce * 2, MOST_AT_ONCE);
        }
        Block loaded = fetched.remove();
        boolean asAnnounced = !loaded.entries().isEmpty()
                && loaded.entries()
                        .get(0)
                        .path()
                        .equals(reader.manifest().blocks().get(number).first());
        if (!asAnnounced) {
            throw SnapshotReader.damaged(
                    "tree block " + reader.blockId(number).brief() + " does not begin where its snapshot says", null);
        }
        return loaded;
    }

    private int run() {
        int count = 1;
        while (count < atOnce
                && number + count < reader.blockCount()
                && !likelySkipped.test(reader.blockId(number + count))) {
            count++;
        }
        return count;
    }
}
