package dev.holdfast.server.store;

import dev.holdfast.core.config.Quantity;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** Says what a failed write means to a person. */
final class StorageFailure {
    private StorageFailure() {}

    static HoldfastException of(IOException cause, String what, Path where, long usableBytes) {
        String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        boolean full = text.contains("no space left") || text.contains("quota exceeded") || usableBytes == 0;
        Problem problem = full
                ? noSpace(where, 0)
                : Problem.of(
                        ProblemCode.IO,
                        "the server could not " + what + ": " + cause.getMessage(),
                        "Look at the server's disk and its system log. Nothing that was acknowledged is affected.");
        return new HoldfastException(problem, cause);
    }

    /** @param reserveBytes how much of the disk the server leaves alone, so that it looks full before it is */
    static Problem noSpace(Path where, long reserveBytes) {
        String reserve = reserveBytes == 0
                ? ""
                : "; the last " + Quantity.showSize(reserveBytes) + " are kept free for the server's own work";
        return Problem.of(
                        ProblemCode.NO_SPACE,
                        "the server's disk is full" + reserve,
                        "Make room on the server's data disk or add to it, then run the backup again: it goes on where it stopped.")
                .with("path", where.toString());
    }
}
