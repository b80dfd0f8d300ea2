package dev.holdfast.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Expects a {@link KeyException} that keeps the wording rules. */
public final class Failures {
    private Failures() {}

    public static KeyException failure(ThrowingCallable action) {
        KeyException e = catchThrowableOfType(KeyException.class, action);
        assertThat(e).as("a KeyException").isNotNull();
        String message = String.valueOf(e.getMessage());
        assertThat(message).isNotBlank().doesNotEndWith(".");
        assertThat(message).as("lower case, but for a name such as SSH").doesNotMatch("^[A-Z][a-z ].*");
        assertThat(e.hint()).isNotBlank();
        return e;
    }
}
