package dev.holdfast.server.store;

import dev.holdfast.core.object.MalformedObjectException;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.ObjectKind;
import dev.holdfast.core.object.SealedObject;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/** Makes objects that look sealed: right in shape and checksums, with random ids and payloads. */
public final class SampleObjects {
    public static final ObjectId NO_SLOT = ObjectId.copyOf(new byte[ObjectId.BYTES], 0);

    private final RandomGenerator random;
    private final SealedObject slot;

    public SampleObjects(RandomGenerator random) {
        this.random = random;
        this.slot = of(ObjectKind.SLOT, randomId(), NO_SLOT, List.of(), 100);
    }

    /** The slot that all other objects of this maker name. */
    public SealedObject slot() {
        return slot;
    }

    public SealedObject chunk(int payloadBytes) {
        return of(ObjectKind.CHUNK, randomId(), slot.id(), List.of(), payloadBytes);
    }

    public SealedObject tree(ObjectId... references) {
        return of(ObjectKind.TREE, randomId(), slot.id(), List.of(references), 200);
    }

    public SealedObject snapshot(ObjectId... references) {
        return of(ObjectKind.SNAPSHOT, randomId(), slot.id(), List.of(references), 80);
    }

    public ObjectId randomId() {
        byte[] id = new byte[ObjectId.BYTES];
        random.nextBytes(id);
        return ObjectId.copyOf(id, 0);
    }

    public SealedObject of(ObjectKind kind, ObjectId id, ObjectId slot, List<ObjectId> references, int payloadBytes) {
        byte[] payload = new byte[payloadBytes];
        random.nextBytes(payload);
        int length = SealedObject.HEADER_BYTES
                + ObjectId.BYTES * references.size()
                + payloadBytes
                + SealedObject.CHECKSUM_BYTES;
        ByteBuffer out = ByteBuffer.allocate(length);
        out.putInt(SealedObject.MAGIC).put((byte) SealedObject.VERSION).put((byte) kind.number());
        out.putShort((short) 0).putInt(references.size()).putInt(payloadBytes);
        out.put(id.toBytes()).put(slot.toBytes()).putLong(0);
        references.forEach(reference -> out.put(reference.toBytes()));
        out.put(payload);
        CRC32C crc32c = new CRC32C();
        crc32c.update(out.array(), 0, out.position());
        CRC32 crc32 = new CRC32();
        crc32.update(out.array(), 0, out.position());
        out.putInt((int) crc32c.getValue()).putInt((int) crc32.getValue());
        try {
            return SealedObject.parse(out.array(), 0, length);
        } catch (MalformedObjectException e) {
            throw new AssertionError(e);
        }
    }
}
