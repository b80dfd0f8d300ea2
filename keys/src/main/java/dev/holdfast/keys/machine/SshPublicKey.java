package dev.holdfast.keys.machine;

import dev.holdfast.keys.KeyException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** An Ed25519 public key as SSH writes it: {@code ssh-ed25519 AAAA...}. */
public final class SshPublicKey {
    public static final String TYPE = "ssh-ed25519";
    public static final int BYTES = 32;

    private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");
    private static final byte[] TYPE_BYTES = TYPE.getBytes(StandardCharsets.US_ASCII);
    private static final int BLOB_BYTES = 4 + 11 + 4 + BYTES;

    private final byte[] raw;

    private SshPublicKey(byte[] raw) {
        this.raw = raw;
    }

    /** From the 32 bytes of RFC 8032. */
    public static SshPublicKey of(byte[] raw) {
        if (raw.length != BYTES) {
            throw malformed();
        }
        return new SshPublicKey(raw.clone());
    }

    /** From a key of the JDK or of another provider; it must be Ed25519. */
    public static SshPublicKey of(PublicKey key) {
        byte[] encoded = key.getEncoded();
        if (encoded == null
                || encoded.length != X509_PREFIX.length + BYTES
                || !Arrays.equals(encoded, 0, X509_PREFIX.length, X509_PREFIX, 0, X509_PREFIX.length)) {
            throw malformed();
        }
        return new SshPublicKey(Arrays.copyOfRange(encoded, X509_PREFIX.length, encoded.length));
    }

    /** Reads {@code ssh-ed25519 BASE64 [comment]}. */
    public static SshPublicKey parse(String line) {
        String[] fields = line.strip().split(" +", 3);
        if (fields.length < 2 || !fields[0].equals(TYPE)) {
            throw malformed();
        }
        byte[] blob;
        try {
            blob = Base64.getDecoder().decode(fields[1]);
        } catch (IllegalArgumentException e) {
            throw malformed();
        }
        SshPublicKey key = ofBlob(blob);
        if (!key.base64().equals(fields[1])) {
            throw malformed();
        }
        return key;
    }

    static SshPublicKey ofBlob(byte[] blob) {
        if (blob.length != BLOB_BYTES) {
            throw malformed();
        }
        SshPublicKey key = new SshPublicKey(Arrays.copyOfRange(blob, BLOB_BYTES - BYTES, BLOB_BYTES));
        if (!Arrays.equals(blob, key.blob())) {
            throw malformed();
        }
        return key;
    }

    private static KeyException malformed() {
        return new KeyException(
                KeyException.Reason.MALFORMED,
                "not an Ed25519 public key of SSH",
                "Expected one line `ssh-ed25519 AAAA... comment`; take the file from the key store again.");
    }

    /** The 32 bytes of RFC 8032. */
    public byte[] raw() {
        return raw.clone();
    }

    /** As the JDK's key type. */
    public PublicKey toJava() {
        byte[] encoded = Arrays.copyOf(X509_PREFIX, X509_PREFIX.length + BYTES);
        System.arraycopy(raw, 0, encoded, X509_PREFIX.length, BYTES);
        try {
            return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new KeyException(
                    KeyException.Reason.MALFORMED,
                    "the 32 bytes are no point of Ed25519",
                    "Take the public key from the key store again.",
                    e);
        }
    }

    /** Throws {@code MALFORMED} when the 32 bytes are no key that anybody could sign with. */
    public void requireUsable() {
        if (!Ed25519.validatePublicKeyFull(raw, 0)) {
            throw new KeyException(
                    KeyException.Reason.MALFORMED,
                    "the 32 bytes are no point of Ed25519",
                    "Take the public key from the key store again.");
        }
    }

    /** The key as SSH sends it: type and bytes, each with its length. */
    public byte[] blob() {
        return ByteBuffer.allocate(BLOB_BYTES)
                .putInt(TYPE_BYTES.length)
                .put(TYPE_BYTES)
                .putInt(BYTES)
                .put(raw)
                .array();
    }

    public String base64() {
        return Base64.getEncoder().encodeToString(blob());
    }

    /** {@code ssh-ed25519 AAAA... comment}. */
    public String line(String comment) {
        return TYPE + " " + base64() + " " + comment;
    }

    /** As {@code ssh-keygen -l} shows it: {@code SHA256:...}. */
    public String fingerprint() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(blob());
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-256 does not work on this Java", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SshPublicKey that && Arrays.equals(raw, that.raw);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(raw);
    }

    @Override
    public String toString() {
        return fingerprint();
    }
}
