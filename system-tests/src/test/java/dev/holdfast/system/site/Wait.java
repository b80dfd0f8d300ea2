package dev.holdfast.system.site;

import java.time.Duration;

/** Waits for something to become true, at most so long. */
final class Wait {
    private static final long LOOK_EVERY_MILLIS = 10;

    private Wait() {}

    interface Condition {
        boolean holds() throws Exception;
    }

    static void until(String what, Duration atMost, Condition condition) throws Exception {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within " + atMost.toSeconds() + " seconds: " + what);
            }
            // There is no event to wait for: what is watched belongs to another process.
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
    }
}
