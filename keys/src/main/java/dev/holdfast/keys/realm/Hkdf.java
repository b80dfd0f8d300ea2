package dev.holdfast.keys.realm;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF with SHA-256 (RFC 5869), on the JDK's HMAC: no class of a library is loaded for it. */
public final class Hkdf {
    private static final int HASH_BYTES = 32;

    private Hkdf() {}

    /** Extract with {@code salt}, then expand with the ASCII text {@code info} to {@code length} bytes. */
    public static byte[] derive(byte[] secret, byte[] salt, String info, int length) {
        if (length > 255 * HASH_BYTES) {
            throw new IllegalArgumentException("HKDF gives at most " + 255 * HASH_BYTES + " bytes");
        }
        Mac extract = hmac(salt);
        byte[] pseudoRandomKey = extract.doFinal(secret);
        Mac expand = hmac(pseudoRandomKey);
        Arrays.fill(pseudoRandomKey, (byte) 0);
        byte[] label = info.getBytes(StandardCharsets.US_ASCII);
        byte[] result = new byte[length];
        byte[] block = {};
        for (int done = 0, counter = 1; done < length; done += HASH_BYTES, counter++) {
            expand.update(block);
            expand.update(label);
            expand.update((byte) counter);
            block = expand.doFinal();
            System.arraycopy(block, 0, result, done, Math.min(HASH_BYTES, length - done));
        }
        Arrays.fill(block, (byte) 0);
        return result;
    }

    /** HMAC with SHA-256 under {@code key}. */
    public static Mac hmac(byte[] key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 does not work on this Java", e);
        }
    }
}
