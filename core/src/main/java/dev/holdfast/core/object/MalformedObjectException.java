package dev.holdfast.core.object;

import java.io.IOException;

/** Bytes that are not a well-formed object: cut short, damaged, or made by someone hostile. */
public final class MalformedObjectException extends IOException {
    public MalformedObjectException(String message) {
        super(message);
    }
}
