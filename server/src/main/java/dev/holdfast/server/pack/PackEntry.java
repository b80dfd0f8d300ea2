package dev.holdfast.server.pack;

import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.ObjectKind;

/** Where one object lies in its pack. */
public record PackEntry(ObjectId id, ObjectKind kind, int offset, int length) {
    public int end() {
        return offset + length;
    }
}
