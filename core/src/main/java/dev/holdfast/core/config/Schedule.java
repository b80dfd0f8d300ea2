package dev.holdfast.core.config;

import dev.holdfast.core.schedule.DailyWindow;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a host backs up by itself.
 *
 * @param timeZone of the times in it
 * @param catchUp whether a run that was missed is made up for
 * @param splay how much later than due a run may start
 * @param window outside of which no run starts
 * @param port of the status for monitoring
 * @param listen the same, on another address than loopback
 * @param container privateer's, only kept
 */
public record Schedule(
        List<Job> jobs,
        Optional<ZoneId> timeZone,
        Optional<Boolean> catchUp,
        Optional<Duration> splay,
        Optional<DailyWindow> window,
        OptionalInt port,
        Optional<Listen> listen,
        Optional<String> container) {
    public Schedule {
        jobs = List.copyOf(jobs);
    }
}
