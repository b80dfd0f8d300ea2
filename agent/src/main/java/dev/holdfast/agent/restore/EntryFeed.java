package dev.holdfast.agent.restore;

import dev.holdfast.agent.browse.NearestPath;
import dev.holdfast.agent.tree.Block;
import dev.holdfast.agent.tree.BlockStream;
import dev.holdfast.agent.tree.Gap;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.agent.tree.Stretch;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.tree.Content;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import dev.holdfast.core.tree.EntryType;
import dev.holdfast.core.tree.Owner;
import dev.holdfast.core.tree.Timestamp;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The entries to restore, in order: all of them, or the selected ones with the folders that lead to them. For a selection only
 * the blocks that it touches are fetched.
 *
 * <p>A block that is lost is told and passed over. Entries behind the gap whose folders lay in it are preceded by those folders, as
 * far as their existence follows from what is in them.
 */
final class EntryFeed {
    /** Why an entry is fed. */
    enum Role {
        /** It is to be restored. */
        CHOSEN,
        /** A folder on the way to a selection: needed, but nobody asked for its metadata. */
        WAY,
        /** A folder that must have been in a lost block, of which nothing but the path is known. */
        SUPPOSED
    }

    record Fed(Block block, Entry entry, Role role) {}

    private static final int SUPPOSED_MODE = 0700;

    private final SnapshotReader reader;
    private final Consumer<Gap> lost;
    private final Queue<EntryPath> selections = new ArrayDeque<>();
    private final Deque<Fed> way = new ArrayDeque<>();
    private final List<Gap> gaps = new ArrayList<>();
    private final Deque<EntryPath> folders = new ArrayDeque<>();
    private @Nullable BlockStream stream;
    private @Nullable EntryPath within;
    private @Nullable Block block;
    private Iterator<Entry> entries = Collections.emptyIterator();
    private @Nullable EntryPath last;

    /** @param lost told once of each gap that touches what is wanted, before the first entry behind it */
    EntryFeed(SnapshotReader reader, List<EntryPath> wanted, Consumer<Gap> lost) {
        this.reader = reader;
        this.lost = lost;
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
            EntryPath selection = Objects.requireNonNull(within);
            while (entries.hasNext()) {
                Entry entry = entries.next();
                if (entry.path().isWithin(selection)) {
                    return Optional.of(emit(new Fed(Objects.requireNonNull(block), entry, Role.CHOSEN)));
                }
                if (entry.path().compareTo(selection) > 0) {
                    endSelection();
                }
            }
            if (within != null) {
                advance(selection);
            }
        }
    }

    /** Whether {@code path}, or anything below it, may have been in a gap passed so far: then nobody knows if it is an extra. */
    boolean mayHold(EntryPath path) {
        return !gaps.isEmpty() && gaps.stream().anyMatch(gap -> gap.touches(path));
    }

    private void endSelection() {
        within = null;
        entries = Collections.emptyIterator();
    }

    /** The folders above {@code fed} that were not fed because they lay in a gap, the lowest first. */
    private List<Fed> supposedWayTo(Fed fed) {
        EntryPath known = folders.isEmpty() ? EntryPath.ROOT : folders.element();
        List<Fed> supposed = new ArrayList<>();
        for (EntryPath at = fed.entry.path().parent(); !at.isRoot() && !at.equals(known); at = at.parent()) {
            EntryPath folder = at;
            if (gaps.stream().noneMatch(gap -> gap.covers(folder))) {
                return List.of(); // it is not lost: somebody made a tree that is none
            }
            supposed.add(supposed(fed.block, folder));
        }
        return supposed;
    }

    private static Fed supposed(Block in, EntryPath folder) {
        Timestamp unknown = new Timestamp(0, 0);
        Entry entry = new Entry(
                folder,
                EntryType.DIRECTORY,
                SUPPOSED_MODE,
                new Owner(0, 0, "", ""),
                unknown,
                unknown,
                0,
                0,
                1,
                0,
                0,
                new byte[0],
                List.of(),
                Content.EMPTY,
                new byte[0],
                false);
        return new Fed(in, entry, Role.SUPPOSED);
    }

    private Fed emit(Fed wanted) {
        Fed fed = wanted;
        leaveFoldersBeside(wanted.entry.path());
        if (!gaps.isEmpty() && wanted.role != Role.SUPPOSED) {
            way.addFirst(wanted);
            supposedWayTo(wanted).forEach(way::addFirst);
            fed = way.removeFirst();
        }
        last = fed.entry.path();
        if (fed.entry.type() == EntryType.DIRECTORY && !last.isRoot()) {
            folders.push(last);
        }
        return fed;
    }

    private void leaveFoldersBeside(EntryPath path) {
        while (!folders.isEmpty() && !path.isWithin(folders.element())) {
            folders.pop();
        }
    }

    private void advance(EntryPath selection) {
        Optional<Stretch> next = Objects.requireNonNull(stream).next();
        if (next.isEmpty()) {
            within = null;
        } else if (next.get() instanceof Gap gap) {
            if (gap.touches(selection)) {
                pass(gap);
            } else {
                endSelection();
            }
        } else if (next.get() instanceof Block read) {
            block = read;
            entries = read.entries().iterator();
        }
    }

    private void pass(Gap gap) {
        if (gaps.stream().noneMatch(known -> known.number() == gap.number())) {
            gaps.add(gap);
            lost.accept(gap);
        }
    }

    private boolean begin() {
        EntryPath selection = selections.poll();
        if (selection == null) {
            return false;
        }
        if (!selection.isRoot()) {
            requirePresent(selection);
            addWayTo(selection);
        }
        stream = reader.stream(selection);
        within = selection;
        return true;
    }

    /** What may be in a gap may be there. */
    private void requirePresent(EntryPath selection) {
        boolean possible = reader.stretchAt(selection)
                .filter(stretch -> stretch instanceof Gap || holds((Block) stretch, selection))
                .isPresent();
        if (!possible) {
            throw Problem.of(
                            ProblemCode.NOT_FOUND,
                            "the snapshot has no '" + selection + "'",
                            NearestPath.advice(reader, selection)
                                    + "`holdfast ls` shows what is in it; paths are relative to the volume.")
                    .asException();
        }
    }

    private static boolean holds(Block block, EntryPath path) {
        return block.entries().stream().anyMatch(entry -> entry.path().equals(path));
    }

    private void addWayTo(EntryPath selection) {
        List<EntryPath> above = new ArrayList<>();
        for (EntryPath at = selection.parent(); !at.isRoot(); at = at.parent()) {
            above.add(at);
        }
        Collections.reverse(above);
        for (EntryPath folder : above) {
            if (last == null || folder.compareTo(last) > 0) {
                reader.stretchAt(folder).ifPresent(stretch -> addToWay(folder, stretch));
            }
        }
    }

    private void addToWay(EntryPath folder, Stretch stretch) {
        if (stretch instanceof Gap gap) {
            pass(gap); // the folder is supposed when something in it is fed
        } else if (stretch instanceof Block read) {
            read.entries().stream()
                    .filter(entry -> entry.path().equals(folder) && entry.type() == EntryType.DIRECTORY)
                    .forEach(entry -> way.add(new Fed(read, entry, Role.WAY)));
        }
    }
}
