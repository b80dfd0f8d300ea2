package dev.holdfast.agent.schedule;

import dev.holdfast.core.config.Job;
import java.util.concurrent.CompletableFuture;

/** A run that the schedule has begun, as far as others can take it back. */
final class ScheduledRun {
    private final Job job;
    private final CompletableFuture<RunRecord> end = new CompletableFuture<>();
    private volatile boolean cancelled;

    ScheduledRun(Job job) {
        this.job = job;
    }

    boolean isOf(String server, String volume) {
        return job.server().equals(server) && job.volume().equals(volume);
    }

    void cancel() {
        cancelled = true;
    }

    boolean isCancelled() {
        return cancelled;
    }

    void ended(RunRecord run) {
        end.complete(run);
    }

    CompletableFuture<RunRecord> end() {
        return end;
    }
}
