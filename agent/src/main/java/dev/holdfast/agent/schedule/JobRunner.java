package dev.holdfast.agent.schedule;

import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.progress.Progress;
import java.util.function.BooleanSupplier;

/** Carries one backup out, in the thread that asks for it. */
public interface JobRunner {
    /**
     * Makes a snapshot.
     *
     * @param configuration the one that counts at the moment
     * @param cancelled whether it shall end with {@code CANCELLED}; its thread is interrupted then
     * @throws dev.holdfast.core.problem.HoldfastException when no snapshot could be made
     */
    Achievement run(Configuration configuration, Task task, BooleanSupplier cancelled);

    /**
     * Puts right what killed runs of this host have left, as far as it can be now; called when the agent starts and every now and
     * then. What cannot be put right is told to the log.
     */
    default void recover(Configuration configuration) {}

    /**
     * What is to be backed up, and where to.
     *
     * @param watcher told how far it is
     */
    record Task(String server, String volume, Progress watcher) {}

    /**
     * A snapshot that was made.
     *
     * @param unreadable files that are missing from it
     */
    record Achievement(String snapshot, long files, long bytes, long bytesSent, long unreadable) {}
}
