package dev.holdfast.keys.vault;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long a Vault is waited for: a connection, the whole answer to one request, and how often a request is made that failed for a
 * reason that may pass.
 */
public record VaultLimits(Duration connect, Duration answer, int attempts, Pause pause) {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** Waits; a fake in tests. */
    @FunctionalInterface
    public interface Pause {
        void of(Duration time) throws InterruptedException;
    }

    public static VaultLimits standard() {
        return new VaultLimits(
                Duration.ofSeconds(10),
                Duration.ofSeconds(20),
                4,
                time -> TimeUnit.MILLISECONDS.sleep(time.toMillis()));
    }

    /** For somebody who only wants to compare: a Vault that does not answer at once is left alone. */
    public static VaultLimits impatient() {
        return new VaultLimits(Duration.ofSeconds(3), Duration.ofSeconds(5), 1, time -> {});
    }

    /** Before attempt {@code next}, counted from 2: twice as long each time, or what the Vault asked for, within bounds. */
    void await(int next, long askedSeconds) throws InterruptedException {
        Duration doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(next - 2, 8));
        Duration asked = Duration.ofSeconds(Math.max(0, Math.min(askedSeconds, LONGEST_PAUSE.toSeconds())));
        Duration wanted = asked.compareTo(doubled) > 0 ? asked : doubled;
        pause.of(wanted.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : wanted);
    }
}
