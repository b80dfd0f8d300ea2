package dev.holdfast.core.object;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.realm.Aead;
import dev.holdfast.keys.realm.RealmKey;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentMap;
import javax.crypto.Mac;

/**
 * Opens sealed objects and proves them: the tag binds the header to the payload, and the id is computed again from the
 * plaintext, so a wrong object can never pass for the right one. Not thread-safe: one per worker; workers share {@code slots}.
 */
public final class Unsealer implements AutoCloseable {
    private final RealmKey realm;
    private final Mac mac;
    private final ConcurrentMap<ObjectId, byte[]> slots;
    private final Map<ObjectId, Aead> aeads = new HashMap<>();
    private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();
    private byte[] scratch = new byte[64 << 10];

    /** @param slots payloads of the key slots seen so far, by id; may grow while this is in use */
    public Unsealer(RealmKey realm, ConcurrentMap<ObjectId, byte[]> slots) {
        this.realm = realm;
        this.mac = realm.newObjectIdMac();
        this.slots = slots;
    }

    /**
     * The plaintext of {@code object}.
     *
     * @throws MalformedObjectException when its slot is unknown, the key does not fit, or the content is not what the id says
     */
    public byte[] open(SealedObject object) throws MalformedObjectException {
        int sealed = object.payloadBytes();
        int padded = sealed - Sealer.TAG_BYTES;
        if (padded < Sealer.PREFIX_BYTES) {
            throw new MalformedObjectException("object " + object.id().brief() + " has no room for its content");
        }
        if (scratch.length < padded) {
            scratch = new byte[padded];
        }
        int header = object.payloadOffset() - object.offset();
        try {
            aead(object.slot())
                    .open(
                            object.counter(),
                            object.array(),
                            object.offset(),
                            header,
                            object.array(),
                            object.payloadOffset(),
                            sealed,
                            scratch,
                            0);
        } catch (KeyException e) {
            throw new MalformedObjectException("object " + object.id().brief() + " does not open: " + e.getMessage());
        }
        byte[] plain = unpack(object, padded);
        ObjectId id = Sealer.id(mac, object.kind(), object.references(), plain, 0, plain.length);
        if (!id.equals(object.id())) {
            throw new MalformedObjectException("object " + object.id().brief() + " holds the content of " + id.brief());
        }
        return plain;
    }

    private Aead aead(ObjectId slot) throws MalformedObjectException {
        Aead known = aeads.get(slot);
        if (known != null) {
            return known;
        }
        byte[] payload = slots.get(slot);
        if (payload == null) {
            throw new MalformedObjectException("key slot " + slot.brief() + " is missing");
        }
        try (var session = realm.openSlot(slot.toBytes(), payload)) {
            Aead opened = session.newAead();
            aeads.put(slot, opened);
            return opened;
        } catch (KeyException e) {
            if (e.reason() == KeyException.Reason.MISSING) {
                // Not damage: the key was rotated, and this machine does not have the new epoch yet.
                throw new HoldfastException(Problem.of(ProblemCode.KEY, String.valueOf(e.getMessage()), e.hint()), e);
            }
            throw new MalformedObjectException("key slot " + slot.brief() + " does not open: " + e.getMessage());
        }
    }

    private byte[] unpack(SealedObject object, int padded) throws MalformedObjectException {
        int raw = getInt(scratch, 0);
        int body = getInt(scratch, 4);
        if (raw < 0 || raw > Sealer.MAX_PLAIN_BYTES || body < 0 || body > padded - Sealer.PREFIX_BYTES) {
            throw new MalformedObjectException("object " + object.id().brief() + " announces impossible lengths");
        }
        byte[] plain = new byte[raw];
        if (!object.compressed()) {
            if (body != raw) {
                throw new MalformedObjectException("object " + object.id().brief() + " announces impossible lengths");
            }
            System.arraycopy(scratch, Sealer.PREFIX_BYTES, plain, 0, raw);
            return plain;
        }
        try {
            int unpacked = zstd.decompressByteArray(plain, 0, raw, scratch, Sealer.PREFIX_BYTES, body);
            if (unpacked != raw) {
                throw new MalformedObjectException("object " + object.id().brief() + " unpacks to another length");
            }
        } catch (ZstdException e) {
            throw new MalformedObjectException(
                    "object " + object.id().brief() + " does not unpack: " + Zstd.getErrorName(e.getErrorCode()));
        }
        return plain;
    }

    private static int getInt(byte[] source, int offset) {
        return (source[offset] & 0xff) << 24
                | (source[offset + 1] & 0xff) << 16
                | (source[offset + 2] & 0xff) << 8
                | (source[offset + 3] & 0xff);
    }

    @Override
    public void close() {
        zstd.close();
    }
}
