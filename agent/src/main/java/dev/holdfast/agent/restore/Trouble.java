package dev.holdfast.agent.restore;

import dev.holdfast.agent.files.Errno;
import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What ends a whole run, wherever it was met first; everybody else stops when they see it. */
final class Trouble {
    private final BooleanSupplier cancelled;
    private volatile @Nullable HoldfastException first;

    Trouble(BooleanSupplier cancelled) {
        this.cancelled = cancelled;
    }

    synchronized void stop(HoldfastException problem) {
        if (first == null) {
            first = problem;
        }
    }

    /** Whether an error with one file means that no other will do better; if so, the run is stopped. */
    boolean endsRun(FileAccessException e) {
        if (e.noSpace()) {
            stop(new HoldfastException(
                    Problem.of(
                            ProblemCode.NO_SPACE,
                            e.getMessage() == null ? "the target is full" : e.getMessage(),
                            "Make room on the target's file system and run the same command again; it goes on where it"
                                    + " stopped."),
                    e));
        } else if (e.errno() == Errno.EROFS) {
            stop(new HoldfastException(
                    Problem.of(
                            ProblemCode.IO,
                            e.getMessage() == null ? "the target is read-only" : e.getMessage(),
                            "Mount the target's file system for writing, or restore to another folder with `--to`."),
                    e));
        }
        return stopped();
    }

    boolean stopped() {
        return first != null;
    }

    /** Throws what stopped the run, or {@code CANCELLED} when the person wants it to end. */
    void check() {
        HoldfastException broken = first;
        if (broken != null) {
            throw new HoldfastException(broken.problem(), broken);
        }
        if (cancelled.getAsBoolean() || Thread.currentThread().isInterrupted()) {
            throw cancelled();
        }
    }

    static HoldfastException cancelled() {
        return Problem.of(
                        ProblemCode.CANCELLED,
                        "the restore was cancelled",
                        "What was restored stays; the same command goes on from there.")
                .asException();
    }
}
