package dev.holdfast.keys.realm;

import java.util.Arrays;
import javax.crypto.spec.SecretKeySpec;

/**
 * The data key of one run: random, used with counter nonces from zero, and stored beside the data as a <em>key slot</em> that
 * the realm's epoch key opens. No nonce state outlives a run, so no crash, clone or rollback can repeat a nonce.
 */
public final class SessionKey implements AutoCloseable {
    public static final int SLOT_ID_BYTES = 32;
    /** {@code u32 epoch | 12 B nonce | 32 B sealed data key | 16 B tag}. */
    public static final int SLOT_PAYLOAD_BYTES = 64;

    static final int DATA_KEY_BYTES = 32;

    private final byte[] realmId;
    private final byte[] slotId;
    private final byte[] slotPayload;
    private final byte[] dataKey;
    private volatile boolean closed;

    /** Takes the arrays over; nobody else keeps them. */
    SessionKey(byte[] realmId, byte[] slotId, byte[] slotPayload, byte[] dataKey) {
        this.realmId = realmId;
        this.slotId = slotId;
        this.slotPayload = slotPayload;
        this.dataKey = dataKey;
    }

    public byte[] slotId() {
        return slotId.clone();
    }

    public byte[] slotPayload() {
        return slotPayload.clone();
    }

    /** A sealer and opener under this key, for one thread. It stays usable after this key is closed. */
    public Aead newAead() {
        if (closed) {
            throw new IllegalStateException("the session key is closed");
        }
        return new Aead(new SecretKeySpec(dataKey, "AES"), realmId.clone());
    }

    /** Wipes the data key. */
    @Override
    public void close() {
        closed = true;
        Arrays.fill(dataKey, (byte) 0);
    }

    @Override
    public String toString() {
        return "SessionKey";
    }
}
