package dev.holdfast.core.problem;

/** Carries a {@link Problem} from where it was understood to where it is shown. */
public final class HoldfastException extends RuntimeException {
    private final transient Problem problem;

    public HoldfastException(Problem problem) {
        super(problem.message());
        this.problem = problem;
    }

    public HoldfastException(Problem problem, Throwable cause) {
        super(problem.message(), cause);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
