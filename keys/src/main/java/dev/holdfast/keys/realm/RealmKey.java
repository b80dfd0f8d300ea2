package dev.holdfast.keys.realm;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyName;
import dev.holdfast.keys.primitive.GcmEngine;
import dev.holdfast.keys.primitive.Gmac;
import dev.holdfast.keys.primitive.Hmac;
import dev.holdfast.keys.primitive.Span;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import javax.crypto.AEADBadTagException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret of a realm. The <em>root secret</em> stays for the life of the realm: object ids, content fingerprints and the
 * chunker's table are derived from it, so that equal content keeps its id for ever. The <em>epoch keys</em> wrap session keys;
 * a new epoch shuts out whoever held only the old ones, without touching stored data.
 *
 * <p>Derivation: HKDF-SHA256 with the realm id as salt and one of the labels below. Wipes itself on {@link #close}.
 */
public final class RealmKey implements AutoCloseable {
    public static final int REALM_ID_BYTES = 16;

    static final String OBJECT_ID_LABEL = "holdfast object id v1";
    static final String CONTENT_LABEL = "holdfast content v1";
    static final String PAGE_LABEL = "holdfast pages v1";
    static final String GEAR_LABEL = "holdfast gear v1";
    static final String SLOT_LABEL = "holdfast slot v1";
    static final String CHECK_LABEL = "holdfast realm check v1";

    private static final int SECRET_BYTES = 32;
    private static final int GEAR_ENTRIES = 256;
    private static final int CHECK_BYTES = 10;

    private final String realm;
    private final byte[] realmId;
    private final byte[] rootSecret;
    private final SortedMap<Integer, byte[]> epochKeys;
    private volatile String holder = "NAME";
    private volatile boolean closed;

    /** Takes the arrays and the map over. */
    RealmKey(String realm, byte[] realmId, byte[] rootSecret, SortedMap<Integer, byte[]> epochKeys) {
        this.realm = KeyName.require("realm", realm);
        this.realmId = realmId;
        this.rootSecret = rootSecret;
        this.epochKeys = epochKeys;
    }

    /** A fresh key with one epoch. */
    public static RealmKey generate(String realm, SecureRandom random) {
        TreeMap<Integer, byte[]> epochs = new TreeMap<>();
        epochs.put(1, randomBytes(random, SECRET_BYTES));
        return new RealmKey(realm, randomBytes(random, REALM_ID_BYTES), randomBytes(random, SECRET_BYTES), epochs);
    }

    public String realm() {
        return realm;
    }

    /** Public; names the realm in repositories and on the wire. */
    public byte[] realmId() {
        return realmId.clone();
    }

    /** The epoch under which new sessions are stored; counts from 1. */
    public int currentEpoch() {
        return epochKeys.lastKey();
    }

    /** A key of its own with one more epoch: everything stored before still opens, new sessions need the new one. */
    public RealmKey withNewEpoch(SecureRandom random) {
        requireOpen();
        TreeMap<Integer, byte[]> epochs = new TreeMap<>();
        epochKeys.forEach((epoch, key) -> epochs.put(epoch, key.clone()));
        epochs.put(Math.addExact(currentEpoch(), 1), randomBytes(random, SECRET_BYTES));
        return new RealmKey(realm, realmId.clone(), rootSecret.clone(), epochs);
    }

    /** Whether this key has one epoch more, or several, than {@code older} and is the same in all else. */
    public boolean goesOnFrom(RealmKey older) {
        requireOpen();
        older.requireOpen();
        boolean same = realm.equals(older.realm)
                && Arrays.equals(realmId, older.realmId)
                && MessageDigest.isEqual(rootSecret, older.rootSecret)
                && currentEpoch() > older.currentEpoch();
        for (Map.Entry<Integer, byte[]> epoch : older.epochKeys.entrySet()) {
            byte[] mine = epochKeys.getOrDefault(epoch.getKey(), new byte[0]);
            same &= MessageDigest.isEqual(mine, epoch.getValue());
        }
        return same;
    }

    /** By which people tell that two machines have the same key, all epochs included: 80 bits. It may be said aloud. */
    public CheckCode checkCode() {
        byte[] encoded = encode();
        try {
            return CheckCode.of(Hkdf.derive(encoded, realmId, CHECK_LABEL, CHECK_BYTES));
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    /** HMAC-SHA256 for object ids; a fresh one for the calling thread. */
    public Mac newObjectIdMac() {
        return newMac(OBJECT_ID_LABEL);
    }

    /** HMAC-SHA256 for fingerprints of file content; a fresh one for the calling thread. */
    public Mac newContentMac() {
        return newMac(CONTENT_LABEL);
    }

    /** AES-256-GMAC for fingerprints of the pages of files that change in place; a fresh one for the calling thread. */
    public Gmac newPageMac() {
        return derived(PAGE_LABEL, Gmac::new);
    }

    private Mac newMac(String label) {
        return derived(label, Hmac::sha256);
    }

    private <T> T derived(String label, Function<byte[], T> made) {
        requireOpen();
        byte[] key = Hkdf.derive(rootSecret, realmId, label, SECRET_BYTES);
        T tool = made.apply(key);
        Arrays.fill(key, (byte) 0);
        return tool;
    }

    /** 256 pseudo-random numbers for the chunker, the same for the life of the realm. */
    public long[] gearTable() {
        requireOpen();
        byte[] bytes = Hkdf.derive(rootSecret, realmId, GEAR_LABEL, GEAR_ENTRIES * Long.BYTES);
        long[] table = new long[GEAR_ENTRIES];
        ByteBuffer.wrap(bytes).asLongBuffer().get(table);
        Arrays.fill(bytes, (byte) 0);
        return table;
    }

    /** A random session key, stored under the current epoch. */
    public SessionKey newSession(SecureRandom random) {
        requireOpen();
        byte[] slotId = randomBytes(random, SessionKey.SLOT_ID_BYTES);
        byte[] dataKey = randomBytes(random, SessionKey.DATA_KEY_BYTES);
        byte[] nonce = randomBytes(random, GcmEngine.NONCE_BYTES);
        int epoch = currentEpoch();
        byte[] payload = ByteBuffer.allocate(SessionKey.SLOT_PAYLOAD_BYTES)
                .putInt(epoch)
                .put(nonce)
                .array();
        new GcmEngine(new SecretKeySpec(epochKeys.get(epoch), "AES"))
                .seal(nonce, slotAad(slotId, epoch), Span.of(dataKey), payload, Integer.BYTES + nonce.length);
        return new SessionKey(realmId.clone(), slotId, payload, dataKey);
    }

    /** Says whose copy this is, for what a person is told to do about it. */
    public RealmKey heldBy(String machine) {
        holder = machine;
        return this;
    }

    /** Opens a stored key slot. Throws {@code WRONG} when its epoch is unknown here or it was made for another realm or slot. */
    public SessionKey openSlot(byte[] slotId, byte[] slotPayload) {
        requireOpen();
        if (slotId.length != SessionKey.SLOT_ID_BYTES || slotPayload.length != SessionKey.SLOT_PAYLOAD_BYTES) {
            throw new KeyException(
                    KeyException.Reason.MALFORMED,
                    "key slot of realm '" + realm + "' has a wrong length",
                    damagedSlot());
        }
        int epoch = ByteBuffer.wrap(slotPayload).getInt();
        byte[] epochKey = epochKeys.get(epoch);
        if (epochKey == null) {
            throw new KeyException(
                    Integer.compareUnsigned(epoch, currentEpoch()) > 0
                            ? KeyException.Reason.MISSING
                            : KeyException.Reason.WRONG,
                    "key slot needs epoch " + Integer.toUnsignedString(epoch) + " of realm '" + realm
                            + "', this key ends at epoch " + currentEpoch(),
                    "Run `holdfast configure " + holder + "` again to fetch the current realm key.");
        }
        int sealedAt = Integer.BYTES + GcmEngine.NONCE_BYTES;
        byte[] nonce = Arrays.copyOfRange(slotPayload, Integer.BYTES, sealedAt);
        byte[] dataKey = new byte[SessionKey.DATA_KEY_BYTES];
        try {
            new GcmEngine(new SecretKeySpec(epochKey, "AES"))
                    .open(
                            nonce,
                            slotAad(slotId, epoch),
                            new Span(slotPayload, sealedAt, slotPayload.length - sealedAt),
                            dataKey,
                            0);
        } catch (AEADBadTagException e) {
            throw new KeyException(
                    KeyException.Reason.WRONG,
                    "key slot does not open with the key of realm '" + realm + "'",
                    damagedSlot(),
                    e);
        }
        return new SessionKey(realmId.clone(), slotId.clone(), slotPayload.clone(), dataKey);
    }

    private static String damagedSlot() {
        return "The slot is damaged or belongs to another realm; check which keyring this machine uses.";
    }

    private byte[][] slotAad(byte[] slotId, int epoch) {
        return new byte[][] {
            SLOT_LABEL.getBytes(StandardCharsets.US_ASCII),
            realmId,
            slotId,
            ByteBuffer.allocate(Integer.BYTES).putInt(epoch).array()
        };
    }

    /** The whole secret as bytes, to be wrapped; the caller wipes them. */
    public byte[] encode() {
        requireOpen();
        return RealmKeyCodec.encode(realm, realmId, rootSecret, epochKeys);
    }

    /** Reads what {@link #encode} wrote. Throws {@code MALFORMED} for anything else; a checksum guards every byte. */
    public static RealmKey decode(byte[] encoded) {
        return RealmKeyCodec.decode(encoded)
                .orElseThrow(() -> new KeyException(
                        KeyException.Reason.MALFORMED,
                        "realm key is damaged or was not made by Holdfast",
                        KeyException.TAKE_AGAIN));
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the key of realm '" + realm + "' is closed");
        }
    }

    private static byte[] randomBytes(SecureRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Wipes the secrets. */
    @Override
    public void close() {
        closed = true;
        Arrays.fill(rootSecret, (byte) 0);
        epochKeys.values().forEach(key -> Arrays.fill(key, (byte) 0));
    }

    @Override
    public String toString() {
        return "RealmKey of realm '" + realm + "', epoch " + currentEpoch();
    }
}
