package dev.holdfast.keys.primitive;

import java.util.Objects;

/** A stretch of an array: a view, not a copy, and never compared. */
@SuppressWarnings("ArrayRecordComponent")
public record Span(byte[] array, int offset, int length) {
    public Span {
        Objects.checkFromIndexSize(offset, length, array.length);
    }

    public static Span of(byte[] array) {
        return new Span(array, 0, array.length);
    }

    @Override
    public String toString() {
        return length + " bytes";
    }
}
