package dev.holdfast.core.transport;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Base64;

/** The public half of an Ed25519 key as SSH uses it: 32 bytes that are compared, shown and pinned. */
public final class SshPublicKey {
    private static final byte[] ALGORITHM = "ssh-ed25519".getBytes(StandardCharsets.US_ASCII);

    private final byte[] raw;

    private SshPublicKey(byte[] raw) {
        this.raw = raw;
    }

    public static SshPublicKey of(byte[] raw) {
        if (raw.length != 32) {
            throw new IllegalArgumentException("an Ed25519 public key has 32 bytes, not " + raw.length);
        }
        return new SshPublicKey(raw.clone());
    }

    /** From any provider's Ed25519 key that has the standard encoding. */
    public static SshPublicKey of(PublicKey key) throws InvalidKeyException {
        return of(JdkEd25519.raw(key));
    }

    public byte[] raw() {
        return raw.clone();
    }

    /** How people compare keys: {@code SHA256:} and 43 characters, as {@code ssh-keygen -l} prints them. */
    public String fingerprint() {
        byte[] wireForm = ByteBuffer.allocate(8 + ALGORITHM.length + raw.length)
                .putInt(ALGORITHM.length)
                .put(ALGORITHM)
                .putInt(raw.length)
                .put(raw)
                .array();
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(wireForm);
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SshPublicKey key && Arrays.equals(raw, key.raw);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(raw);
    }

    @Override
    public String toString() {
        return "ssh-ed25519 " + fingerprint();
    }
}
