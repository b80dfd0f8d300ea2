package dev.holdfast.keys.realm;

import dev.holdfast.keys.KeyName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The secret plaintext that is wrapped in keyrings and bundles. Numbers are big-endian.
 *
 * <pre>
 *  0  u32  magic "HFRK"
 *  4  u8   version (1)
 *  5  u8   length of the realm name n (1 to 100)
 *  6  n    realm name, ASCII
 *     16 B realm id
 *     32 B root secret
 *     u16  number of epochs e (1 to 4096)
 *     e *  ( u32 epoch, ascending, at least 1 | 32 B epoch key )
 *     32 B SHA-256 of everything before
 * </pre>
 */
final class RealmKeyCodec {
    static final int MAGIC = 0x4846524B;
    static final int VERSION = 1;
    static final int MAX_EPOCHS = 4096;
    private static final int SECRET_BYTES = 32;
    private static final int HASH_BYTES = 32;
    private static final int FIXED_BYTES = 6 + RealmKey.REALM_ID_BYTES + SECRET_BYTES + Short.BYTES + HASH_BYTES;
    private static final int EPOCH_BYTES = Integer.BYTES + SECRET_BYTES;

    private RealmKeyCodec() {}

    static byte[] encode(String realm, byte[] realmId, byte[] rootSecret, SortedMap<Integer, byte[]> epochKeys) {
        if (epochKeys.size() > MAX_EPOCHS) {
            throw new IllegalStateException("a realm key holds at most " + MAX_EPOCHS + " epochs");
        }
        byte[] name = realm.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + name.length + EPOCH_BYTES * epochKeys.size());
        out.putInt(MAGIC).put((byte) VERSION).put((byte) name.length).put(name);
        out.put(realmId).put(rootSecret).putShort((short) epochKeys.size());
        epochKeys.forEach((epoch, key) -> out.putInt(epoch).put(key));
        out.put(sha256(out.array(), out.position()));
        return out.array();
    }

    /** Empty for anything that {@link #encode} did not write. */
    static Optional<RealmKey> decode(byte[] encoded) {
        int body = encoded.length - HASH_BYTES;
        if (encoded.length < FIXED_BYTES + 1 + EPOCH_BYTES
                || !MessageDigest.isEqual(sha256(encoded, body), Arrays.copyOfRange(encoded, body, encoded.length))) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(encoded, 0, body);
        if (in.getInt() != MAGIC || in.get() != VERSION) {
            return Optional.empty();
        }
        int nameLength = in.get() & 0xff;
        if (in.remaining() < nameLength + FIXED_BYTES - HASH_BYTES - 6) {
            return Optional.empty();
        }
        String realm = new String(take(in, nameLength), StandardCharsets.US_ASCII);
        byte[] realmId = take(in, RealmKey.REALM_ID_BYTES);
        byte[] rootSecret = take(in, SECRET_BYTES);
        int count = in.getShort() & 0xffff;
        if (!KeyName.isPlain(realm) || count < 1 || count > MAX_EPOCHS || in.remaining() != count * EPOCH_BYTES) {
            return Optional.empty();
        }
        return readEpochs(in, count).map(epochs -> new RealmKey(realm, realmId, rootSecret, epochs));
    }

    private static Optional<SortedMap<Integer, byte[]>> readEpochs(ByteBuffer in, int count) {
        TreeMap<Integer, byte[]> epochs = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            int epoch = in.getInt();
            if (epoch < 1 || (!epochs.isEmpty() && epoch <= epochs.lastKey())) {
                return Optional.empty();
            }
            epochs.put(epoch, take(in, SECRET_BYTES));
        }
        return Optional.of(epochs);
    }

    private static byte[] take(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static byte[] sha256(byte[] bytes, int length) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes, 0, length);
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 does not work on this Java", e);
        }
    }
}
