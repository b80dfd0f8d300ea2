package dev.holdfast.core.config;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * When a server speaks up.
 *
 * @param grace how long after it was due a backup may come
 * @param remind after how long trouble that lasts is told again
 * @param space what must be free on the disk of the data folder
 */
public record Watch(Optional<Duration> grace, Optional<Duration> remind, OptionalLong space, Optional<Digest> digest) {
    static final Watch USUAL = new Watch(Optional.empty(), Optional.empty(), OptionalLong.empty(), Optional.empty());

    private static final Duration GRACE = Duration.ofHours(1);
    private static final Duration REMIND = Duration.ofHours(24);
    private static final long SPACE = 5L << 30;

    public Duration graceInForce() {
        return grace.orElse(GRACE);
    }

    public Duration remindInForce() {
        return remind.orElse(REMIND);
    }

    public long spaceInForce() {
        return space.orElse(SPACE);
    }

    public Digest digestInForce() {
        return digest.orElse(Digest.USUAL);
    }

    /** When the summary is sent, in the time zone of the configuration. */
    public record Digest(DayOfWeek on, LocalTime at) {
        static final Digest USUAL = new Digest(DayOfWeek.MONDAY, LocalTime.of(8, 0));
    }
}
