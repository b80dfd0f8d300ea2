package dev.holdfast.server.store;

import dev.holdfast.server.pack.PackWriter;

/** A pack that takes objects, together with what the realm knows about it. Used by one session at a time. */
record OpenPack(StoredPack stored, PackWriter writer) {
    /** Publishes what the writer has reached. */
    void publish() {
        stored.nowDurable(writer.durable());
        if (writer.broken()) {
            stored.become(StoredPack.State.DAMAGED);
        }
    }
}
