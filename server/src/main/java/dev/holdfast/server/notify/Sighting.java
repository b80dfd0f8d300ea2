package dev.holdfast.server.notify;

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
     * @param announced whether the host has told when it backs up
     * @param owedSince when, by what it told, the backup should have come that has not
     */
    public record Backup(
            String host,
            String volume,
            Optional<Snapshot> last,
            boolean running,
            boolean announced,
            Optional<Instant> owedSince) {}

    /** The newest one; {@code id} is short, for people. */
    public record Snapshot(String id, Instant received, boolean partial, long files, long bytes) {}
}
