package dev.holdfast.keys.machine;

import dev.holdfast.keys.KeyException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** The key that Holdfast makes for every machine (RFC 8709). */
public final class Ed25519PublicKey implements SshPublicKey {
    public static final String TYPE = "ssh-ed25519";
    public static final int BYTES = 32;

    private static final String NO_POINT = "the 32 bytes are no point of Ed25519";
    private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");
    private static final byte[] TYPE_BYTES = TYPE.getBytes(StandardCharsets.US_ASCII);
    private static final int BLOB_BYTES = 4 + 11 + 4 + BYTES;

    private final byte[] raw;

    private Ed25519PublicKey(byte[] raw) {
        this.raw = raw;
    }

    /** From the 32 bytes of RFC 8032. */
    public static Ed25519PublicKey of(byte[] raw) {
        if (raw.length != BYTES) {
            throw SshWire.noKey();
        }
        return new Ed25519PublicKey(raw.clone());
    }

    /** The same key, where no other kind can be meant; throws {@code MALFORMED} for one. */
    public static Ed25519PublicKey require(SshPublicKey key) {
        if (key instanceof Ed25519PublicKey ed25519) {
            return ed25519;
        }
        throw SshWire.noKey();
    }

    /** The public half of the key with that seed (32 bytes, RFC 8032). */
    static Ed25519PublicKey ofSeed(byte[] seed) {
        return new Ed25519PublicKey(
                new Ed25519PrivateKeyParameters(seed, 0).generatePublicKey().getEncoded());
    }

    /** Whether that is how the JDK encodes such a key. */
    static boolean isEncoded(byte[] x509) {
        return x509.length == X509_PREFIX.length + BYTES
                && Arrays.equals(x509, 0, X509_PREFIX.length, X509_PREFIX, 0, X509_PREFIX.length);
    }

    static Ed25519PublicKey ofEncoded(byte[] x509) {
        return new Ed25519PublicKey(Arrays.copyOfRange(x509, X509_PREFIX.length, x509.length));
    }

    static Ed25519PublicKey ofBlob(byte[] blob) {
        if (blob.length != BLOB_BYTES) {
            throw SshWire.noKey();
        }
        Ed25519PublicKey key = new Ed25519PublicKey(Arrays.copyOfRange(blob, BLOB_BYTES - BYTES, BLOB_BYTES));
        if (!Arrays.equals(blob, key.blob())) {
            throw SshWire.noKey();
        }
        return key;
    }

    /** The 32 bytes of RFC 8032. */
    public byte[] raw() {
        return raw.clone();
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public boolean isLegacy() {
        return false;
    }

    @Override
    public PublicKey toJava() {
        byte[] encoded = Arrays.copyOf(X509_PREFIX, X509_PREFIX.length + BYTES);
        System.arraycopy(raw, 0, encoded, X509_PREFIX.length, BYTES);
        try {
            return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new KeyException(KeyException.Reason.MALFORMED, NO_POINT, KeyException.TAKE_AGAIN, e);
        }
    }

    /** Throws {@code MALFORMED} when the 32 bytes are no key that anybody could sign with. */
    public void requireUsable() {
        if (!Ed25519.validatePublicKeyFull(raw, 0)) {
            throw new KeyException(KeyException.Reason.MALFORMED, NO_POINT, KeyException.TAKE_AGAIN);
        }
    }

    @Override
    public byte[] blob() {
        return ByteBuffer.allocate(BLOB_BYTES)
                .putInt(TYPE_BYTES.length)
                .put(TYPE_BYTES)
                .putInt(BYTES)
                .put(raw)
                .array();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Ed25519PublicKey that && Arrays.equals(raw, that.raw);
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
