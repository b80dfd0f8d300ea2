package dev.holdfast.server.index;

import dev.holdfast.server.pack.PackId;

/**
 * A closed pack all of whose objects are in a run, with what a server needs to know of it without opening it. The run holds for
 * exactly the file of this name and length.
 */
public record CoveredPack(PackId id, long fileBytes, String host, int start, int end, int objects) {
    public CoveredPack {
        if (start < 0 || end < start || fileBytes < end || objects < 0) {
            throw new IllegalArgumentException("no such pack: " + id);
        }
    }
}
