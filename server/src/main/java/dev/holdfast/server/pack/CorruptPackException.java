package dev.holdfast.server.pack;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.io.IOException;
import java.nio.file.Path;

/** Stored bytes are not what was stored. Never to be taken for "not found". */
public final class CorruptPackException extends IOException {
    private final transient Problem problem;

    public CorruptPackException(Path file, long offset, String expected, String found) {
        super("pack " + file.getFileName() + " is damaged at offset " + offset + ": expected " + expected + ", found "
                + found);
        problem = Problem.of(
                        ProblemCode.DAMAGE,
                        String.valueOf(getMessage()),
                        "Keep the file. Other snapshots are not affected; back up the same volume again to replace what was lost.")
                .with("file", file.toString())
                .with("offset", Long.toString(offset))
                .with("expected", expected)
                .with("found", found);
    }

    public Problem problem() {
        return problem;
    }
}
