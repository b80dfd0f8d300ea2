package dev.holdfast.core.codec;

import java.io.IOException;

/** Bytes that do not follow their format: cut short, damaged, or made by someone hostile. */
public class MalformedException extends IOException {
    public MalformedException(String message) {
        super(message);
    }
}
