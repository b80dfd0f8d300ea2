package dev.holdfast.agent.browse;

import dev.holdfast.agent.tree.Batch;
import dev.holdfast.agent.tree.Block;
import dev.holdfast.agent.tree.Gap;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.agent.tree.Stretch;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A place in a snapshot's sorted entries. At the start of a tree block the path of its first entry is known from the snapshot's
 * root, so that a block can be passed by without being fetched. Blocks read one after the other are fetched several at a time.
 *
 * <p>A block may turn out to be lost when it is looked at: so before {@link #entry}, {@link #passGap} is to be asked.
 */
public final class EntryCursor implements Side {
    private static final int MOST_AT_ONCE = 8;

    private final SnapshotReader reader;
    private final Predicate<ObjectId> likelySkipped;
    private final Consumer<Gap> lost;
    private final List<Gap> gaps = new ArrayList<>();
    private int number;
    private @Nullable Batch batch;
    private @Nullable Block block;
    private int index;
    private int atOnce = 1;

    private EntryCursor(SnapshotReader reader, int number, Predicate<ObjectId> likelySkipped, Consumer<Gap> lost) {
        this.reader = reader;
        this.number = number;
        this.likelySkipped = likelySkipped;
        this.lost = lost;
    }

    /**
     * At the first entry.
     *
     * @param likelySkipped blocks that are not fetched ahead
     * @param lost told of each gap that is passed
     */
    public static EntryCursor start(SnapshotReader reader, Predicate<ObjectId> likelySkipped, Consumer<Gap> lost) {
        return new EntryCursor(reader, 0, likelySkipped, lost);
    }

    /** At {@code path}, or the first entry after it. */
    public static EntryCursor at(SnapshotReader reader, EntryPath path, Consumer<Gap> lost) {
        EntryCursor cursor =
                new EntryCursor(reader, reader.manifest().blockOf(path).orElse(0), id -> false, lost);
        while (!cursor.atEnd() && cursor.path().compareTo(path) < 0) {
            cursor.step();
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
        return block == null
                ? reader.manifest().blocks().get(number).first()
                : block.entries().get(index).path();
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

    /** Fetches the block here when that was not done yet; if it is lost, tells so and goes to the next. Not at the end. */
    @Override
    public boolean passGap() {
        if (block != null) {
            return false;
        }
        Stretch here = load();
        if (here instanceof Gap gap) {
            gaps.add(gap);
            lost.accept(gap);
            toBlock(number + 1);
            return true;
        }
        block = (Block) here;
        return false;
    }

    /** The entry here; when there is a gap instead, that ends it with {@code DAMAGE}. */
    @Override
    public Entry entry() {
        return block().entries().get(index);
    }

    /** The block that holds the entry here; as {@link #entry}. */
    public Block block() {
        if (block == null && passGap()) {
            throw gaps.get(gaps.size() - 1).problem();
        }
        return java.util.Objects.requireNonNull(block);
    }

    @Override
    public void advance() {
        if (++index >= block().entries().size()) {
            toBlock(number + 1);
        }
    }

    /** To the next entry or over the gap here. */
    private void step() {
        if (!passGap()) {
            advance();
        }
    }

    @Override
    public boolean hides(EntryPath path) {
        gaps.removeIf(gap -> gap.endsBefore(path));
        return gaps.stream().anyMatch(gap -> gap.covers(path));
    }

    /** Goes to the first entry here or later that is not inside {@code folder}; blocks that are wholly inside are not fetched. */
    public void leave(EntryPath folder) {
        while (!atEnd() && path().isWithin(folder)) {
            int next = firstBlockBeyond(folder);
            if (next - 1 > number) {
                toBlock(next - 1);
            } else {
                step();
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

    private Stretch load() {
        Batch here = batch;
        if (here == null || !here.has(number)) {
            here = reader.batch(number, run());
            batch = here;
            atOnce = Math.min(atOnce * 2, MOST_AT_ONCE);
        }
        return here.open(number);
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
