package dev.holdfast.server.store;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.server.log.CorruptLogException;
import dev.holdfast.server.log.SnapshotLog;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is to be said of snapshot logs when a store is opened. */
final class LostHistory {
    private static final Logger log = LoggerFactory.getLogger(LostHistory.class);

    private LostHistory() {}

    /** The logs that are missing. Damage is only written to the server's log here: the snapshot logs tell it themselves. */
    static List<Problem> in(SnapshotLog snapshots) {
        for (CorruptLogException damage : snapshots.damage()) {
            log.error("{}", damage.getMessage());
        }
        for (Path tail : snapshots.cutTails()) {
            log.warn(
                    "a snapshot log ended in what is no whole record, kept in {}; that is damage unless the machine lost power",
                    tail);
        }
        List<Problem> lost = snapshots.missing().stream()
                .map(file -> Problem.of(
                        ProblemCode.DAMAGE,
                        "snapshot log " + file + " is missing",
                        "Put it back from a copy of the repository before the host backs up again."))
                .toList();
        lost.forEach(problem -> log.error("{}", problem.message()));
        return lost;
    }
}
