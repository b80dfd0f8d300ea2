package dev.holdfast.agent.schedule;

import dev.holdfast.core.config.HostConfiguration;
import dev.holdfast.core.config.Job;
import dev.holdfast.core.schedule.DailyWindow;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * When the jobs of one host start.
 *
 * @param catchUp whether a run that nobody was there to start is made up for
 * @param splay how much later than due a run may start, so that hosts with one schedule do not all come at once
 * @param window outside of which no run starts
 */
public record Timing(String host, ZoneId zone, boolean catchUp, Duration splay, Optional<DailyWindow> window) {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    /** {@code otherwise} is the zone for a configuration that names none. */
    public static Timing of(HostConfiguration host, ZoneId otherwise) {
        return new Timing(
                host.name(),
                host.timeZone().value().orElse(otherwise),
                host.catchUp().value(),
                host.splay().value(),
                host.window().value());
    }

    /** The first moment after that one for which the job is scheduled. */
    Instant dueAfter(Job job, Instant moment) {
        return job.schedule().nextAfter(moment.atZone(zone)).toInstant();
    }

    /** When the run that is due first after that moment starts. */
    Instant startAfter(Job job, Instant moment) {
        Instant due = dueAfter(job, moment);
        return within(due.plus(delay(job, due)));
    }

    /** That moment, or the next at which runs may start. */
    Instant within(Instant moment) {
        ZonedDateTime local = moment.atZone(zone);
        return window.map(hours -> hours.firstInside(local).toInstant()).orElse(moment);
    }

    /** Looks random, but is the same whenever it is asked for: a restart must not draw again. At most half the way to the next. */
    private Duration delay(Job job, Instant due) {
        long toNext = Duration.between(due, dueAfter(job, due)).toMillis();
        long longest = Math.min(splay.toMillis(), toNext / 2);
        if (longest <= 0) {
            return Duration.ZERO;
        }
        long seed = (host + "/" + job.server() + "/" + job.volume()).hashCode() * GOLDEN + due.getEpochSecond();
        return Duration.ofMillis(new SplittableRandom(seed).nextLong(longest + 1));
    }
}
