package dev.holdfast.agent.backup;

import dev.holdfast.agent.source.FrozenView;
import dev.holdfast.agent.source.Source;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.snapshot.SnapshotRecord;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A source that is frozen when it is first needed, which is when the server has answered, and stays so over all attempts of a
 * run: what is stopped for a backup stands still no longer than it must.
 */
final class FrozenOnce implements AutoCloseable {
    private final Source source;
    private @Nullable FrozenView view;
    private Optional<SnapshotRecord> saved = Optional.empty();

    FrozenOnce(Source source) {
        this.source = source;
    }

    FrozenView view() {
        if (view == null) {
            view = source.freeze();
        }
        return view;
    }

    /** What the view was needed for is safe. */
    void saved(SnapshotRecord record) {
        saved = Optional.of(record);
    }

    /** What cannot be let go of does not undo the snapshot, and whoever hears of the one must hear of the other. */
    @Override
    public void close() {
        try {
            if (view != null) {
                view.close();
            }
        } catch (HoldfastException e) {
            throw saved.map(record -> new HoldfastException(flaw(record, e.problem()), e))
                    .orElse(e);
        }
    }

    private static Problem flaw(SnapshotRecord record, Problem problem) {
        return Problem.of(
                        problem.code(),
                        "snapshot " + record.hash().brief() + " is safe, but " + problem.message(),
                        problem.hint())
                .with("snapshot_id", record.id());
    }
}
