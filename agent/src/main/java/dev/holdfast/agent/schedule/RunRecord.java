package dev.holdfast.agent.schedule;

import dev.holdfast.core.problem.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How the last run of a job went.
 *
 * @param achievement of a run that made a snapshot
 * @param failure of one that did not
 */
public record RunRecord(
        Result result,
        Instant began,
        Duration took,
        Optional<JobRunner.Achievement> achievement,
        Optional<Failure> failure) {
    /** In one word, as {@code --json} has it. */
    public enum Result {
        DONE("done"),
        PARTIAL("partial"),
        FAILED("failed"),
        /** The agent ended during the run, which goes on when there is one again. */
        INTERRUPTED("interrupted"),
        /** Nobody was there to run it, and nobody wants it made up for. */
        SKIPPED("skipped"),
        /** Whoever wanted it wants it no more: neither a snapshot nor a failure. */
        CANCELLED("cancelled");

        private final String word;

        Result(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }

        public boolean isGood() {
            return this == DONE || this == PARTIAL;
        }
    }

    /** {@code code} is a label such as {@code HF-UNREACHABLE}. */
    public record Failure(String code, String message, String hint) {
        static Failure of(Problem problem) {
            return new Failure(problem.code().label(), problem.message(), problem.hint());
        }
    }

    /** What came of a run that has made a snapshot. */
    public static RunRecord made(Instant began, Duration took, JobRunner.Achievement achievement) {
        Result result = achievement.unreadable() > 0 ? Result.PARTIAL : Result.DONE;
        return new RunRecord(result, began, took, Optional.of(achievement), Optional.empty());
    }

    static RunRecord without(Result result, Instant began, Duration took, Failure failure) {
        return new RunRecord(result, began, took, Optional.empty(), Optional.of(failure));
    }
}
