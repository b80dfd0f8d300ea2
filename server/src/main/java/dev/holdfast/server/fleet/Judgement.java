package dev.holdfast.server.fleet;

import dev.holdfast.core.fleet.VolumeStatus;
import dev.holdfast.core.schedule.Cron;
import dev.holdfast.core.schedule.InvalidScheduleException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is to be thought of one volume. A run is owed from the first moment after the last snapshot at which one was due: by what the
 * agent announced, which knows of splay and windows; beyond that, or where no agent ever said anything, by the schedule itself. It
 * is overdue a quarter of an hour later, as on the host, unless it is under way.
 */
final class Judgement {
    /** As long as a run may take to begin and end without anybody being told. */
    static final Duration GRACE = Duration.ofMinutes(15);

    private final Instant now;

    Judgement(Instant now) {
        this.now = now;
    }

    /**
     * @param host what the host announced, if it ever did
     * @param connected whether its agent is there
     * @param started since when its agent says that a run is under way
     * @param knownSince when this server first heard that the volume is scheduled
     */
    VolumeStatus of(
            Expected expected,
            Optional<HostRecord> host,
            boolean connected,
            Optional<Instant> started,
            Optional<LastRun> run,
            Instant knownSince) {
        List<HostRecord.Promise> promises = host.map(HostRecord::promises).orElse(List.of()).stream()
                .filter(promise -> promise.volume().equals(expected.volume()))
                .toList();
        Instant good = expected.last().map(VolumeStatus.Snapshot::received).orElse(Instant.MIN);
        ZoneId zone = zone(host, expected.zone());
        Optional<Instant> owed = promises.isEmpty()
                ? first(expected.schedules().stream().map(cron -> after(cron, later(good, knownSince), zone)))
                : first(promises.stream().flatMap(promise -> owed(promise, good, zone).stream()));
        Optional<Instant> running = expected.running().or(() -> started);
        boolean overdue = running.isEmpty()
                && owed.filter(due -> due.plus(GRACE).isBefore(now)).isPresent();
        return new VolumeStatus(
                expected.host(),
                expected.volume(),
                schedule(expected, promises),
                expected.last(),
                owed.filter(due -> due.isAfter(now)).or(() -> next(expected, promises, zone)),
                overdue ? owed : Optional.empty(),
                running,
                run.map(LastRun::shown),
                host.map(one -> new VolumeStatus.Agent(connected, one.paused(), Optional.of(one.since())))
                        .orElse(VolumeStatus.Agent.NEVER));
    }

    private static String schedule(Expected expected, List<HostRecord.Promise> promises) {
        List<String> texts = promises.isEmpty()
                ? expected.schedules().stream().map(Cron::text).toList()
                : promises.stream().map(HostRecord.Promise::schedule).toList();
        return String.join("; ", texts);
    }

    private Optional<Instant> owed(HostRecord.Promise promise, Instant good, ZoneId zone) {
        Optional<Instant> told = Stream.concat(promise.owedSince().stream(), promise.due().stream())
                .filter(due -> due.isAfter(good))
                .findFirst();
        return told.or(() -> cron(promise).map(cron -> after(cron, later(good, lastTold(promise)), zone)));
    }

    private Instant lastTold(HostRecord.Promise promise) {
        return promise.due().isEmpty() ? now : promise.due().get(promise.due().size() - 1);
    }

    private Optional<Instant> next(Expected expected, List<HostRecord.Promise> promises, ZoneId zone) {
        Optional<Instant> told = first(
                promises.stream().flatMap(promise -> promise.due().stream()).filter(due -> due.isAfter(now)));
        Collection<Cron> crons = promises.isEmpty()
                ? expected.schedules()
                : promises.stream().flatMap(promise -> cron(promise).stream()).toList();
        return told.or(() -> first(crons.stream().map(cron -> after(cron, now, zone))));
    }

    private static Optional<Cron> cron(HostRecord.Promise promise) {
        try {
            return Optional.of(Cron.parse(promise.schedule()));
        } catch (InvalidScheduleException e) {
            return Optional.empty(); // of a newer agent, which will say itself when it is due
        }
    }

    private static ZoneId zone(Optional<HostRecord> host, ZoneId otherwise) {
        try {
            return host.map(HostRecord::zone)
                    .filter(text -> !text.isEmpty())
                    .map(ZoneId::of)
                    .orElse(otherwise);
        } catch (DateTimeException e) {
            return otherwise;
        }
    }

    private static Instant after(Cron cron, Instant moment, ZoneId zone) {
        return cron.nextAfter(moment.atZone(zone)).toInstant();
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static Optional<Instant> first(Stream<Instant> moments) {
        return moments.min(Comparator.naturalOrder());
    }
}
