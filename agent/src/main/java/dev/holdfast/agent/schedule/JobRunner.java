package dev.holdfast.agent.schedule;

import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Job;
import java.util.function.BooleanSupplier;

/** Carries one job out, in the thread that asks for it. */
public interface JobRunner {
    /**
     * Makes a snapshot.
     *
     * @param configuration the one that the job is from
     * @param cancelled whether it shall end with {@code CANCELLED}; its thread is interrupted then
     * @throws dev.holdfast.core.problem.HoldfastException when no snapshot could be made
     */
    Achievement run(Configuration configuration, Job job, BooleanSupplier cancelled);

    /**
     * A snapshot that was made.
     *
     * @param unreadable files that are missing from it
     */
    record Achievement(String snapshot, long files, long bytes, long bytesSent, long unreadable) {}
}
