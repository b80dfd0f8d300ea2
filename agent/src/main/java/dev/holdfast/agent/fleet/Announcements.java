package dev.holdfast.agent.fleet;

import dev.holdfast.agent.marker.UnfinishedRestore;
import dev.holdfast.agent.schedule.JobRunner;
import dev.holdfast.agent.schedule.JobState;
import dev.holdfast.agent.schedule.Plan;
import dev.holdfast.agent.schedule.RunRecord;
import dev.holdfast.agent.schedule.ScheduleReport;
import dev.holdfast.core.fleet.Announcement;
import dev.holdfast.core.fleet.OpenRestore;
import dev.holdfast.core.fleet.RunReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What this host knows of itself, in the words of the wire: times are distances from now. */
record Announcements(Plan plan, ScheduleReport report, List<UnfinishedRestore> unfinished, String server, Instant now) {

    Announcement schedule() {
        return new Announcement(
                report.paused(),
                plan.timing().zone().getId(),
                states().limit(Announcement.MOST_JOBS).map(this::job).toList());
    }

    private Stream<JobState> states() {
        return report.jobs().stream()
                .map(ScheduleReport.Line::state)
                .filter(state -> state.name().server().equals(server));
    }

    private Announcement.Job job(JobState state) {
        Optional<Instant> late = Optional.of(state.next()).filter(next -> next.isBefore(now));
        return new Announcement.Job(
                state.name().volume(),
                state.name().schedule(),
                state.owedSince().or(() -> late).map(since -> Duration.between(since, now)),
                plan.upcoming(state, Announcement.MOST_DUE).stream()
                        .filter(due -> due.isAfter(now))
                        .map(due -> Duration.between(now, due))
                        .toList());
    }

    /** How the last run of each job went, and which are under way: the server may have missed it. */
    List<RunReport> runs() {
        List<RunReport> runs = new ArrayList<>();
        states().forEach(state -> {
            state.last().ifPresent(run -> runs.add(ended(state.name().volume(), "", run, now)));
            state.runningSince().ifPresent(since -> runs.add(began(state.name().volume(), "", since, now)));
        });
        return runs;
    }

    /** Those that were left before those at work, if there are more than can be told. */
    List<OpenRestore.Told> restores() {
        return unfinished.stream()
                .sorted(Comparator.comparing(UnfinishedRestore::running))
                .limit(OpenRestore.MOST)
                .map(one -> new OpenRestore.Told(restore(one), distance(one.since(), now)))
                .toList();
    }

    private static OpenRestore restore(UnfinishedRestore one) {
        return new OpenRestore(
                one.target().toString(), one.volume(), one.id(), one.source(), one.whole(), one.running(), one.again());
    }

    static RunReport began(String volume, String by, Instant began, Instant now) {
        return new RunReport(
                volume,
                RunReport.Result.STARTED,
                began.toEpochMilli(),
                by,
                distance(began, now),
                Duration.ZERO,
                RunReport.Made.NOTHING,
                RunReport.Failure.NONE);
    }

    static RunReport ended(String volume, String by, RunRecord run, Instant now) {
        return new RunReport(
                volume,
                RunReport.Result.valueOf(run.result().name()),
                run.began().toEpochMilli(),
                by,
                distance(run.began().plus(run.took()), now),
                run.took(),
                run.achievement().map(Announcements::made).orElse(RunReport.Made.NOTHING),
                run.failure()
                        .map(why -> new RunReport.Failure(why.code(), why.message(), why.hint()))
                        .orElse(RunReport.Failure.NONE));
    }

    static RunReport.Made made(JobRunner.Achievement made) {
        return new RunReport.Made(made.snapshot(), made.files(), made.bytes(), made.bytesSent(), made.unreadable());
    }

    private static Duration distance(Instant moment, Instant now) {
        Duration since = Duration.between(moment, now);
        return since.isNegative() ? Duration.ZERO : since;
    }
}
