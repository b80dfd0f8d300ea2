package dev.holdfast.agent.tree;

import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.tree.EntryPath;
import java.util.Optional;

/**
 * A tree block that is lost. Which paths it had is known from its neighbours in the snapshot's list of first paths; which of them
 * exist is not.
 *
 * @param first its first path
 * @param end where the next block begins; empty when it was the last one
 * @param entries how many it had
 */
public record Gap(int number, EntryPath first, Optional<EntryPath> end, long entries, String reason)
        implements Stretch {

    /** Whether it is not known if the snapshot has {@code path}. */
    public boolean covers(EntryPath path) {
        return first.compareTo(path) <= 0 && !endsBefore(path);
    }

    /** Whether {@code path}, or anything below it, may be in the gap. */
    public boolean touches(EntryPath path) {
        return covers(path) || first.isWithin(path);
    }

    /** Whether {@code path} lies behind the gap. */
    public boolean endsBefore(EntryPath path) {
        return end.isPresent() && end.get().compareTo(path) <= 0;
    }

    /** The paths, such as {@code everything from 'a/b' up to 'c/d'}; the second is not among them. */
    public String range() {
        String from = first.isRoot() ? "" : " from '" + first + "'";
        String to = end.map(path -> " up to '" + path + "'").orElse(from.isEmpty() ? "" : " on");
        return "everything" + from + to;
    }

    /** For whoever can do nothing without the block. */
    public HoldfastException problem() {
        return SnapshotReader.damaged(range() + " cannot be read: " + reason, null);
    }
}
