package dev.holdfast.server.index;

import dev.holdfast.core.object.ObjectId;
import java.io.IOException;
import java.util.List;

/** A multimap from object id to places: several hosts may have brought the same object. Safe for several threads. */
public interface ObjectIndex {
    void add(ObjectId id, Place place);

    /** All places of exactly this id, in no particular order; none when it is not here. */
    List<Place> find(ObjectId id) throws IOException;

    /** How many places it holds. */
    long size();
}
