package dev.holdfast.agent.schedule;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.progress.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/** A backup that somebody wants now, whatever the schedule says. */
public final class Demand {
    private final String server;
    private final String volume;
    private final String by;
    private final Progress watcher;
    private final Consumer<RunRecord> end;
    private volatile boolean cancelled;

    /**
     * @param by who wants it
     * @param end told once how it went, also when it never began
     */
    public Demand(String server, String volume, String by, Progress watcher, Consumer<RunRecord> end) {
        this.server = server;
        this.volume = volume;
        this.by = by;
        this.watcher = watcher;
        this.end = end;
    }

    String server() {
        return server;
    }

    String volume() {
        return volume;
    }

    String by() {
        return by;
    }

    Progress watcher() {
        return watcher;
    }

    void cancel() {
        cancelled = true;
    }

    boolean isCancelled() {
        return cancelled;
    }

    /** It was taken back in time. */
    void neverBegan(Instant now) {
        Problem why = Problem.of(ProblemCode.CANCELLED, "cancelled before it began", "");
        ended(RunRecord.without(RunRecord.Result.CANCELLED, now, Duration.ZERO, RunRecord.Failure.of(why)));
    }

    void ended(RunRecord run) {
        end.accept(run);
    }
}
