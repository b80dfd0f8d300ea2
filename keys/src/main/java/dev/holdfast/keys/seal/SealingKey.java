package dev.holdfast.keys.seal;

import dev.holdfast.keys.KeyException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.hpke.HPKEContextWithEncapsulation;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.X25519PublicKeyParameters;

/**
 * The public half of a sealing key (X25519): whoever has it can wrap a secret for its holder.
 *
 * <p>HPKE base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, empty additional data, one message per key. A wrapped
 * secret is the encapsulated key (32 bytes), then the ciphertext with its tag.
 */
public final class SealingKey {
    public static final int BYTES = 32;
    static final int TAG_BYTES = 16;

    private final byte[] bytes;

    private SealingKey(byte[] bytes) {
        this.bytes = bytes;
    }

    public static SealingKey of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw malformed();
        }
        return new SealingKey(bytes.clone());
    }

    /** Reads what {@link #base64} wrote, and nothing else. */
    public static SealingKey ofBase64(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw malformed();
        }
        SealingKey key = of(bytes);
        if (!key.base64().equals(text)) {
            throw malformed();
        }
        return key;
    }

    private static KeyException malformed() {
        return new KeyException(
                KeyException.Reason.MALFORMED, "public sealing key is not 32 bytes of base64", KeyException.TAKE_AGAIN);
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    public String base64() {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Wraps {@code secret} for the holder of this key; {@code info} must be given again to unwrap. */
    public byte[] wrap(byte[] info, byte[] secret, SecureRandom random) {
        byte[] seed = new byte[BYTES];
        random.nextBytes(seed);
        X25519PrivateKeyParameters ephemeral = new X25519PrivateKeyParameters(seed, 0);
        Arrays.fill(seed, (byte) 0);
        try {
            HPKEContextWithEncapsulation context = suite().setupBaseS(
                            new X25519PublicKeyParameters(bytes, 0),
                            info,
                            new AsymmetricCipherKeyPair(ephemeral.generatePublicKey(), ephemeral));
            byte[] ciphertext = context.seal(new byte[0], secret);
            byte[] wrapped = Arrays.copyOf(context.getEncapsulation(), BYTES + ciphertext.length);
            System.arraycopy(ciphertext, 0, wrapped, BYTES, ciphertext.length);
            return wrapped;
        } catch (InvalidCipherTextException | IllegalStateException | IllegalArgumentException e) {
            // A point of low order: somebody put it there on purpose, no honest key is one.
            throw new KeyException(
                    KeyException.Reason.MALFORMED,
                    "public sealing key cannot be used",
                    "Make a new one with `holdfast keygen --rotate NAME`.",
                    e);
        }
    }

    /** Throws {@code MALFORMED} when nothing can be wrapped for it, because it is a point of low order. */
    public void requireUsable() {
        byte[] shared = new byte[BYTES];
        try {
            new X25519PrivateKeyParameters(new byte[BYTES], 0)
                    .generateSecret(new X25519PublicKeyParameters(bytes, 0), shared, 0);
        } catch (IllegalStateException e) {
            throw new KeyException(
                    KeyException.Reason.MALFORMED,
                    "public sealing key cannot be used",
                    "Make a new one with `holdfast keygen --rotate NAME`.",
                    e);
        }
    }

    static HPKE suite() {
        return new HPKE(HPKE.mode_base, HPKE.kem_X25519_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM256);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SealingKey that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return base64();
    }
}
