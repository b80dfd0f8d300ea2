package dev.holdfast.core.snapshot;

import dev.holdfast.core.object.ObjectId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;

/**
 * What a finished backup says about itself. The server vouches for {@code host} (from the key of the connection), {@code
 * snapshot} (complete in its packs) and {@code addedBytes} (counted); the rest is the agent's word. {@code label} is the
 * agent's clock and only a label: retention never reads it.
 *
 * @param fuzzy whether files kept changing while they were read, so that their content may mix two states
 */
public record SnapshotSummary(
        String host,
        String volume,
        ObjectId snapshot,
        Outcome outcome,
        boolean fuzzy,
        UUID run,
        Instant label,
        long files,
        long totalBytes,
        long addedBytes) {

    /** Longest name of a host, volume or realm in UTF-8 bytes, wherever names come in: what a folder may be called. */
    public static final int MAX_NAME_BYTES = 255;

    /** Whether everything that was to be saved could be read. */
    public enum Outcome {
        COMPLETE,
        PARTIAL
    }

    public SnapshotSummary {
        checkName("host", host);
        checkName("volume", volume);
        Objects.requireNonNull(snapshot);
        Objects.requireNonNull(outcome);
        Objects.requireNonNull(run);
        label = label.truncatedTo(ChronoUnit.MILLIS);
        if (files < 0 || totalBytes < 0 || addedBytes < 0) {
            throw new IllegalArgumentException("a snapshot has no negative counts");
        }
    }

    private static void checkName(String what, String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > MAX_NAME_BYTES) {
            throw new IllegalArgumentException(what + " name of " + bytes + " bytes");
        }
    }
}
