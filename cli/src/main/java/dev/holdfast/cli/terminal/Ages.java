package dev.holdfast.cli.terminal;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** How long ago something was, in one unit: what a person wants to know of a backup at first glance. */
public final class Ages {
    private final InstantSource clock;

    public Ages(InstantSource clock) {
        this.clock = clock;
    }

    /** {@code just now}, {@code 5 minutes ago}, {@code 3 days ago}; a time to come is told as such, since clocks differ. */
    public String of(Instant then) {
        Duration age = Duration.between(then, clock.instant());
        if (age.abs().toSeconds() < 60) {
            return "just now";
        }
        return age.isNegative() ? "in " + unit(age.negated()) : unit(age) + " ago";
    }

    /** For what is to come: {@code in 3 hours}; the last minute before it counts as such. */
    public String until(Instant then) {
        Duration left = Duration.between(clock.instant(), then);
        return !left.isNegative() && left.toSeconds() < 60 ? "in less than a minute" : of(then);
    }

    private static String unit(Duration age) {
        if (age.toHours() < 1) {
            return Texts.count(age.toMinutes(), "minute");
        }
        if (age.toDays() < 2) {
            return Texts.count(age.toHours(), "hour");
        }
        if (age.toDays() < 60) {
            return Texts.count(age.toDays(), "day");
        }
        return age.toDays() < 730 ? Texts.count(age.toDays() / 30, "month") : Texts.count(age.toDays() / 365, "year");
    }
}
