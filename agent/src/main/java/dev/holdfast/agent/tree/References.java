package dev.holdfast.agent.tree;

import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.SealedObject;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** An object that was fetched over this connection, and which of its references is which: what a fetch is asked by. */
public final class References {
    private final ObjectId parent;
    private final Map<ObjectId, Integer> indexes;

    References(SealedObject object) {
        parent = object.id();
        indexes = new HashMap<>(object.referenceCount() * 2);
        for (int i = 0; i < object.referenceCount(); i++) {
            indexes.putIfAbsent(object.reference(i), i);
        }
    }

    public ObjectId parent() {
        return parent;
    }

    /** What the parent references, each once. */
    public Set<ObjectId> ids() {
        return Collections.unmodifiableSet(indexes.keySet());
    }

    /** The place of {@code id} among the parent's references; throws when it is none of them. */
    public int indexOf(ObjectId id) {
        Integer index = indexes.get(id);
        if (index == null) {
            throw new IllegalArgumentException(id.brief() + " is no reference of " + parent.brief());
        }
        return index;
    }
}
