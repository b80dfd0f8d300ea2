package dev.holdfast.server.notify;

import dev.holdfast.core.config.Client;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.HostConfiguration;
import dev.holdfast.core.config.Job;
import dev.holdfast.core.config.Setting;
import dev.holdfast.core.schedule.Cron;
import dev.holdfast.core.schedule.DailyWindow;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What hosts should have sent, by the schedules that the server's own configuration has for them. A snapshot counts for what was due
 * up to a little after it came, since the clock of a host may be ahead.
 */
final class Expectations {
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(10);

    private final Duration grace;
    private final Map<String, List<Expected>> jobs = new HashMap<>();
    private final Map<Expected, Deadline> deadlines = new HashMap<>();

    private Expectations(Duration grace) {
        this.grace = grace;
    }

    /** One job: {@code name} stays as long as host, volume and schedule do. */
    private record Expected(String name, Cron schedule, ZoneId zone, Optional<DailyWindow> window, Duration splay) {}

    /** When a run is due after {@code baseline}, and when it is missed. */
    private record Deadline(Instant baseline, Instant due, Instant missed) {}

    /** {@code zone} is that of the server's machine, for hosts of which no zone is known. */
    static Expectations of(Configuration configuration, String server, ZoneId zone) {
        Expectations expectations = new Expectations(configuration.watch().graceInForce());
        for (Client client : configuration.clients()) {
            HostConfiguration host = configuration.forHost(client.name());
            for (Setting<Job> setting : host.jobs()) {
                Job job = setting.value();
                if (job.server().equals(server)) {
                    expectations
                            .jobs
                            .computeIfAbsent(LookoutBook.key(client.name(), job.volume()), any -> new ArrayList<>())
                            .add(new Expected(
                                    client.name() + "/" + job.volume() + " " + job.schedule(),
                                    job.schedule(),
                                    host.timeZone().value().orElse(zone),
                                    host.window().value(),
                                    host.splay().value()));
                }
            }
        }
        return expectations;
    }

    /** Since when a backup is missing; empty when all is well, or nothing is due by itself. */
    Optional<Instant> missedSince(Sighting.Backup backup, LookoutBook book, Instant now) {
        return jobs.getOrDefault(LookoutBook.key(backup.host(), backup.volume()), List.of()).stream()
                .map(job -> deadline(job, baseline(job, backup, book, now)))
                .filter(deadline -> deadline.missed.isBefore(now))
                .map(Deadline::due)
                .min(Instant::compareTo);
    }

    /** A job that is new is not asked for what was due before. */
    private static Instant baseline(Expected job, Sighting.Backup backup, LookoutBook book, Instant now) {
        Instant since = book.expectedSince(job.name, now);
        Instant last = backup.last()
                .map(snapshot -> snapshot.received().plus(tolerance(job, snapshot.received())))
                .orElse(since);
        return last.isAfter(since) ? last : since;
    }

    private static Duration tolerance(Expected job, Instant moment) {
        ZonedDateTime first = job.schedule.nextAfter(moment.atZone(job.zone));
        Duration half = Duration.between(first, job.schedule.nextAfter(first)).dividedBy(2);
        return half.compareTo(CLOCKS_DIFFER) < 0 ? half : CLOCKS_DIFFER;
    }

    private Deadline deadline(Expected job, Instant baseline) {
        Deadline known = deadlines.get(job);
        if (known != null && known.baseline.equals(baseline)) {
            return known;
        }
        ZonedDateTime due = job.schedule.nextAfter(baseline.atZone(job.zone));
        Instant starts = job.window
                .map(window -> window.firstInside(due))
                .orElse(due)
                .plus(job.splay)
                .toInstant();
        Deadline fresh = new Deadline(baseline, due.toInstant(), starts.plus(grace));
        deadlines.put(job, fresh);
        return fresh;
    }

    boolean has(String host, String volume) {
        return jobs.containsKey(LookoutBook.key(host, volume));
    }

    boolean isJob(String name) {
        return jobs.values().stream().flatMap(List::stream).anyMatch(job -> job.name.equals(name));
    }
}
