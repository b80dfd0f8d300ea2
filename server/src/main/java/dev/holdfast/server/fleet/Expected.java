package dev.holdfast.server.fleet;

import dev.holdfast.core.fleet.VolumeStatus;
import dev.holdfast.core.schedule.Cron;
import dev.holdfast.core.schedule.DailyWindow;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * A volume of a host that is backed up to this server, as the configuration has it, and what there is of it.
 *
 * @param schedules when the host is to back it up to this server by itself
 * @param running since when a backup of it comes in
 */
public record Expected(
        String host,
        String volume,
        List<Cron> schedules,
        Timing timing,
        Optional<VolumeStatus.Snapshot> last,
        Optional<Instant> running) {
    public Expected {
        schedules = List.copyOf(schedules);
    }

    /**
     * What makes moments of the schedules of a host.
     *
     * @param zone of the times in them, where its agent has not said
     * @param window outside of which no run starts
     * @param splay how late a run may start
     */
    public record Timing(ZoneId zone, Optional<DailyWindow> window, Duration splay) {
        /** That of a host of which the configuration says nothing. */
        public static Timing in(ZoneId zone) {
            return new Timing(zone, Optional.empty(), Duration.ZERO);
        }
    }

    Key key() {
        return new Key(host, volume);
    }

    List<Job> jobs() {
        return schedules.stream().map(cron -> new Job(key(), cron.text())).toList();
    }

    /** A volume by its name. */
    record Key(String host, String volume) {}

    /** A schedule of a volume, as the configuration has it. */
    record Job(Key volume, String schedule) {}
}
