package dev.holdfast.agent.backup;

import dev.holdfast.core.snapshot.SnapshotManifest;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.tree.EntryPath;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a backup went.
 *
 * @param record the server's record; empty after a dry run
 * @param parent whether there was a snapshot to compare with
 * @param filesBefore how many files that had
 * @param newBytes plain bytes of objects that the server lacked
 * @param bytesSent over the wire, with everything around them; of all connections, if there were several
 * @param fuzzy files that kept changing while they were read, at most {@value #MAX_NAMES}; {@code fuzzyCount} is the true number
 * @param unreadable at most {@value #MAX_NAMES}; {@code unreadableCount} is the true number
 */
public record BackupOutcome(
        Optional<SnapshotRecord> record,
        boolean parent,
        long filesBefore,
        Files files,
        long vanished,
        long totalBytes,
        long bytesRead,
        long newObjects,
        long newBytes,
        long bytesSent,
        Duration duration,
        long fuzzyCount,
        List<EntryPath> fuzzy,
        long unreadableCount,
        List<SnapshotManifest.Unreadable> unreadable) {

    /** Names of files that had trouble are kept up to this number. */
    public static final int MAX_NAMES = SnapshotManifest.MAX_UNREADABLE;

    /**
     * How many of what were seen, compared with the snapshot before.
     *
     * @param filesChanged files of other content
     * @param filesUnmodified files of the same content; {@code filesOtherMetadata} of them have another owner, mode, time or attribute
     */
    public record Files(
            long filesNew,
            long filesChanged,
            long filesUnmodified,
            long filesOtherMetadata,
            long directoriesNew,
            long directoriesChanged,
            long directoriesUnmodified,
            long others) {

        public long total() {
            return filesNew + filesChanged + filesUnmodified;
        }
    }

    /** Whether there is no file any more where there were some. */
    public boolean emptied() {
        return files.total() == 0 && filesBefore > 0;
    }

    /** What to tell of that. */
    public static String emptied(String volume, long filesBefore) {
        return "volume '" + volume + "' has 0 files; the last snapshot had " + filesBefore;
    }

    /** Whether something is missing from the snapshot. */
    public boolean partial() {
        return unreadableCount > 0;
    }
}
