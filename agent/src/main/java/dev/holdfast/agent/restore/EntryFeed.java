package dev.holdfast.agent.restore;

import dev.holdfast.agent.tree.Block;
import dev.holdfast.agent.tree.BlockStream;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import dev.holdfast.core.tree.EntryType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The entries to restore, in order: all of them, or the selected ones with the folders that lead to them. For a selection only
 * the blocks that it touches are fetched.
 */
final class EntryFeed {
    /** @param chosen false for a folder that is only on the way to a selection */
    record Fed(Block block, Entry entry, boolean chosen) {}

    private final SnapshotReader reader;
    private final Queue<EntryPath> selections = new ArrayDeque<>();
    private final Queue<Fed> way = new ArrayDeque<>();
    private @Nullable BlockStream stream;
    private @Nullable EntryPath within;
    private @Nullable Block block;
    private Iterator<Entry> entries = Collections.emptyIterator();
    private @Nullable EntryPath last;

    EntryFeed(SnapshotReader reader, List<EntryPath> wanted) {
        this.reader = reader;
        List<EntryPath> outermost = new ArrayList<>();
        for (EntryPath path : new TreeSet<>(wanted)) {
            if (outermost.isEmpty() || !path.isWithin(outermost.get(outermost.size() - 1))) {
                outermost.add(path);
            }
        }
        selections.addAll(outermost.isEmpty() ? List.of(EntryPath.ROOT) : outermost);
    }

    /** The next entry, empty at the end. Throws {@code NOT_FOUND} when the snapshot lacks a selection. */
    Optional<Fed> next() {
        while (true) {
            if (!way.isEmpty()) {
                return Optional.of(emit(way.remove()));
            }
            if (within == null && !begin()) {
                return Optional.empty();
            }
            EntryPath selection = java.util.Objects.requireNonNull(within);
            while (entries.hasNext()) {
                Entry entry = entries.next();
                if (entry.path().isWithin(selection)) {
                    return Optional.of(emit(new Fed(java.util.Objects.requireNonNull(block), entry, true)));
                }
                if (entry.path().compareTo(selection) > 0) {
                    within = null;
                    entries = Collections.emptyIterator();
                }
            }
            if (within != null) {
                advance();
            }
        }
    }

    private Fed emit(Fed fed) {
        last = fed.entry.path();
        return fed;
    }

    private void advance() {
        Optional<Block> next = java.util.Objects.requireNonNull(stream).next();
        if (next.isEmpty()) {
            within = null;
        } else {
            block = next.get();
            entries = next.get().entries().iterator();
        }
    }

    private boolean begin() {
        EntryPath selection = selections.poll();
        if (selection == null) {
            return false;
        }
        if (!selection.isRoot()) {
            if (reader.find(selection).isEmpty()) {
                throw Problem.of(
                                ProblemCode.NOT_FOUND,
                                "the snapshot has no '" + selection + "'",
                                "`holdfast ls` shows what is in it; paths are relative to the volume.")
                        .asException();
            }
            addWayTo(selection);
        }
        stream = reader.stream(selection);
        within = selection;
        return true;
    }

    private void addWayTo(EntryPath selection) {
        List<EntryPath> folders = new ArrayList<>();
        for (EntryPath at = selection.parent(); !at.isRoot(); at = at.parent()) {
            folders.add(at);
        }
        Collections.reverse(folders);
        for (EntryPath folder : folders) {
            if (last == null || folder.compareTo(last) > 0) {
                reader.find(folder)
                        .filter(found -> found.entry().type() == EntryType.DIRECTORY)
                        .ifPresent(found -> way.add(new Fed(found.block(), found.entry(), false)));
            }
        }
    }
}
