package dev.holdfast.server.session;

import dev.holdfast.core.snapshot.SnapshotRecord;
import java.time.Duration;
import java.util.Optional;

/** Makes snapshots of volumes that lie on this server. */
public interface LocalSnapshots {
    /** The host under whose name their snapshots are kept: the server's own. */
    String host();

    /** Where the volume lies, in words; {@code NOT_FOUND} when it is not there. */
    String find(String volume);

    /** Asks for a snapshot of what the volume holds now. It is made whether or not somebody waits for it. */
    Taking take(String volume);

    /** A snapshot on its way. */
    interface Taking {
        /**
         * Waits for it, not longer than told.
         *
         * @throws dev.holdfast.core.problem.HoldfastException when it could not be made
         */
        Optional<SnapshotRecord> await(Duration atMost) throws InterruptedException;

        /** How far it is. */
        Progress progress();
    }

    /** Totals are 0 as long as they are not known. */
    record Progress(long files, long bytes, long totalFiles, long totalBytes) {}
}
