package dev.holdfast.server.session;

import dev.holdfast.core.object.ObjectId;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The references of the objects that a session asked about last, so that a block is not read again for each question about it. */
final class ReferenceCache {
    /** One object may have 4 MiB of them: counted are bytes, not objects. */
    static final int MAX_BYTES = 8 << 20;

    private final Map<ObjectId, byte[]> known = new LinkedHashMap<>(64, 0.75f, true);
    private int bytes;

    Optional<byte[]> get(ObjectId parent) {
        return Optional.ofNullable(known.get(parent));
    }

    void put(ObjectId parent, byte[] references) {
        byte[] before = known.put(parent, references);
        bytes += references.length - (before == null ? 0 : before.length);
        Iterator<Map.Entry<ObjectId, byte[]>> eldest = known.entrySet().iterator();
        while (bytes > MAX_BYTES && eldest.hasNext()) {
            bytes -= eldest.next().getValue().length;
            eldest.remove();
        }
    }

    int bytes() {
        return bytes;
    }

    void clear() {
        known.clear();
        bytes = 0;
    }
}
