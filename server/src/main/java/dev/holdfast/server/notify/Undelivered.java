package dev.holdfast.server.notify;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;

/** A notice was not taken. */
final class Undelivered extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;
    private final boolean forGood;

    private Undelivered(Problem problem, boolean forGood) {
        super(problem.message());
        this.problem = problem;
        this.forGood = forGood;
    }

    /** It may be taken later, or when somebody has mended the configuration. */
    static Undelivered yet(ProblemCode code, String message, String hint) {
        return new Undelivered(Problem.of(code, PlainText.line(message), hint), false);
    }

    static Undelivered yet(Problem problem) {
        return new Undelivered(problem, false);
    }

    /** This very notice is not wanted; others may be. */
    static Undelivered forGood(String message, String hint) {
        return new Undelivered(Problem.of(ProblemCode.FAILED, PlainText.line(message), hint), true);
    }

    Problem problem() {
        return problem;
    }

    boolean isForGood() {
        return forGood;
    }
}
