package dev.holdfast.agent.restore;

import dev.holdfast.agent.tree.Gap;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.tree.EntryPath;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a restore went.
 *
 * @param counts paths by what was done to them
 * @param files regular files written, with every name of one that has several
 * @param bytesRestored content of those files, holes and all, once for each file however many names it has
 * @param filesKept regular files that kept their content
 * @param bytesKept content of those files
 * @param bytesWritten content written to disk: no holes, and not what was there already
 * @param bytesFetched over the wire
 * @param failures at most {@value #MAX_LISTED}; {@code failureCount} is the true number, with the entries of the gaps
 * @param gaps parts of the snapshot that are lost
 * @param leftOut what was not restored on purpose or for lack of rights, at most {@value #MAX_LISTED} of {@code leftOutCount}
 */
public record RestoreOutcome(
        Map<Action, Long> counts,
        long files,
        long bytesRestored,
        long filesKept,
        long bytesKept,
        long bytesWritten,
        long bytesFetched,
        long failureCount,
        List<Failure> failures,
        List<Gap> gaps,
        long leftOutCount,
        List<LeftOut> leftOut,
        Duration duration) {
    public static final int MAX_LISTED = 1000;

    /** A path that could not be restored; {@code damaged} when the stored content is to blame. */
    public record Failure(EntryPath path, String reason, boolean damaged) {}

    /** Something of a path that was left out, such as {@code "setuid bit"}. */
    public record LeftOut(EntryPath path, String what) {}

    public RestoreOutcome {
        counts = Map.copyOf(counts);
        failures = List.copyOf(failures);
        gaps = List.copyOf(gaps);
        leftOut = List.copyOf(leftOut);
    }

    public long count(Action action) {
        return counts.getOrDefault(action, 0L);
    }

    /** Empty when everything is restored, otherwise {@code DAMAGE} or {@code PARTIAL}. */
    public Optional<ProblemCode> shortcoming() {
        if (!gaps.isEmpty() || failures.stream().anyMatch(Failure::damaged)) {
            return Optional.of(ProblemCode.DAMAGE);
        }
        return failureCount > 0 ? Optional.of(ProblemCode.PARTIAL) : Optional.empty();
    }
}
