package dev.holdfast.cli.machine;

import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.keys.KeyException;
import java.util.Objects;
import java.util.function.Supplier;

/** Where failures of module {@code keys}, which knows no problem codes, get theirs. */
public final class KeyProblem {
    private KeyProblem() {}

    public static Problem of(KeyException failure) {
        String message = Objects.requireNonNullElse(failure.getMessage(), "a key is not usable");
        return Problem.of(code(failure.reason()), message, failure.hint());
    }

    private static ProblemCode code(KeyException.Reason reason) {
        return switch (reason) {
            case MISSING, WRONG, UNSAFE_PERMISSIONS, MALFORMED -> ProblemCode.KEY;
            case EXISTS -> ProblemCode.FAILED;
            case IO -> ProblemCode.IO;
            case DENIED -> ProblemCode.DENIED;
            case UNREACHABLE -> ProblemCode.UNREACHABLE;
            case BUSY -> ProblemCode.BUSY;
        };
    }

    /** Does something with keys; what goes wrong comes out as a problem. */
    public static <T> T translate(Supplier<T> work) {
        try {
            return work.get();
        } catch (KeyException e) {
            throw new HoldfastException(of(e), e);
        }
    }
}
