package dev.holdfast.server.fleet;

import dev.holdfast.core.fleet.OpenRestore;
import dev.holdfast.core.fleet.RestoreStatus;
import dev.holdfast.core.fleet.RunReport;
import dev.holdfast.core.fleet.VolumeStatus;
import dev.holdfast.core.schedule.Cron;
import dev.holdfast.core.schedule.InvalidScheduleException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What is to be thought of one volume. A run is owed from the first moment after the last snapshot at which one was due: by what the
 * agent announced, which knows its clock and its splay; where no agent ever said anything, by the schedule that the configuration has,
 * at the latest moment at which a run may begin by it. That also counts a day later whatever was announced, so that nobody can announce
 * that nothing is ever due. What is owed is overdue a quarter of an hour later, as on the host, unless it is under way.
 */
final class Judgement {
    /** As long as a run may take to begin and end without anybody being told. */
    static final Duration GRACE = Duration.ofMinutes(15);

    private static final Duration ANNOUNCED = Duration.ofDays(1);
    /** A snapshot counts for what was due up to so long after it came: the clock of a host may be ahead. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(10);

    private final Instant now;

    Judgement(Instant now) {
        this.now = now;
    }

    /**
     * @param host what the host announced, if it ever did
     * @param connected whether its agent is there
     * @param started since when its agent says that a run is under way
     * @param knownSince when this server first saw a schedule of the volume: it is not asked for what was due before
     */
    Verdict of(
            Expected expected,
            Optional<HostRecord> host,
            boolean connected,
            Optional<Instant> started,
            Optional<LastRun> run,
            Function<Cron, Instant> knownSince) {
        List<HostRecord.Promise> promises = host.map(HostRecord::promises).orElse(List.of()).stream()
                .filter(promise -> promise.volume().equals(expected.volume()))
                .toList();
        Plan plan = new Plan(expected.timing(), zone(host, expected.timing().zone()));
        Optional<Instant> due = owed(expected, promises, plan, knownSince);
        Optional<Instant> owed = due.filter(moment -> !moment.isAfter(now));
        Optional<Instant> running = expected.running().or(() -> started);
        boolean overdue = running.isEmpty()
                && owed.filter(moment -> moment.plus(GRACE).isBefore(now)).isPresent();
        VolumeStatus status = new VolumeStatus(
                expected.host(),
                expected.volume(),
                schedule(expected, promises),
                expected.last(),
                due.filter(moment -> moment.isAfter(now)).or(() -> next(expected, promises, plan)),
                overdue ? owed : Optional.empty(),
                running,
                run.map(LastRun::shown).filter(one -> !outlived(one, expected.last())),
                host.map(one -> new VolumeStatus.Agent(connected, one.paused(), Optional.of(one.since())))
                        .orElse(VolumeStatus.Agent.NEVER));
        return new Verdict(status, owed);
    }

    /** A restore of which nobody has heard for long is not at work any more, whatever its host said last. */
    static RestoreStatus of(RestoreStatus told, boolean connected, Instant lastSeen, Instant now) {
        OpenRestore restore = told.restore();
        boolean running =
                restore.running() && (connected || lastSeen.plus(GRACE).isAfter(now));
        OpenRestore judged = new OpenRestore(
                restore.target(),
                restore.volume(),
                restore.snapshot(),
                restore.source(),
                restore.whole(),
                running,
                restore.again());
        return new RestoreStatus(
                told.host(), told.since(), judged, running && !connected ? Optional.of(lastSeen) : Optional.empty());
    }

    /** Why there was no snapshot is of no interest once there is one. */
    private static boolean outlived(VolumeStatus.Run run, Optional<VolumeStatus.Snapshot> last) {
        return run.result() == RunReport.Result.FAILED
                && last.filter(snapshot -> snapshot.received().isAfter(run.ended()))
                        .isPresent();
    }

    private static String schedule(Expected expected, List<HostRecord.Promise> promises) {
        List<String> texts = promises.isEmpty()
                ? expected.schedules().stream().map(Cron::text).toList()
                : promises.stream().map(HostRecord.Promise::schedule).toList();
        return String.join("; ", texts);
    }

    private Optional<Instant> owed(
            Expected expected, List<HostRecord.Promise> promises, Plan plan, Function<Cron, Instant> knownSince) {
        Optional<Instant> good = expected.last().map(VolumeStatus.Snapshot::received);
        Optional<Instant> configured =
                first(expected.schedules().stream().map(cron -> plan.latestAfter(cron, good, knownSince.apply(cron))));
        if (promises.isEmpty()) {
            return configured;
        }
        return first(promises.stream().flatMap(promise -> promised(promise, good, plan).stream()))
                .filter(due -> !due.isAfter(now))
                .or(() -> configured.filter(due -> due.plus(ANNOUNCED).isBefore(now)));
    }

    /** What the agent said last goes on counting when it has gone, and its schedule after that. */
    private Optional<Instant> promised(HostRecord.Promise promise, Optional<Instant> good, Plan plan) {
        return Stream.concat(promise.owedSince().stream(), promise.due().stream())
                .filter(due -> due.isAfter(good.orElse(Instant.MIN)))
                .findFirst()
                .or(() -> cron(promise).map(cron -> plan.latestAfter(cron, good, lastTold(promise))));
    }

    private Instant lastTold(HostRecord.Promise promise) {
        return promise.due().isEmpty() ? now : promise.due().get(promise.due().size() - 1);
    }

    private Optional<Instant> next(Expected expected, List<HostRecord.Promise> promises, Plan plan) {
        Optional<Instant> told = first(
                promises.stream().flatMap(promise -> promise.due().stream()).filter(due -> due.isAfter(now)));
        Collection<Cron> crons = promises.isEmpty()
                ? expected.schedules()
                : promises.stream().flatMap(promise -> cron(promise).stream()).toList();
        return told.or(() ->
                first(crons.stream().map(cron -> plan.after(cron, now).toInstant())));
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

    private static Optional<Instant> first(Stream<Instant> moments) {
        return moments.min(Comparator.naturalOrder());
    }

    /** When runs of a host begin. */
    private record Plan(Expected.Timing timing, ZoneId zone) {
        /** The next time, moved into the hours in which runs begin. */
        ZonedDateTime after(Cron cron, Instant moment) {
            ZonedDateTime due = cron.nextAfter(moment.atZone(zone));
            return timing.window().map(window -> window.firstInside(due)).orElse(due);
        }

        /** The latest moment at which the first run begins that neither {@code good} nor anything before {@code since} was. */
        Instant latestAfter(Cron cron, Optional<Instant> good, Instant since) {
            Instant base = good.map(moment -> moment.plus(tolerance(cron, moment)))
                    .filter(moment -> moment.isAfter(since))
                    .orElse(since);
            return after(cron, base).plus(timing.splay()).toInstant();
        }

        private Duration tolerance(Cron cron, Instant moment) {
            ZonedDateTime first = cron.nextAfter(moment.atZone(zone));
            Duration half = Duration.between(first, cron.nextAfter(first)).dividedBy(2);
            return half.compareTo(CLOCKS_DIFFER) < 0 ? half : CLOCKS_DIFFER;
        }
    }
}
