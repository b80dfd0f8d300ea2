package dev.holdfast.server.fleet;

import dev.holdfast.core.fleet.Announcement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a host has last announced, in times of the server.
 *
 * @param since when its agent was last seen to come or go
 */
record HostRecord(String host, Instant since, boolean paused, String zone, List<Promise> promises) {
    HostRecord {
        promises = List.copyOf(promises);
    }

    /** One job. */
    record Promise(String volume, String schedule, Optional<Instant> owedSince, List<Instant> due) {
        Promise {
            due = List.copyOf(due);
        }
    }

    static HostRecord fresh(String host, Instant now) {
        return new HostRecord(host, now, false, "", List.of());
    }

    HostRecord announced(Announcement announcement, Instant now) {
        return new HostRecord(
                host,
                since,
                announcement.paused(),
                announcement.zone(),
                announcement.jobs().stream()
                        .map(job -> new Promise(
                                job.volume(),
                                job.schedule(),
                                job.owedFor().map(now::minus),
                                job.due().stream().map(now::plus).toList()))
                        .toList());
    }

    HostRecord seen(Instant now) {
        return new HostRecord(host, now, paused, zone, promises);
    }
}
