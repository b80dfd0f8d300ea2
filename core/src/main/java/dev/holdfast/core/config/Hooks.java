package dev.holdfast.core.config;

import java.time.Duration;
import java.util.Optional;

/**
 * Commands that the host's shell runs around a backup of a volume.
 *
 * @param before when the server has answered and nothing has been read yet; when it fails, so does the backup
 * @param after as soon as the volume need not hold still any more, whatever became of {@code before} and the backup
 * @param onFailure when the backup ended with an error, with a snapshot or without
 * @param timeout how long each may take before it is killed, which counts as a failure
 */
public record Hooks(Optional<String> before, Optional<String> after, Optional<String> onFailure, Duration timeout) {
    static final Duration TIMEOUT = Duration.ofMinutes(30);

    public static final Hooks NONE = new Hooks(Optional.empty(), Optional.empty(), Optional.empty(), TIMEOUT);

    /** Whether there is something to do before or after. */
    public boolean surround() {
        return before.isPresent() || after.isPresent();
    }
}
