package dev.holdfast.server.log;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.io.IOException;
import java.nio.file.Path;

/** A record that was acknowledged is no longer what it was. */
public final class CorruptLogException extends IOException {
    private static final String PUT_BACK =
            "Put the file back from a copy of the repository; nothing was changed in it.";

    private final transient Problem problem;

    private CorruptLogException(Path file, String message, String hint) {
        super(message);
        problem = Problem.of(ProblemCode.DAMAGE, message, hint).with("file", file.toString());
    }

    static CorruptLogException at(long offset, Path file, String found) {
        return new CorruptLogException(
                file, "snapshot log " + file + " is damaged at offset " + offset + ": " + found, PUT_BACK);
    }

    /** The log says less than somebody was told. */
    static CorruptLogException lostEnd(Path file, long offset, HeadMark mark) {
        String message = "snapshot log " + file + " is damaged at offset " + offset + ": snapshot "
                + mark.hash().brief() + ", record " + mark.sequence() + " of host '" + mark.host()
                + "', was acknowledged and is no longer whole there";
        return new CorruptLogException(file, message, PUT_BACK + withoutACopy(file, mark.host()));
    }

    static CorruptLogException missing(Path file, String host) {
        return new CorruptLogException(
                file,
                "snapshot log " + file + " is missing",
                "Put it back from a copy of the repository before the host backs up again." + withoutACopy(file, host));
    }

    /** Nobody knows how far the logs beside this file must reach. */
    static CorruptLogException marks(Path file, String found) {
        return new CorruptLogException(
                file,
                "list of acknowledged snapshots " + file + " is damaged: " + found,
                "Stop the server and put the file back from a copy of the repository. Without a copy delete it: the next start"
                        + " makes it anew from the logs, and cannot tell whether they have lost their ends.");
    }

    /** Giving up acknowledged snapshots is for a person to decide, so the server offers no shorter way. */
    private static String withoutACopy(Path file, String host) {
        return " To go on with what is left, stop the server and delete the lines of '" + host + "' from "
                + file.resolveSibling("../../" + HeadMarks.NAME).normalize() + ".";
    }

    public Problem problem() {
        return problem;
    }
}
