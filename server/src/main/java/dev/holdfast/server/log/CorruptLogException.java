package dev.holdfast.server.log;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.io.IOException;
import java.nio.file.Path;

/** A record that was acknowledged is no longer what it was. */
public final class CorruptLogException extends IOException {
    private final transient Problem problem;

    CorruptLogException(Path file, long offset, String found) {
        super("snapshot log " + file + " is damaged at offset " + offset + ": " + found);
        problem = Problem.of(
                        ProblemCode.DAMAGE,
                        String.valueOf(getMessage()),
                        "Put the file back from a copy of the repository; nothing was changed in it.")
                .with("file", file.toString())
                .with("offset", Long.toString(offset));
    }

    public Problem problem() {
        return problem;
    }
}
