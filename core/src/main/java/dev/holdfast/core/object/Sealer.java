package dev.holdfast.core.object;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import dev.holdfast.keys.realm.Aead;
import dev.holdfast.keys.realm.RealmKey;
import dev.holdfast.keys.realm.SessionKey;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;

/**
 * Makes sealed objects: names the plaintext, compresses it unless a sample says that is useless, pads it and encrypts it
 * under the session key. Not thread-safe: one per worker; workers of one session share {@code counter}, so that no nonce is
 * used twice.
 *
 * <p>Plaintext of the payload: {@code u32 raw length | u32 body length | body | zero padding}, where the body is the raw
 * plaintext or a zstd frame of it.
 */
public final class Sealer implements AutoCloseable {
    /** Kept small enough that every reader can refuse more before it allocates. */
    public static final int MAX_PLAIN_BYTES = 16 << 20;

    static final int PREFIX_BYTES = 8;
    static final int TAG_BYTES = 16;
    private static final int PROBE_BYTES = 16 << 10;
    private static final int PROBE_FROM_BYTES = 128 << 10;

    private final Mac mac;
    private final byte[] slot;
    private final Aead aead;
    private final AtomicLong counter;
    private final ZstdCompressCtx zstd;
    private byte[] scratch = new byte[64 << 10];

    public Sealer(RealmKey realm, SessionKey session, AtomicLong counter, int zstdLevel) {
        this.mac = realm.newObjectIdMac();
        this.slot = session.slotId();
        this.aead = session.newAead();
        this.counter = counter;
        this.zstd = new ZstdCompressCtx().setLevel(zstdLevel).setContentSize(true);
    }

    /** The object that carries {@code session}'s wrapped key; it must reach the server before anything sealed under it. */
    public static SealedObject slot(SessionKey session) {
        byte[] payload = session.slotPayload();
        byte[] array = SealedObject.layOut(
                ObjectKind.SLOT,
                0,
                ObjectId.copyOf(session.slotId(), 0),
                new byte[ObjectId.BYTES],
                0,
                new byte[0],
                payload.length);
        System.arraycopy(payload, 0, array, SealedObject.HEADER_BYTES, payload.length);
        return SealedObject.finish(array, ObjectKind.SLOT);
    }

    public ObjectId id(ObjectKind kind, byte[] references, byte[] plain, int offset, int length) {
        return id(mac, kind, references, plain, offset, length);
    }

    /** As the other {@code id}, for those who only compare. */
    public static ObjectId id(Mac mac, ObjectKind kind, byte[] references, byte[] plain, int offset, int length) {
        int count = references.length / ObjectId.BYTES;
        mac.update(new byte[] {
            (byte) kind.number(), (byte) (count >>> 24), (byte) (count >>> 16), (byte) (count >>> 8), (byte) count
        });
        mac.update(references);
        mac.update(plain, offset, length);
        byte[] id = new byte[ObjectId.BYTES];
        try {
            mac.doFinal(id, 0);
        } catch (ShortBufferException e) {
            throw new IllegalStateException("HMAC-SHA-256 has 32 bytes", e);
        }
        return ObjectId.copyOf(id, 0);
    }

    /** Seals {@code plain[offset .. offset+length)} under the id that {@link #id} gave for it. */
    public SealedObject seal(ObjectId id, ObjectKind kind, byte[] references, byte[] plain, int offset, int length) {
        if (length > MAX_PLAIN_BYTES) {
            throw new IllegalArgumentException("object of " + length + " plain bytes is over the limit");
        }
        int room = PREFIX_BYTES + (int) Math.max(length, Zstd.compressBound(length)) + (length >> 5) + 64;
        if (scratch.length < room) {
            scratch = new byte[room];
        }
        int body = worthCompressing(plain, offset, length)
                ? zstd.compressByteArray(scratch, PREFIX_BYTES, scratch.length - PREFIX_BYTES, plain, offset, length)
                : length;
        int flags = body < length ? SealedObject.FLAG_ZSTD : 0;
        if (flags == 0) {
            body = length;
            System.arraycopy(plain, offset, scratch, PREFIX_BYTES, length);
        }
        putInt(scratch, 0, length);
        putInt(scratch, 4, body);
        int padded = Padding.padded(PREFIX_BYTES + body);
        Arrays.fill(scratch, PREFIX_BYTES + body, padded, (byte) 0);

        long nonce = counter.getAndIncrement();
        byte[] array = SealedObject.layOut(kind, flags, id, slot, nonce, references, padded + TAG_BYTES);
        int header = SealedObject.HEADER_BYTES + references.length;
        aead.seal(nonce, array, 0, header, scratch, 0, padded, array, header);
        return SealedObject.finish(array, kind);
    }

    /** Tries zstd's fastest level on a piece from the middle: random and already packed data cost almost nothing this way. */
    private boolean worthCompressing(byte[] plain, int offset, int length) {
        if (length < PROBE_FROM_BYTES) {
            return length > 32;
        }
        int limit = (int) Zstd.compressBound(PROBE_BYTES);
        int from = offset + (length - PROBE_BYTES) / 2;
        long probe = Zstd.compressByteArray(scratch, 0, limit, plain, from, PROBE_BYTES, -1);
        if (probe < PROBE_BYTES * 31L / 32) {
            return true;
        }
        probe = Zstd.compressByteArray(scratch, 0, limit, plain, offset, PROBE_BYTES, -1);
        return probe < PROBE_BYTES * 31L / 32;
    }

    private static void putInt(byte[] target, int offset, int value) {
        target[offset] = (byte) (value >>> 24);
        target[offset + 1] = (byte) (value >>> 16);
        target[offset + 2] = (byte) (value >>> 8);
        target[offset + 3] = (byte) value;
    }

    @Override
    public void close() {
        zstd.close();
    }
}
