package dev.holdfast.server.fleet;

import dev.holdfast.core.fleet.Announcement;
import dev.holdfast.core.fleet.OpenRestore;
import dev.holdfast.core.fleet.RestoreStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a host has last announced, in times of the server.
 *
 * @param since when its agent was last seen to come or go
 * @param restores those of which its agent has said that they have not come to their end
 */
record HostRecord(
        String host, Instant since, boolean paused, String zone, List<Promise> promises, List<RestoreStatus> restores) {
    HostRecord {
        promises = List.copyOf(promises);
        restores = List.copyOf(restores);
    }

    /** One job. */
    record Promise(String volume, String schedule, Optional<Instant> owedSince, List<Instant> due) {
        Promise {
            due = List.copyOf(due);
        }
    }

    static HostRecord fresh(String host, Instant now) {
        return new HostRecord(host, now, false, "", List.of(), List.of());
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
                        .toList(),
                restores);
    }

    HostRecord seen(Instant now) {
        return new HostRecord(host, now, paused, zone, promises, restores);
    }

    HostRecord restoring(List<OpenRestore.Told> told, Instant now) {
        List<RestoreStatus> all = told.stream()
                .map(one -> new RestoreStatus(host, now.minus(one.ago()), one.restore()))
                .toList();
        return new HostRecord(host, since, paused, zone, promises, all);
    }
}
