package dev.holdfast.keys.realm;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.primitive.GcmEngine;
import dev.holdfast.keys.primitive.Span;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.SecretKey;

/**
 * AES-256-GCM under a session's data key. The nonce is four zero bytes and the counter (u64); the additional data is the realm
 * id (16 bytes) followed by what the caller gives. For one thread; take one per thread from {@link SessionKey#newAead}.
 *
 * <p>The counter must never repeat under one session key, over all threads: that is the caller's promise.
 */
public final class Aead {
    public static final int TAG_BYTES = GcmEngine.TAG_BYTES;

    private final GcmEngine engine;
    private final byte[] realmId;

    Aead(SecretKey dataKey, byte[] realmId) {
        this.engine = new GcmEngine(dataKey);
        this.realmId = realmId;
    }

    /** Seals to {@code out}, tag last; returns {@code length + 16}. Sealing in place is fine. */
    public int seal(
            long counter,
            byte[] aad,
            int aadOffset,
            int aadLength,
            byte[] plain,
            int offset,
            int length,
            byte[] out,
            int outOffset) {
        byte[][] parts = {realmId, Arrays.copyOfRange(aad, aadOffset, aadOffset + aadLength)};
        return engine.seal(nonce(counter), parts, new Span(plain, offset, length), out, outOffset);
    }

    /**
     * Opens {@code length} bytes of ciphertext and tag to {@code out}; returns {@code length - 16}. Throws {@code WRONG} when
     * anything does not fit: key, counter, additional data or the bytes themselves; nothing of the plaintext remains then.
     */
    public int open(
            long counter,
            byte[] aad,
            int aadOffset,
            int aadLength,
            byte[] sealed,
            int offset,
            int length,
            byte[] out,
            int outOffset) {
        byte[][] parts = {realmId, Arrays.copyOfRange(aad, aadOffset, aadOffset + aadLength)};
        try {
            return engine.open(nonce(counter), parts, new Span(sealed, offset, length), out, outOffset);
        } catch (AEADBadTagException e) {
            throw new KeyException(
                    KeyException.Reason.WRONG,
                    "sealed data does not open under its session key",
                    "The data is damaged or belongs to another realm.",
                    e);
        }
    }

    private static byte[] nonce(long counter) {
        return ByteBuffer.allocate(GcmEngine.NONCE_BYTES)
                .putInt(0)
                .putLong(counter)
                .array();
    }
}
