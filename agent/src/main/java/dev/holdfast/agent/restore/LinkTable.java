package dev.holdfast.agent.restore;

import dev.holdfast.agent.files.Status;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files that have several names. The first name met gets the content; the others become links to it, at once if it is
 * finished, otherwise when it is. A group is forgotten when all its names have been met.
 */
final class LinkTable {
    private record Source(long device, long inode) {}

    /** One file with several names. */
    final class Group {
        private int left;
        private @Nullable Status finished;
        private final EntryPath leader;
        private final List<TreeMerge.Item> waiting = new ArrayList<>(0);

        private Group(int links, EntryPath leader) {
            this.left = links;
            this.leader = leader;
        }

        /** Where the content went; for links that are made later. */
        EntryPath leader() {
            return leader;
        }

        /** The finished file, if it is. */
        synchronized Optional<Status> finished() {
            return Optional.ofNullable(finished);
        }

        /** Leaves {@code item} to whoever finishes the file; false when it is finished already. */
        synchronized boolean waits(TreeMerge.Item item) {
            if (finished != null) {
                return false;
            }
            item.folder().hold();
            waiting.add(item);
            return true;
        }

        /** The file is finished: returns the names that waited for it, whose folders are held. */
        synchronized List<TreeMerge.Item> finish(Status status) {
            finished = status;
            return takeWaiting();
        }

        /** There will be no file; the next name to come gets the content. Returns the names that waited in vain. */
        List<TreeMerge.Item> fail() {
            synchronized (LinkTable.this) {
                groups.values().remove(this);
            }
            synchronized (this) {
                return takeWaiting();
            }
        }

        private List<TreeMerge.Item> takeWaiting() {
            List<TreeMerge.Item> all = List.copyOf(waiting);
            waiting.clear();
            return all;
        }
    }

    private final Map<Source, Group> groups = new HashMap<>();
    private final Set<Source> claimed = new HashSet<>();

    /** The group whose first name was met before; empty when {@code item} has to lead, and then {@link #lead} is next. */
    synchronized Optional<Group> follow(TreeMerge.Item item) {
        Entry entry = item.entry();
        Source source = new Source(entry.device(), entry.inode());
        Group group = entry.hardLinked() ? groups.get(source) : null;
        if (group != null && --group.left <= 1) {
            groups.remove(source);
        }
        return Optional.ofNullable(group);
    }

    /** Begins a group with {@code item} if its file has several names. */
    synchronized Optional<Group> lead(TreeMerge.Item item) {
        Entry entry = item.entry();
        if (!entry.hardLinked()) {
            return Optional.empty();
        }
        Group group = new Group(entry.links(), entry.path());
        groups.put(new Source(entry.device(), entry.inode()), group);
        return Optional.of(group);
    }

    /**
     * Whether what is there may serve as the file of {@code item}: not if it has other names that are to be other files. A file
     * with several names serves one group only.
     */
    synchronized boolean mayServe(TreeMerge.Item item, Status existing) {
        if (existing.links() == 1) {
            return true;
        }
        return item.entry().hardLinked() && claimed.add(new Source(existing.device(), existing.inode()));
    }
}
