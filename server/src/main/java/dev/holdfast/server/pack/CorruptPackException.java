package dev.holdfast.server.pack;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.io.IOException;
import java.nio.file.Path;

/** Stored bytes are not what was stored. Never to be taken for "not found". */
public final class CorruptPackException extends IOException {
    /** What to do about damaged objects. */
    public static final String HINT =
            "Keep the file, and look at the server's disk. On the host that the volume belongs to,"
                    + " `holdfast backup VOLUME --rehash` sends again what was lost, as far as the files are still there.";

    private final transient Problem problem;

    public CorruptPackException(Path file, long offset, String expected, String found) {
        super("pack " + file.getFileName() + " is damaged at offset " + offset + ": expected " + expected + ", found "
                + found);
        problem = Problem.of(ProblemCode.DAMAGE, String.valueOf(getMessage()), HINT)
                .with("file", file.toString())
                .with("offset", Long.toString(offset))
                .with("expected", expected)
                .with("found", found);
    }

    public Problem problem() {
        return problem;
    }
}
