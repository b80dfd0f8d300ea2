package dev.holdfast.agent.files;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.nio.charset.StandardCharsets;

/**
 * The folder at the top of a volume in which an import makes everything before it takes its place. While it is there, what lies in the
 * volume is no content of anybody's: an import is at work, or was killed.
 */
public final class UnfinishedImport {
    /** What it is called. */
    public static final String NAME = ".holdfast-import";

    private UnfinishedImport() {}

    public static byte[] name() {
        return NAME.getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether an import into this folder is not finished. */
    public static boolean isIn(Directory root) throws FileAccessException {
        try {
            return root.status(name()).isDirectory();
        } catch (FileAccessException e) {
            if (e.notFound()) {
                return false;
            }
            throw e;
        }
    }

    /** What to tell of it; {@code where} such as {@code volume 'lite'}. */
    public static Problem problem(String where, String hint) {
        return Problem.of(
                ProblemCode.BUSY,
                "an import into " + where + " is at work or was interrupted: there is a '" + NAME + "' in it",
                hint);
    }

    /** For whoever would read the folder: throws {@code BUSY} when an import into it is not finished. */
    public static void requireNone(Directory root, String where) throws FileAccessException {
        if (isIn(root)) {
            throw problem(
                            where,
                            "Wait until it has ended. If none is running, what lies there is part of an archive: import it"
                                    + " again, which says what to remove first.")
                    .asException();
        }
    }
}
