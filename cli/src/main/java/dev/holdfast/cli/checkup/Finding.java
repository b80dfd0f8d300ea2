package dev.holdfast.cli.checkup;

import dev.holdfast.agent.leftover.Leftover;
import dev.holdfast.core.problem.Problem;

/**
 * One line of a check.
 *
 * @param hint what to do; empty when all is well
 * @param label the problem code's label, empty unless failed
 * @param exitCode the problem code's exit code, 0 unless failed
 */
public record Finding(Level level, String subject, String text, String hint, String label, int exitCode) {
    /** How bad it is. */
    public enum Level {
        OK,
        WARNING,
        FAILED
    }

    public static Finding ok(String subject, String text) {
        return new Finding(Level.OK, subject, text, "", "", 0);
    }

    public static Finding warning(String subject, String text, String hint) {
        return new Finding(Level.WARNING, subject, text, hint, "", 0);
    }

    static Finding of(Leftover left) {
        return left.grave()
                ? failed(left.subject(), left.problem())
                : warning(
                        left.subject(), left.problem().message(), left.problem().hint());
    }

    public static Finding failed(String subject, Problem problem) {
        return new Finding(
                Level.FAILED,
                subject,
                problem.message(),
                problem.hint(),
                problem.code().label(),
                problem.code().exitCode());
    }
}
