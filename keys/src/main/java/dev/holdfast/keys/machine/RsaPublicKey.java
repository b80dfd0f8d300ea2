package dev.holdfast.keys.machine;

import dev.holdfast.keys.KeyException;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;

/** A key as privateer made them: never made here, and taken for as long as it is not rotated. */
public record RsaPublicKey(BigInteger exponent, BigInteger modulus) implements SshPublicKey {
    public static final String TYPE = "ssh-rsa";
    /** Shorter ones are refused. */
    public static final int MIN_BITS = 2048;

    static final int MAX_BITS = 16_384;
    private static final int MAX_EXPONENT_BITS = 64;

    public RsaPublicKey {
        boolean isKey = modulus.signum() > 0
                && modulus.testBit(0)
                && exponent.compareTo(BigInteger.TWO) > 0
                && exponent.testBit(0)
                && exponent.bitLength() <= MAX_EXPONENT_BITS
                && modulus.bitLength() <= MAX_BITS;
        if (!isKey) {
            throw SshWire.noKey();
        }
        if (modulus.bitLength() < MIN_BITS) {
            throw new KeyException(
                    KeyException.Reason.MALFORMED,
                    "RSA key of " + modulus.bitLength() + " bits is too short",
                    "RSA keys need " + MIN_BITS + " bits or more.");
        }
    }

    static RsaPublicKey ofBlob(byte[] blob) {
        ByteBuffer in = ByteBuffer.wrap(blob);
        try {
            SshWire.take(in);
            RsaPublicKey key = new RsaPublicKey(SshWire.number(in), SshWire.number(in));
            if (!Arrays.equals(blob, key.blob())) {
                throw SshWire.noKey();
            }
            return key;
        } catch (BufferUnderflowException e) {
            throw SshWire.noKey();
        }
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public boolean isLegacy() {
        return true;
    }

    @Override
    public byte[] blob() {
        byte[] type = TYPE.getBytes(StandardCharsets.US_ASCII);
        byte[] e = exponent.toByteArray();
        byte[] n = modulus.toByteArray();
        ByteBuffer out = ByteBuffer.allocate(3 * Integer.BYTES + type.length + e.length + n.length);
        SshWire.put(out, type);
        SshWire.put(out, e);
        SshWire.put(out, n);
        return out.array();
    }

    @Override
    public PublicKey toJava() {
        try {
            return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
        } catch (GeneralSecurityException e) {
            throw new KeyException(
                    KeyException.Reason.MALFORMED,
                    "this Java does not take the RSA key " + fingerprint(),
                    "Make an Ed25519 pair in its place: `holdfast keygen --rotate NAME`.",
                    e);
        }
    }

    @Override
    public String toString() {
        return fingerprint();
    }
}
