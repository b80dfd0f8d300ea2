package dev.holdfast.agent.link;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.SnapshotRecord;
import java.util.List;
import java.util.Optional;

/**
 * Snapshots that a server has.
 *
 * @param records oldest first
 * @param damageText what the server found damaged, logs and single snapshots; empty for nothing
 */
public record Listing(List<SnapshotRecord> records, String damageText) {
    public Listing {
        records = List.copyOf(records);
    }

    /** What a person must be told beside the records. */
    public Optional<Problem> damage() {
        return damageText.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        Problem.of(
                                ProblemCode.DAMAGE,
                                "the server reports damage: " + damageText,
                                "Snapshots that are listed and not named here can be restored. Where a snapshot log is damaged, some may be missing: whoever runs the server should put the log back from a copy."));
    }
}
