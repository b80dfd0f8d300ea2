package dev.holdfast.agent.schedule;

import dev.holdfast.core.config.Job;
import java.time.Instant;
import java.util.Optional;

/**
 * What is known of one job.
 *
 * @param covered what was due up to then is dealt with: it ran, was skipped, or is to be retried
 * @param next when it starts next, as it was last worked out
 * @param owedSince when the run that has not succeeded yet should have started
 * @param tries how many runs have failed one after the other
 * @param retryAt when the failed run is tried again
 * @param runningSince set while it runs, and left behind when the agent is killed
 */
public record JobState(
        Name name,
        Instant covered,
        Instant next,
        Optional<Instant> owedSince,
        int tries,
        Optional<Instant> retryAt,
        Optional<Instant> runningSince,
        Optional<Instant> lastGood,
        Optional<RunRecord> last) {
    /** What makes a job the same one after a restart; with another schedule it begins anew. */
    public record Name(String server, String volume, String schedule) {
        static Name of(Job job) {
            return new Name(job.server(), job.volume(), job.schedule().text());
        }

        @Override
        public String toString() {
            return "'" + volume + "' to '" + server + "'";
        }
    }

    /** Seen for the first time. {@code before} is the same volume and server on another schedule, whose past it keeps. */
    static JobState fresh(Name name, Instant now, Optional<JobState> before) {
        return new JobState(
                name,
                now,
                now,
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                before.flatMap(JobState::lastGood),
                before.flatMap(JobState::last));
    }

    /** From now until it ends, all that was due counts as served. */
    JobState begun(Instant now) {
        return new JobState(
                name,
                now,
                next,
                Optional.of(owedSince.orElse(next.isBefore(now) ? next : now)),
                tries,
                Optional.empty(),
                Optional.of(now),
                lastGood,
                last);
    }

    /** It runs, though it is not due, or not yet. */
    JobState begunOutOfTurn(Instant now) {
        return new JobState(name, covered, next, owedSince, tries, retryAt, Optional.of(now), lastGood, last);
    }

    JobState failedOutOfTurn(RunRecord run) {
        return new JobState(
                name, covered, next, owedSince, tries, retryAt, Optional.empty(), lastGood, Optional.of(run));
    }

    JobState succeeded(RunRecord run, Instant now) {
        return new JobState(
                name,
                covered,
                next,
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.of(now),
                Optional.of(run));
    }

    /** Like a run of its own that nobody had to wait for: all that was due before it began is served. */
    JobState served(RunRecord run) {
        Instant end = run.began().plus(run.took());
        return succeeded(run, end).coveredTo(covered.isAfter(run.began()) ? covered : run.began());
    }

    JobState failed(RunRecord run, Optional<Instant> again) {
        return new JobState(
                name, covered, next, owedSince, tries + 1, again, Optional.empty(), lastGood, Optional.of(run));
    }

    JobState skipped(RunRecord run, Instant now) {
        return new JobState(name, now, next, owedSince, tries, retryAt, runningSince, lastGood, Optional.of(run));
    }

    JobState coveredTo(Instant moment) {
        return new JobState(name, moment, next, owedSince, tries, retryAt, runningSince, lastGood, last);
    }

    JobState retriedAt(Instant moment) {
        return new JobState(name, covered, next, owedSince, tries, Optional.of(moment), runningSince, lastGood, last);
    }

    JobState startingAt(Instant moment) {
        return new JobState(name, covered, moment, owedSince, tries, retryAt, runningSince, lastGood, last);
    }
}
