package dev.holdfast.keys.vault;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * How long a Vault is waited for.
 *
 * @param connect a connection
 * @param answer the whole answer to one request
 * @param attempts how often a request is made that failed for a reason that may pass
 * @param total all attempts of one request together, with the pauses in between
 * @param notices is told when one fails and is made again
 */
public record VaultLimits(
        Duration connect, Duration answer, int attempts, Duration total, Pause pause, Consumer<String> notices) {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** Waits; a fake in tests. */
    @FunctionalInterface
    public interface Pause {
        void of(Duration time) throws InterruptedException;
    }

    /** {@code notices} is told of what takes long. */
    public static VaultLimits standard(Consumer<String> notices) {
        return new VaultLimits(
                Duration.ofSeconds(10),
                Duration.ofSeconds(20),
                4,
                Duration.ofSeconds(60),
                time -> TimeUnit.MILLISECONDS.sleep(time.toMillis()),
                notices);
    }

    /** For somebody who only wants to compare: a Vault that does not answer at once is left alone. */
    public static VaultLimits impatient() {
        Duration answer = Duration.ofSeconds(5);
        return new VaultLimits(Duration.ofSeconds(3), answer, 1, answer, time -> {}, notice -> {});
    }

    /** Before attempt {@code next}, counted from 2: twice as long each time, or what the Vault asked for, within bounds. */
    void await(int next, long askedSeconds) throws InterruptedException {
        Duration doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(next - 2, 8));
        Duration asked = Duration.ofSeconds(Math.max(0, Math.min(askedSeconds, LONGEST_PAUSE.toSeconds())));
        Duration wanted = asked.compareTo(doubled) > 0 ? asked : doubled;
        pause.of(wanted.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : wanted);
    }
}
