package dev.holdfast.server.notify;

import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.ConfigurationReader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Configurations, sightings and notices to start from. */
final class Things {
    /** Saturday. */
    static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private Things() {}

    /** The server {@code annex} and the host {@code production} with its volume {@code orderly}, due daily at two. */
    static Configuration configuration(String more) {
        return configuration("daily at 02:00", more);
    }

    static Configuration configuration(String schedule, String more) {
        return ConfigurationReader.read(Path.of("holdfast.yaml"), """
                        servers:
                          - { name: annex, hostname: localhost, port: 10022, data: /srv/holdfast }
                        clients:
                          - name: production
                            backup: [orderly, media]
                            schedule: { jobs: [ { server: annex, volume: orderly, schedule: "%s" } ] }
                        volumes:
                          - { name: orderly }
                          - { name: media }
                        time_zone: UTC
                        """.formatted(schedule) + more)
                .orThrow();
    }

    static Sighting sighting(Sighting.Backup... backups) {
        return new Sighting(List.of(backups), Optional.of(List.of()), OptionalLong.of(1L << 40), 0);
    }

    static Sighting.Backup orderly(Sighting.Snapshot... last) {
        return backup("orderly", last);
    }

    static Sighting.Backup backup(String volume, Sighting.Snapshot... last) {
        return backup(volume, Optional.empty(), last);
    }

    /** One that should have come at that moment and has not. */
    static Sighting.Backup owed(Instant since, Sighting.Snapshot... last) {
        return backup("orderly", Optional.of(since), last);
    }

    /** The same, of which that is thought. */
    static Sighting.Backup standing(Sighting.Backup backup, Sighting.Standing standing) {
        return new Sighting.Backup(
                backup.host(),
                backup.volume(),
                backup.last(),
                backup.running(),
                backup.scheduled(),
                backup.owedSince(),
                standing);
    }

    private static Sighting.Backup backup(String volume, Optional<Instant> owed, Sighting.Snapshot... last) {
        Optional<Sighting.Snapshot> newest = last.length == 0 ? Optional.empty() : Optional.of(last[0]);
        return new Sighting.Backup(
                "production", volume, newest, false, volume.equals("orderly"), owed, Sighting.Standing.WELL);
    }

    static Sighting.Snapshot whole(String id, Instant received) {
        return new Sighting.Snapshot(id, received, false, 3, 4096);
    }

    static Sighting.Snapshot partial(String id, Instant received) {
        return new Sighting.Snapshot(id, received, true, 3, 4096);
    }

    /** About {@code production/orderly}, with texts that nobody may take for anything else. */
    static Notice notice(Notice.Kind kind, String title) {
        return new Notice(
                kind,
                Notice.Occasion.FIRST,
                "annex",
                "production",
                "orderly",
                NOON,
                Optional.of(NOON.minusSeconds(3600)),
                Optional.of(new Notice.LastGood("0123abcd", NOON.minusSeconds(90_000))),
                Optional.of(new Cause("HF-UNREACHABLE", "no connection", "Look at the network.")),
                "Look at the network.",
                Set.of(),
                title,
                "what happened\nand what to do",
                "");
    }

    static final Observer NOTHING_TO_SEE = new Observer() {
        @Override
        public Sighting look(boolean thorough) {
            return sighting();
        }

        @Override
        public Map<String, Runs> runsSince(Instant from) {
            return Map.of();
        }
    };
}
