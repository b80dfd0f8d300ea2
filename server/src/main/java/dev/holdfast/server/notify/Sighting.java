package dev.holdfast.server.notify;

import dev.holdfast.core.fleet.VolumeStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a server sees when it looks around.
 *
 * @param backups all that hosts back up to it
 * @param damage what is damaged, in words; empty when nobody looked
 * @param freeBytes on the disk of the data folder; empty when that cannot be read
 * @param storedBytes in all realms
 */
public record Sighting(List<Backup> backups, Optional<List<String>> damage, OptionalLong freeBytes, long storedBytes) {
    public Sighting {
        backups = List.copyOf(backups);
        damage = damage.map(List::copyOf);
    }

    /**
     * How a volume of a host stands.
     *
     * @param running while the host is sending it
     * @param scheduled whether it is due by itself
     * @param owedSince when the backup should have come that has not, however short a time that is ago
     * @param standing what is thought of it now, told or not
     */
    public record Backup(
            String host,
            String volume,
            Optional<Snapshot> last,
            boolean running,
            boolean scheduled,
            Optional<Instant> owedSince,
            Standing standing) {}

    /**
     * The judgement that {@code status} shows.
     *
     * @param failedSince when the last run failed, if nothing has come after it
     * @param paused whether somebody has stopped the schedule of the host
     */
    public record Standing(Optional<Instant> overdueSince, Optional<Instant> failedSince, boolean paused) {
        /** Of what nobody waits for. */
        public static final Standing WELL = new Standing(Optional.empty(), Optional.empty(), false);

        public static Standing of(VolumeStatus status) {
            return new Standing(
                    status.overdueSince(),
                    status.run().filter(run -> status.failed()).map(VolumeStatus.Run::ended),
                    status.agent().paused());
        }
    }

    /** The newest one; {@code id} is short, for people. */
    public record Snapshot(String id, Instant received, boolean partial, long files, long bytes) {}
}
