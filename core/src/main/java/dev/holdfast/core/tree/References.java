package dev.holdfast.core.tree;

import dev.holdfast.core.codec.Decoder;
import dev.holdfast.core.codec.Encoder;
import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.Sealer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The references of one object in order of first use, and the plain length of each chunk among them (0 for extent lists). The
 * ids stand in the object's visible header; the lengths in its payload.
 */
final class References {
    /** Stands for the length of an extent list, which nobody needs; so no piece of it can be taken for file content. */
    static final int NOT_A_CHUNK = 0;

    private final Map<ObjectId, Integer> indexes = new LinkedHashMap<>();
    private final List<ObjectId> ids = new ArrayList<>();
    private final List<Integer> plainBytes = new ArrayList<>();

    int indexOf(ObjectId id, int bytes) {
        Integer known = indexes.get(id);
        if (known != null) {
            if (plainBytes.get(known) != bytes) {
                throw new IllegalArgumentException("object " + id.brief() + " has " + plainBytes.get(known)
                        + " bytes in one place and " + bytes + " in another");
            }
            return known;
        }
        indexes.put(id, ids.size());
        ids.add(id);
        plainBytes.add(bytes);
        return ids.size() - 1;
    }

    int size() {
        return ids.size();
    }

    ObjectId id(int index) {
        return ids.get(index);
    }

    int plainBytes(int index) {
        return plainBytes.get(index);
    }

    byte[] toBytes() {
        byte[] all = new byte[ids.size() * ObjectId.BYTES];
        for (int i = 0; i < ids.size(); i++) {
            ids.get(i).copyTo(all, i * ObjectId.BYTES);
        }
        return all;
    }

    void encodeLengths(Encoder out) {
        out.varint(ids.size());
        for (int bytes : plainBytes) {
            out.varint(bytes);
        }
    }

    static References decode(byte[] ids, Decoder in) throws MalformedException {
        int count = ids.length / ObjectId.BYTES;
        if (in.count(Integer.MAX_VALUE) != count) {
            throw new MalformedException("the payload counts other references than the object");
        }
        References references = new References();
        for (int i = 0; i < count; i++) {
            references.ids.add(ObjectId.copyOf(ids, i * ObjectId.BYTES));
            references.plainBytes.add(in.count(Sealer.MAX_PLAIN_BYTES));
        }
        return references;
    }
}
