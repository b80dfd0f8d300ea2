package dev.holdfast.server.notify;

import java.time.Duration;

/** How long to wait before a receiver that took nothing is tried again: twice as long each time, up to a limit. */
record Pace(Duration first, Duration longest) {
    static final Pace USUAL = new Pace(Duration.ofSeconds(15), Duration.ofMinutes(15));

    /** {@code failures} in a row. */
    Duration after(int failures) {
        Duration wait = first;
        for (int i = 1; i < failures && wait.compareTo(longest) < 0; i++) {
            wait = wait.multipliedBy(2);
        }
        return wait.compareTo(longest) < 0 ? wait : longest;
    }
}
