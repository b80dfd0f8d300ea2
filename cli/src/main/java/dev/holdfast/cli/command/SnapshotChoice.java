package dev.holdfast.cli.command;

import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.SnapshotRecord;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Which of a volume's snapshots is meant. When none or several fit, the problem lists the nearest. */
final class SnapshotChoice {
    /** In place of an id. */
    static final String LATEST = "latest";

    private static final int LISTED = 5;

    private final String what;
    private final List<SnapshotRecord> records;
    private final LocalTimes times;

    /**
     * @param what whose snapshots, for messages, such as {@code alice/photos}
     * @param records oldest first, at least one
     */
    SnapshotChoice(String what, List<SnapshotRecord> records, LocalTimes times) {
        this.what = what;
        this.records = List.copyOf(records);
        this.times = times;
    }

    SnapshotRecord latest() {
        return records.get(records.size() - 1);
    }

    /** The newest that had been received by then. */
    SnapshotRecord at(Instant time) {
        SnapshotRecord found = null;
        for (SnapshotRecord record : records) {
            if (!record.received().isAfter(time)) {
                found = record;
            }
        }
        if (found == null) {
            throw notFound(
                    "there is no snapshot of " + what + " from " + times.precise(time) + " or before",
                    "The oldest ones are " + list(records.subList(0, Math.min(LISTED, records.size()))) + ".");
        }
        return found;
    }

    /** The one whose id begins so. */
    SnapshotRecord id(String prefix) {
        String wanted = prefix.toLowerCase(Locale.ROOT);
        if (wanted.equals(LATEST)) {
            return latest();
        }
        if (!wanted.matches("[0-9a-f]{1,64}")) {
            throw Problem.of(
                            ProblemCode.USAGE,
                            "'" + prefix + "' is no snapshot id",
                            "An id has hexadecimal digits, as `holdfast snapshots` shows them; or say " + LATEST + ".")
                    .asException();
        }
        List<SnapshotRecord> found = records.stream()
                .filter(record -> record.id().startsWith(wanted))
                .toList();
        if (found.size() == 1) {
            return found.get(0);
        }
        if (found.isEmpty()) {
            throw notFound(
                    "there is no snapshot " + prefix + " of " + what,
                    "The newest ones are " + list(newest(records)) + "; `holdfast snapshots` lists them all.");
        }
        throw notFound(
                "several snapshots of " + what + " begin with " + prefix,
                "Say more digits: "
                        + found.stream()
                                .limit(LISTED)
                                .map(record -> record.id().substring(0, Math.min(64, wanted.length() + 8)) + " ("
                                        + times.show(record.received()) + ")")
                                .collect(Collectors.joining(", "))
                        + ".");
    }

    private static List<SnapshotRecord> newest(List<SnapshotRecord> records) {
        return records.subList(Math.max(0, records.size() - LISTED), records.size());
    }

    private String list(List<SnapshotRecord> some) {
        return some.stream()
                .map(record -> record.hash().brief() + " (" + times.show(record.received()) + ")")
                .collect(Collectors.joining(", "));
    }

    private static HoldfastException notFound(String message, String hint) {
        return Problem.of(ProblemCode.NOT_FOUND, message, hint).asException();
    }
}
