package dev.holdfast.agent.source;

import java.nio.file.Path;
import java.util.List;

/** Where a restore goes. */
public interface Target {
    /** The folder that is filled; it need not be there yet. */
    Path folder();

    /** What to call the place before people. */
    default String shown() {
        return folder().toString();
    }

    /** Takes back what was made for a restore that has not begun; says so when that fails. */
    default void abandon() {
        // Nothing was made.
    }

    /**
     * Asked before anything is changed.
     *
     * @throws dev.holdfast.core.problem.HoldfastException {@code BUSY} when somebody uses it who may not be disturbed
     */
    void requireFree();

    /**
     * The names of the containers that {@link #hold} would stop, in that order, known once {@link #requireFree} has been asked; nothing
     * is touched.
     *
     * @throws dev.holdfast.core.problem.HoldfastException as {@link #hold} would when one of them cannot be stopped
     */
    List<String> wouldStop();

    /** Keeps others from it until closed. */
    Hold hold();

    /** Ends what {@link #hold} began; throws {@code HoldfastException} when something does not run again. */
    interface Hold extends AutoCloseable {
        @Override
        void close();
    }
}
