package dev.holdfast.agent.browse;

import dev.holdfast.agent.tree.Gap;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import dev.holdfast.core.tree.EntryType;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
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
 * <p>Content is compared, not the form in which it is stored: where two entries of one size cannot say by themselves whether they hold
 * the same, {@link StoredFile} looks at what they store differently, and a file on disk whose time differs is read ({@link LiveTree}).
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

    /** Is told of what is damaged and so cannot be compared. */
    @FunctionalInterface
    public interface Losses extends Consumer<Gap> {
        /** Whether a file holds the same as before cannot be told. It counts as changed, unless that ends the comparison. */
        default void content(EntryPath path, HoldfastException damage) {
            throw damage;
        }
    }

    /** Whether two files of one size hold the same. */
    @FunctionalInterface
    private interface ContentTest {
        boolean same(Entry old, Entry now);
    }

    private final Side before;
    private final Side after;
    private final ContentTest content;
    private final Losses lost;
    private final BooleanSupplier cancelled;
    private final Totals added = new Totals();
    private final Totals removed = new Totals();
    private long changedContent;
    private long changedMetadata;

    private TreeDiff(Side before, Side after, ContentTest content, Losses lost, BooleanSupplier cancelled) {
        this.before = before;
        this.after = after;
        this.content = content;
        this.lost = lost;
        this.cancelled = cancelled;
    }

    /** Compares two snapshots; what they share is neither compared nor fetched ahead. */
    public static TreeDiff between(
            SnapshotReader before, SnapshotReader after, Losses lost, BooleanSupplier cancelled) {
        Set<ObjectId> common = blocks(before);
        common.retainAll(blocks(after));
        EntryCursor old = EntryCursor.start(before, common::contains, lost);
        EntryCursor now = EntryCursor.start(after, common::contains, lost);
        return new TreeDiff(old, now, (a, b) -> sameStored(before, old, a, after, now, b), lost, cancelled);
    }

    /** Compares a snapshot with what is on disk now, which stays the caller's to close. */
    public static TreeDiff against(SnapshotReader before, LiveTree after, Losses lost, BooleanSupplier cancelled) {
        EntryCursor old = EntryCursor.start(before, id -> false, lost);
        return new TreeDiff(
                old,
                after,
                (a, b) -> after.holds(
                        a,
                        part -> Optional.of(before.extentLists(old.block(), List.of(part))
                                .get(0)
                                .list())),
                lost,
                cancelled);
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
        return old.sameMetadata(now) ? Optional.empty() : Optional.of(new Change(Change.Kind.METADATA, old, now));
    }

    private boolean sameContent(Entry old, Entry now) {
        if (old.type() != EntryType.FILE) {
            return Arrays.equals(old.linkTarget(), now.linkTarget()) && old.rdev() == now.rdev();
        }
        if (old.size() != now.size()) {
            return false;
        }
        try {
            return content.same(old, now);
        } catch (HoldfastException e) {
            if (e.problem().code() != ProblemCode.DAMAGE) {
                throw e;
            }
            lost.content(now.path(), e);
            return false;
        }
    }

    private static boolean sameStored(
            SnapshotReader before, EntryCursor oldAt, Entry old, SnapshotReader after, EntryCursor nowAt, Entry now) {
        if (old.fingerprint().length > 0 && now.fingerprint().length > 0) {
            return Arrays.equals(old.fingerprint(), now.fingerprint());
        }
        if (old.content().equals(now.content())) {
            return true;
        }
        try (StoredFile one = new StoredFile(before, oldAt.block(), old);
                StoredFile other = new StoredFile(after, nowAt.block(), now)) {
            return one.sameAs(other);
        }
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
