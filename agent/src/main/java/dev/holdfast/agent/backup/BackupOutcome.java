package dev.holdfast.agent.backup;

import dev.holdfast.core.snapshot.SnapshotManifest;
import dev.holdfast.core.snapshot.SnapshotRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a backup went.
 *
 * @param record the server's record; empty after a dry run
 * @param parent whether there was a snapshot to compare with
 * @param newBytes plain bytes of objects that the server lacked
 * @param bytesSent over the wire, with everything around them
 * @param unreadable at most a thousand; {@code unreadableCount} is the true number
 */
public record BackupOutcome(
        Optional<SnapshotRecord> record,
        boolean parent,
        Files files,
        long vanished,
        long fuzzy,
        long totalBytes,
        long bytesRead,
        long newObjects,
        long newBytes,
        long bytesSent,
        Duration duration,
        long unreadableCount,
        List<SnapshotManifest.Unreadable> unreadable) {

    /** How many of what were seen, compared with the snapshot before. */
    public record Files(
            long filesNew,
            long filesChanged,
            long filesUnmodified,
            long directoriesNew,
            long directoriesChanged,
            long directoriesUnmodified,
            long others) {

        public long total() {
            return filesNew + filesChanged + filesUnmodified;
        }
    }

    /** Whether something is missing from the snapshot. */
    public boolean partial() {
        return unreadableCount > 0;
    }
}
