package dev.holdfast.server.index;

import dev.holdfast.core.object.ObjectId;

/** One object in one place. */
public record IndexEntry(ObjectId id, Place place) implements Comparable<IndexEntry> {
    /** By id alone: the order of a run. */
    @Override
    public int compareTo(IndexEntry other) {
        return id.compareTo(other.id);
    }
}
