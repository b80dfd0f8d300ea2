package dev.holdfast.agent.restore;

import dev.holdfast.agent.tree.Gap;
import dev.holdfast.core.progress.Progress;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import dev.holdfast.core.tree.EntryType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts one restore as it goes, on any thread. After a broken connection the walk begins again; what it finds done before the
 * place that it had reached is not counted twice.
 */
final class Tally {
    /** So many are remembered to tell what is met again: folders are finished anew when something was deleted from them. */
    private static final int REMEMBERED = 50_000;

    private final Progress progress;
    private final Map<Action, Long> counts = new EnumMap<>(Action.class);
    private final List<RestoreOutcome.Failure> failures = new ArrayList<>();
    private final List<RestoreOutcome.LeftOut> leftOut = new ArrayList<>();
    private final Map<Integer, Gap> gaps = new TreeMap<>();
    private final Map<EntryPath, Long> told = new HashMap<>();
    private final Set<EntryPath> failedPaths = new HashSet<>();
    private final Set<RestoreOutcome.LeftOut> leftOutThings = new HashSet<>();
    private long plannedFiles;
    private long plannedBytes;
    private long failureCount;
    private long leftOutCount;
    private long files;
    private long filesKept;
    private long bytesRestored;
    private long bytesKept;
    private long bytesWritten;
    private long bytesFetched;
    private boolean damaged;
    private @Nullable EntryPath reached;
    private @Nullable EntryPath frontier;

    Tally(Progress progress) {
        this.progress = progress;
    }

    synchronized void beginAgain() {
        frontier = reached;
    }

    /** The walk is at {@code path}. */
    synchronized void reached(EntryPath path) {
        if (reached == null || path.compareTo(reached) > 0) {
            reached = path;
        }
    }

    private boolean seen(EntryPath path) {
        return frontier != null && path.compareTo(frontier) <= 0;
    }

    /** Something was done to a path. */
    synchronized void did(Action action) {
        counts.merge(action, 1L, Long::sum);
    }

    /** As {@link #did(Action)}, for an entry that may be a file; {@code content} is zero for further names of a file. */
    private synchronized void did(Action action, Entry entry, long content) {
        did(action);
        if (entry.type() != EntryType.FILE) {
            return;
        }
        if (action == Action.KEEP || action == Action.METADATA) {
            filesKept++;
            bytesKept += content;
        } else {
            files++;
            bytesRestored += content;
        }
    }

    /**
     * A path needs nothing, or only metadata: true of what an earlier attempt finished, too.
     *
     * @param content zero for further names of a file
     */
    synchronized void found(Action action, Entry entry, long content) {
        if (!seen(entry.path())) {
            did(action, entry, content);
        }
    }

    /** A file was written; {@code untold} bytes of it were not told yet. */
    void wrote(Action action, Entry entry, long untold) {
        did(action, entry, entry.size());
        ended(untold);
    }

    /** A file got a further name. */
    void linked(Action action, Entry entry) {
        did(action, entry, 0);
        if (entry.type() == EntryType.FILE) {
            ended(0);
        }
    }

    void ended(long bytes) {
        progress.advanced(1, bytes);
    }

    /** So much of a file is done. */
    void advanced(long bytes) {
        progress.advanced(0, bytes);
    }

    /** A file is given up for now, when so much of it was told. */
    synchronized void given(EntryPath path, long bytes) {
        if (bytes > 0) {
            told.put(path, bytes);
        }
    }

    /** What an attempt before has told of a file that it gave up. */
    synchronized long toldOf(EntryPath path) {
        return Objects.requireNonNullElse(told.remove(path), 0L);
    }

    /** The plan is to do so much. */
    synchronized void planned(long moreFiles, long moreBytes) {
        plannedFiles = moreFiles;
        plannedBytes = moreBytes;
        progress.total(plannedFiles, plannedBytes);
    }

    /** A file that looked right is written or compared nevertheless. */
    synchronized void unplanned(EntryPath path, long bytes) {
        if (!seen(path)) {
            planned(plannedFiles + 1, plannedBytes + bytes);
        }
    }

    synchronized void bytesWritten(long bytes) {
        bytesWritten += bytes;
    }

    void fetched(long bytes) {
        synchronized (this) {
            bytesFetched += bytes;
        }
        progress.transferred(bytes);
    }

    void failed(EntryPath path, String reason, boolean byDamage) {
        synchronized (this) {
            if (failedPaths.contains(path)) {
                return;
            }
            if (failedPaths.size() < REMEMBERED) {
                failedPaths.add(path);
            }
            failureCount++;
            if (failures.size() < RestoreOutcome.MAX_LISTED || (byDamage && !damaged)) {
                failures.add(new RestoreOutcome.Failure(path, reason, byDamage));
            }
            damaged |= byDamage;
        }
        progress.notice("'" + path + "': " + reason);
    }

    /** Part of the snapshot cannot be read; told once, however often it is met. */
    void lost(Gap gap) {
        synchronized (this) {
            if (gaps.putIfAbsent(gap.number(), gap) != null) {
                return;
            }
            failureCount += gap.entries();
            damaged = true;
        }
        progress.notice(gap.range() + " is lost: " + gap.reason());
    }

    synchronized void leftOut(EntryPath path, String what) {
        RestoreOutcome.LeftOut thing = new RestoreOutcome.LeftOut(path, what);
        if (seen(path) || leftOutThings.contains(thing)) {
            return;
        }
        if (leftOutThings.size() < REMEMBERED) {
            leftOutThings.add(thing);
        }
        leftOutCount++;
        if (leftOut.size() < RestoreOutcome.MAX_LISTED) {
            leftOut.add(thing);
        }
    }

    synchronized RestoreOutcome outcome(Duration duration) {
        return new RestoreOutcome(
                counts,
                files,
                bytesRestored,
                filesKept,
                bytesKept,
                bytesWritten,
                bytesFetched,
                failureCount,
                failures,
                List.copyOf(gaps.values()),
                leftOutCount,
                leftOut,
                duration);
    }
}
