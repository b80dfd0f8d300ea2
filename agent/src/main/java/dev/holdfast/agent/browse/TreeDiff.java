package dev.holdfast.agent.browse;

import dev.holdfast.agent.tree.Gap;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import dev.holdfast.core.tree.EntryType;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Compares two trees in one pass over both and constant memory. Both are sorted; where the same stored block begins on both sides it
 * is passed by unread, since equal ids mean equal entries. So comparing two snapshots costs about what differs between them.
 *
 * <p>What one side has where the other has a gap is neither added nor removed: it is not shown.
 *
 * <p>The modification time of a folder is not compared: it tells only that something in it came or went, which is shown anyway.
 */
public final class TreeDiff {
    /** How much came or went. */
    public static final class Totals {
        private long files;
        private long directories;
        private long others;
        private long bytes;

        private Totals() {}

        private void count(Entry entry) {
            switch (entry.type()) {
                case FILE -> {
                    files++;
                    bytes += entry.size();
                }
                case DIRECTORY -> directories++;
                default -> others++;
            }
        }

        public long files() {
            return files;
        }

        public long directories() {
            return directories;
        }

        public long others() {
            return others;
        }

        public long bytes() {
            return bytes;
        }
    }

    private final Side before;
    private final Side after;
    private final BooleanSupplier cancelled;
    private final Totals added = new Totals();
    private final Totals removed = new Totals();
    private long changedContent;
    private long changedMetadata;

    private TreeDiff(Side before, Side after, BooleanSupplier cancelled) {
        this.before = before;
        this.after = after;
        this.cancelled = cancelled;
    }

    /** Compares two snapshots; what they share is neither compared nor fetched ahead. {@code lost} is told of each gap. */
    public static TreeDiff between(
            SnapshotReader before, SnapshotReader after, Consumer<Gap> lost, BooleanSupplier cancelled) {
        Set<ObjectId> common = blocks(before);
        common.retainAll(blocks(after));
        return new TreeDiff(
                EntryCursor.start(before, common::contains, lost),
                EntryCursor.start(after, common::contains, lost),
                cancelled);
    }

    /** Compares a snapshot with what is on disk now, which stays the caller's to close. */
    public static TreeDiff against(
            SnapshotReader before, LiveTree after, Consumer<Gap> lost, BooleanSupplier cancelled) {
        return new TreeDiff(EntryCursor.start(before, id -> false, lost), after, cancelled);
    }

    private static Set<ObjectId> blocks(SnapshotReader reader) {
        Set<ObjectId> ids = new HashSet<>();
        for (int number = 0; number < reader.blockCount(); number++) {
            ids.add(reader.blockId(number));
        }
        return ids;
    }

    /** Shows every difference in the order of paths; false when it was cancelled on the way. */
    public boolean run(Consumer<Change> shown) {
        while (!before.atEnd() || !after.atEnd()) {
            if (cancelled.getAsBoolean()) {
                return false;
            }
            if (!skipEqualBlocks()) {
                step(shown);
            }
        }
        return true;
    }

    private boolean skipEqualBlocks() {
        Optional<ObjectId> old = before.blockStart();
        if (old.isEmpty() || !old.equals(after.blockStart())) {
            return false;
        }
        before.skipBlock();
        after.skipBlock();
        return true;
    }

    private void step(Consumer<Change> shown) {
        int order = order();
        if ((order <= 0 && before.passGap()) || (order >= 0 && after.passGap())) {
            return;
        }
        if (order < 0) {
            EntryPath path = before.path();
            if (!after.hides(path)) {
                Entry gone = before.entry();
                removed.count(gone);
                shown.accept(new Change(Change.Kind.REMOVED, gone, gone));
            }
            before.advance();
        } else if (order > 0) {
            EntryPath path = after.path();
            if (!before.hides(path)) {
                Entry come = after.entry();
                added.count(come);
                shown.accept(new Change(Change.Kind.ADDED, come, come));
            }
            after.advance();
        } else {
            compare(before.entry(), after.entry()).ifPresent(change -> {
                count(change);
                shown.accept(change);
            });
            before.advance();
            after.advance();
        }
    }

    private int order() {
        if (before.atEnd()) {
            return 1;
        }
        return after.atEnd() ? -1 : before.path().compareTo(after.path());
    }

    private void count(Change change) {
        switch (change.kind()) {
            case ADDED, REMOVED -> throw new IllegalStateException("both sides have it");
            case METADATA -> changedMetadata++;
            case CONTENT -> changedContent++;
            case TYPE -> {
                changedContent++;
                removed.count(change.before());
                added.count(change.after());
            }
        }
    }

    private Optional<Change> compare(Entry old, Entry now) {
        if (old.type() != now.type()) {
            return Optional.of(new Change(Change.Kind.TYPE, old, now));
        }
        if (!sameContent(old, now)) {
            return Optional.of(new Change(Change.Kind.CONTENT, old, now));
        }
        return sameMetadata(old, now) ? Optional.empty() : Optional.of(new Change(Change.Kind.METADATA, old, now));
    }

    private boolean sameContent(Entry old, Entry now) {
        if (old.type() != EntryType.FILE) {
            return Arrays.equals(old.linkTarget(), now.linkTarget()) && old.rdev() == now.rdev();
        }
        if (old.size() != now.size()) {
            return false;
        }
        if (after instanceof LiveTree) {
            // As a backup judges it, before it reads anything.
            return old.modified().equals(now.modified());
        }
        boolean fingerprints = old.fingerprint().length > 0 && now.fingerprint().length > 0;
        return fingerprints
                ? Arrays.equals(old.fingerprint(), now.fingerprint())
                : old.content().equals(now.content());
    }

    private static boolean sameMetadata(Entry old, Entry now) {
        return old.mode() == now.mode()
                && old.owner().uid() == now.owner().uid()
                && old.owner().gid() == now.owner().gid()
                && old.attributes().equals(now.attributes())
                && (old.type() == EntryType.DIRECTORY || old.modified().equals(now.modified()));
    }

    public Totals added() {
        return added;
    }

    public Totals removed() {
        return removed;
    }

    /** Files of other content, and things that became something of another kind. */
    public long changedContent() {
        return changedContent;
    }

    /** Things of which only owner, mode, times or attributes differ. */
    public long changedMetadata() {
        return changedMetadata;
    }

    public boolean anyDifference() {
        return changedContent + changedMetadata > 0 || any(added) || any(removed);
    }

    private static boolean any(Totals totals) {
        return totals.files + totals.directories + totals.others > 0;
    }
}
