package dev.holdfast.agent.restore;

import dev.holdfast.agent.tree.Gap;
import dev.holdfast.core.snapshot.SnapshotManifest;
import dev.holdfast.core.tree.EntryPath;
import java.util.List;
import java.util.Map;

/**
 * What a restore would do. Files are judged by size and modification time; a file that looks different may turn out to need less.
 *
 * @param counts paths by action
 * @param files regular files to write, with every name of one that has several
 * @param bytes content of those files, holes and all, once for each file however many names it has
 * @param filesKept regular files that keep their content
 * @param bytesKept content of those files
 * @param steps the first of what would change, in order, at most {@value #MAX_STEPS}
 * @param gaps parts of the snapshot that are lost: what is there under their paths stays as it is
 * @param leftOut what would not be restored on purpose or for lack of rights, as far as that can be foreseen, at most {@value
 *     RestoreOutcome#MAX_LISTED}
 * @param unread what the snapshot lacks because it could not be read when that was made, at most {@value
 *     SnapshotManifest#MAX_UNREADABLE} of {@code unreadCount}: what is there under these paths stays as it is
 */
public record RestorePlan(
        Map<Action, Long> counts,
        long files,
        long bytes,
        long filesKept,
        long bytesKept,
        List<Step> steps,
        List<Gap> gaps,
        long leftOutCount,
        List<RestoreOutcome.LeftOut> leftOut,
        long unreadCount,
        List<SnapshotManifest.Unreadable> unread) {
    public static final int MAX_STEPS = 1000;

    /** One change; {@code bytes} is the content to write. */
    public record Step(Action action, EntryPath path, long bytes) {}

    public RestorePlan {
        counts = Map.copyOf(counts);
        steps = List.copyOf(steps);
        gaps = List.copyOf(gaps);
        leftOut = List.copyOf(leftOut);
        unread = List.copyOf(unread);
    }

    public long count(Action action) {
        return counts.getOrDefault(action, 0L);
    }

    /** Whether everything is as it should be already. */
    public boolean empty() {
        return counts.keySet().stream().allMatch(action -> action == Action.KEEP);
    }
}
