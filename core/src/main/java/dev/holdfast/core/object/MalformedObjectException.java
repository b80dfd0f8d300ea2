package dev.holdfast.core.object;

import dev.holdfast.core.codec.MalformedException;

/** Bytes that are not a well-formed object: cut short, damaged, or made by someone hostile. */
public final class MalformedObjectException extends MalformedException {
    public MalformedObjectException(String message) {
        super(message);
    }
}
