package dev.holdfast.agent.schedule;

import dev.holdfast.agent.schedule.RunRecord.Failure;
import dev.holdfast.agent.schedule.RunRecord.Result;
import dev.holdfast.core.config.Job;
import dev.holdfast.core.problem.ProblemCode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which job is to run now, and when the next one is. Jobs lie in a heap by the moment at which they start; one runs at a time, so no
 * two runs ever meet on one volume, and a run has the memory of the process for itself.
 *
 * <p>A job is described by how far its schedule is <em>covered</em>: a run covers all that was due before it began, so whatever was
 * missed while nobody was there is made up for by one run. A failed run is retried at growing distances while its next time comes
 * nearer. Nothing is decided by how long ago something was on a clock that may have been set: see {@link #settle}.
 */
public final class Scheduler {
    private static final Logger log = LoggerFactory.getLogger(Scheduler.class);
    private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
    /** By then a server has been away for about two days and a half. */
    private static final int MOST_TRIES = 65;
    /** A gap this long between two looks means that the machine slept, or that its clock was set. */
    private static final Duration ABSENCE = Duration.ofMinutes(5);

    private static final Duration CORRECTION = Duration.ofDays(1);

    private final ScheduleBook book;
    private final InstantSource clock;
    private final Map<JobState.Name, Job> jobs = new HashMap<>();
    private final PriorityQueue<JobState> waiting = new PriorityQueue<>(Comparator.comparing(JobState::next));
    private Timing timing;
    private Instant lastLook;
    private Optional<JobState.Name> running = Optional.empty();

    /** Takes up what the book says of the past. */
    public Scheduler(ScheduleBook book, Plan plan, InstantSource clock) {
        this.book = book;
        this.clock = clock;
        this.timing = plan.timing();
        this.lastLook = clock.instant();
        adopt(plan);
        skipMissed(lastLook);
        book.save();
    }

    /** From now on these jobs; those that were there before keep their past. */
    public synchronized void adopt(Plan plan) {
        Instant now = clock.instant();
        timing = plan.timing();
        jobs.clear();
        plan.jobs().forEach(job -> jobs.put(JobState.Name.of(job), job));
        book.keepOnly(plan.jobs(), now);
        for (JobState state : book.jobs()) {
            book.put(state.runningSince().isPresent() && !running(state) ? interrupted(state, now) : state);
        }
        settle(now);
        book.save();
    }

    private boolean running(JobState state) {
        return running.filter(state.name()::equals).isPresent();
    }

    /** The job that is to be started now, which counts as running until it has {@link #succeeded} or {@link #failed}. */
    public synchronized Optional<Job> begin() {
        Instant now = clock.instant();
        if (now.isBefore(lastLook)) {
            log.warn("the clock was set back by {}", Duration.between(now, lastLook));
            settle(now);
        } else if (Duration.between(lastLook, now).compareTo(ABSENCE) > 0) {
            skipMissed(now);
        }
        lastLook = now;
        JobState first = waiting.peek();
        if (book.isPaused()
                || running.isPresent()
                || first == null
                || first.next().isAfter(now)) {
            return Optional.empty();
        }
        waiting.remove();
        running = Optional.of(first.name());
        book.put(first.begun(now));
        book.save();
        return Optional.ofNullable(jobs.get(first.name()));
    }

    /** The job of the schedule that makes such a backup, which is begun out of turn, also during a pause; it ends by {@link #endedNow}. */
    synchronized Optional<Job> beginNow(String server, String volume) {
        Instant now = clock.instant();
        Optional<Job> job = jobs.values().stream()
                .filter(one -> one.server().equals(server) && one.volume().equals(volume))
                .findFirst();
        Optional<JobState> state = job.flatMap(one -> book.find(JobState.Name.of(one)));
        if (job.isEmpty() || state.isEmpty()) {
            return Optional.empty();
        }
        waiting.removeIf(one -> one.name().equals(state.get().name()));
        running = Optional.of(state.get().name());
        book.put(state.get().begunOutOfTurn(now));
        book.save();
        return job;
    }

    /** A success is one as any other; a failure leaves the job as due as it was. */
    synchronized void endedNow(Job job, RunRecord run) {
        ended(job, state -> run.result().isGood() ? state.served(run) : state.failedOutOfTurn(run));
    }

    /** Somebody has made that snapshot. A job that is under way tells of its own one; false when there is none to be served. */
    synchronized boolean count(MadeSnapshot made) {
        List<JobState> served =
                made.jobsIn(book).stream().filter(state -> !running(state)).toList();
        served.forEach(state -> book.put(state.served(made.run())));
        settle(clock.instant());
        book.save();
        return !served.isEmpty();
    }

    /** How long nothing is due; never longer than a look at the clock may wait. */
    public synchronized Duration untilNext(Duration longest) {
        JobState first = waiting.peek();
        if (book.isPaused() || first == null) {
            return longest;
        }
        Duration left = Duration.between(clock.instant(), first.next());
        return left.isNegative() ? Duration.ZERO : left.compareTo(longest) < 0 ? left : longest;
    }

    /** The job that was begun has made a snapshot. */
    public synchronized void succeeded(Job job, RunRecord run) {
        ended(job, state -> state.succeeded(run, clock.instant()));
    }

    /** The job that was begun has made none; whether it is tried again before its next time is for the kind of failure to say. */
    public synchronized void failed(Job job, RunRecord run, ProblemCode.Retry retry) {
        ended(job, state -> {
            boolean again = retry != ProblemCode.Retry.NO && state.tries() < MOST_TRIES;
            return state.failed(
                    run, again ? Optional.of(clock.instant().plus(pauseAfter(state.tries() + 1))) : Optional.empty());
        });
    }

    /** The job that was begun was stopped, and goes on as soon as there is an agent again. */
    public synchronized void interrupted(Job job, RunRecord run) {
        ended(job, state -> state.failed(run, Optional.of(clock.instant())));
    }

    private interface Change {
        JobState of(JobState state);
    }

    private void ended(Job job, Change change) {
        running = Optional.empty();
        Instant now = clock.instant();
        lastLook = now;
        Optional<JobState> state = book.find(JobState.Name.of(job));
        // It may be gone from the configuration meanwhile.
        state.ifPresent(one -> book.put(change.of(one)));
        settle(now);
        book.save();
    }

    static Duration pauseAfter(int tries) {
        int doublings = Math.min(tries - 1, 10);
        Duration pause = FIRST_PAUSE.multipliedBy(1L << doublings);
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    /** No job is started until {@link #resume}, also not by the next agent. */
    public synchronized void pause() {
        book.pause(true);
        book.save();
    }

    public synchronized void resume() {
        Instant now = clock.instant();
        book.pause(false);
        skipMissed(now);
        lastLook = now;
        book.save();
    }

    public synchronized boolean isPaused() {
        return book.isPaused();
    }

    /** How all jobs stand now. */
    public synchronized ScheduleReport report(String host) {
        return ScheduleReport.of(host, book, Optional.empty(), true, clock.instant());
    }

    /** An agent was killed during this run. One that is killed again and again by the same run must not do nothing else. */
    private static JobState interrupted(JobState state, Instant now) {
        Instant began = state.runningSince().orElse(now);
        Duration wait = state.tries() == 0 ? Duration.ZERO : pauseAfter(state.tries());
        RunRecord run = RunRecord.without(
                Result.INTERRUPTED,
                began,
                Duration.ZERO,
                new Failure(
                        ProblemCode.CANCELLED.label(),
                        "the agent ended during the run",
                        "It is begun again by itself."));
        return state.failed(run, Optional.of(now.plus(wait)));
    }

    /**
     * Works out when each job starts, on a clock that may have been set back since the book was written. Up to a day is taken for a
     * slip: what is due first from now on counts as served, since it may be what has just run, and nothing runs twice. More than that
     * is taken for the correction of a clock that was wrong all the time: counting begins now, so that nothing waits for the wrong
     * date.
     */
    private void settle(Instant now) {
        waiting.clear();
        for (JobState state : book.jobs()) {
            Job job = jobs.get(state.name());
            if (job == null) {
                continue;
            }
            JobState settled = state.coveredTo(believable(job, state.covered(), now));
            Optional<Instant> latest = state.retryAt().filter(at -> at.isAfter(now.plus(LONGEST_PAUSE)));
            if (latest.isPresent()) {
                settled = settled.retriedAt(now.plus(LONGEST_PAUSE));
            }
            place(job, settled);
        }
    }

    private Instant believable(Job job, Instant covered, Instant now) {
        if (!covered.isAfter(now)) {
            return covered;
        }
        if (covered.isAfter(now.plus(CORRECTION))) {
            return now;
        }
        Instant first = timing.dueAfter(job, now);
        return first.isBefore(covered) ? first : covered;
    }

    private void place(Job job, JobState state) {
        Instant due = timing.startAfter(job, state.covered());
        Instant start = state.retryAt()
                .map(timing::within)
                .filter(retry -> retry.isBefore(due))
                .orElse(due);
        JobState placed = state.startingAt(start);
        book.put(placed);
        if (!running(placed)) {
            waiting.add(placed);
        }
    }

    /** What should have started while nobody was there is let go, where the configuration wants that. */
    private void skipMissed(Instant now) {
        if (timing.catchUp()) {
            return;
        }
        for (JobState state : book.jobs()) {
            Job job = jobs.get(state.name());
            if (job == null || running(state)) {
                continue;
            }
            Instant missed = timing.startAfter(job, state.covered());
            if (!missed.isAfter(now)) {
                log.warn("the backup of {} that was due at {} is not made up for", state.name(), missed);
                RunRecord run = RunRecord.without(
                        Result.SKIPPED,
                        missed,
                        Duration.ZERO,
                        new Failure(
                                ProblemCode.FAILED.label(),
                                "nobody was there to run it",
                                "With `catch_up: true` in the schedule it would be made up for."));
                book.put(state.skipped(run, now));
            }
        }
        settle(now);
    }
}
