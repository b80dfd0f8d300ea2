package dev.holdfast.server.index;

import dev.holdfast.core.object.ObjectKind;

/** One place of an object: the number that its realm has given to the pack while it is open, and where it lies in it. */
public record Place(int pack, int offset, int length, ObjectKind kind) {
    public Place {
        if (pack < 0 || offset < 0 || length <= 0) {
            throw new IllegalArgumentException("no such place: " + pack + ", " + offset + ", " + length);
        }
    }

    public int end() {
        return offset + length;
    }
}
