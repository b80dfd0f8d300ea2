package dev.holdfast.server.fleet;

import dev.holdfast.core.fleet.VolumeStatus;
import dev.holdfast.core.schedule.Cron;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * A volume of a host that is backed up to this server, as the configuration has it, and what there is of it.
 *
 * @param schedules when the host is to back it up to this server by itself
 * @param zone of the times in them, where its agent has not said
 * @param running since when a backup of it comes in
 */
public record Expected(
        String host,
        String volume,
        List<Cron> schedules,
        ZoneId zone,
        Optional<VolumeStatus.Snapshot> last,
        Optional<Instant> running) {
    public Expected {
        schedules = List.copyOf(schedules);
    }

    Key key() {
        return new Key(host, volume);
    }

    /** A volume by its name. */
    record Key(String host, String volume) {}
}
