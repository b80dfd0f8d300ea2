package dev.holdfast.agent.backup;

import dev.holdfast.agent.tree.Block;
import dev.holdfast.agent.tree.BlockStream;
import dev.holdfast.agent.tree.Gap;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.agent.tree.Stretch;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.tree.Content;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import dev.holdfast.core.tree.Extent;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The snapshot before, read along with the walk: both are sorted, so one pass and constant memory are enough. What is damaged in it
 * is told and counts as new, so that a damaged snapshot stops no backup.
 */
final class Parent implements AutoCloseable {
    /** An entry of the parent and the block it came in. */
    record Known(Block block, Entry entry) {}

    private final @Nullable SnapshotReader reader;
    private final @Nullable BlockStream stream;
    private final Set<ObjectId> sparse;
    private final Consumer<String> damaged;
    private @Nullable Block block;
    private Iterator<Entry> entries = List.<Entry>of().iterator();
    private @Nullable Entry head;
    private Optional<SnapshotReader.OpenedList> lastList = Optional.empty();

    private Parent(@Nullable SnapshotReader reader, Consumer<String> damaged) {
        this.reader = reader;
        this.damaged = damaged;
        this.stream = reader == null ? null : reader.stream(EntryPath.ROOT);
        this.sparse =
                reader == null ? Set.of() : new HashSet<>(reader.manifest().sparse());
        advance();
    }

    static Parent none() {
        return new Parent(null, damage -> {});
    }

    /** @param damaged gets a line for each part that cannot be read */
    static Parent of(SnapshotReader reader, Consumer<String> damaged) {
        return new Parent(reader, damaged);
    }

    boolean exists() {
        return reader != null;
    }

    long fileCount() {
        return reader == null ? 0 : reader.manifest().counts().files();
    }

    long byteCount() {
        return reader == null ? 0 : reader.manifest().counts().bytes();
    }

    private void advance() {
        while (!entries.hasNext()) {
            Optional<Stretch> next = stream == null ? Optional.empty() : stream.next();
            if (next.isEmpty()) {
                head = null;
                return;
            }
            if (next.get() instanceof Gap gap) {
                damaged.accept(gap.range() + " is read anew: " + gap.reason());
            } else if (next.get() instanceof Block read) {
                block = read;
                entries = read.entries().iterator();
            }
        }
        head = entries.next();
    }

    /** The parent's entry for {@code path}, if it had one. Paths must be asked for in ascending order. */
    Optional<Known> at(EntryPath path) {
        while (head != null) {
            int order = head.path().compareTo(path);
            if (order > 0) {
                return Optional.empty();
            }
            Entry passed = head;
            Block in = java.util.Objects.requireNonNull(block);
            advance();
            if (order == 0) {
                return Optional.of(new Known(in, passed));
            }
        }
        return Optional.empty();
    }

    /** Whether part of this content lies in a chunk that should be emptied because little of it is still in use. */
    boolean wantsRepacking(Content content) {
        return !sparse.isEmpty()
                && content instanceof Content.Inline inline
                && inline.extents().stream()
                        .anyMatch(extent -> extent instanceof Extent.Data data && sparse.contains(data.chunk()));
    }

    /** An extent list of the parent; empty when it is damaged. The last one is at hand and not fetched again. */
    Optional<SnapshotReader.OpenedList> extentList(Known known, Content.Part part) {
        if (lastList.filter(list -> list.references().parent().equals(part.extentList()))
                .isPresent()) {
            return lastList;
        }
        try {
            lastList = Optional.of(java.util.Objects.requireNonNull(reader)
                    .extentLists(known.block, List.of(part))
                    .get(0));
            return lastList;
        } catch (HoldfastException e) {
            if (e.problem().code() != ProblemCode.DAMAGE) {
                throw e;
            }
            damaged.accept(
                    "'" + known.entry.path() + "' is read anew: " + e.problem().message());
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
        }
    }
}
