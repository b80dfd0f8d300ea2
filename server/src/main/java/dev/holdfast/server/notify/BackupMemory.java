package dev.holdfast.server.notify;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is remembered of the backups of one volume of one host.
 *
 * @param seen the snapshot that was the last when somebody looked
 * @param good the last that lacked nothing
 * @param failures when runs failed, of the last days
 */
record BackupMemory(
        Optional<String> seen, Optional<Notice.LastGood> good, Optional<Trouble> trouble, List<Instant> failures) {
    private static final int MOST_FAILURES = 300;

    BackupMemory {
        failures = List.copyOf(failures);
    }

    static final BackupMemory NOTHING =
            new BackupMemory(Optional.empty(), Optional.empty(), Optional.empty(), List.of());

    BackupMemory with(Sighting.Snapshot snapshot) {
        Optional<Notice.LastGood> whole =
                snapshot.partial() ? good : Optional.of(new Notice.LastGood(snapshot.id(), snapshot.received()));
        return new BackupMemory(Optional.of(snapshot.id()), whole, trouble, failures);
    }

    BackupMemory in(Optional<Trouble> another) {
        return new BackupMemory(seen, good, another, failures);
    }

    /** One more, and those before {@code from} forgotten. */
    BackupMemory failed(Instant at, Instant from) {
        List<Instant> kept = new ArrayList<>(
                failures.stream().filter(failure -> failure.isAfter(from)).toList());
        kept.add(at);
        return new BackupMemory(
                seen, good, trouble, kept.subList(Math.max(0, kept.size() - MOST_FAILURES), kept.size()));
    }

    long failuresSince(Instant from) {
        return failures.stream().filter(failure -> failure.isAfter(from)).count();
    }
}
