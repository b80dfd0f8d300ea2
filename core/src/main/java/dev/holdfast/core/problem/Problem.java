package dev.holdfast.core.problem;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * One failure: what failed on which object ({@code message}, lower case, no full stop) and what to do next ({@code hint}, a
 * sentence, may be empty). {@code context} holds machine-readable details for {@code --json}.
 */
public record Problem(ProblemCode code, String message, String hint, Map<String, String> context) {

    public Problem {
        Objects.requireNonNull(code);
        Objects.requireNonNull(message);
        Objects.requireNonNull(hint);
        context = Map.copyOf(context);
    }

    public static Problem of(ProblemCode code, String message, String hint) {
        return new Problem(code, message, hint, Map.of());
    }

    /** Several that led to one failure, one at least; the first says of what kind it is. */
    public static Problem together(List<Problem> problems) {
        return of(
                problems.get(0).code(),
                problems.stream().map(Problem::message).distinct().collect(Collectors.joining("; ")),
                problems.stream().map(Problem::hint).distinct().collect(Collectors.joining(" ")));
    }

    /** The same problem with one more detail. */
    public Problem with(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(context);
        more.put(key, value);
        return new Problem(code, message, hint, more);
    }

    public HoldfastException asException() {
        return new HoldfastException(this);
    }
}
