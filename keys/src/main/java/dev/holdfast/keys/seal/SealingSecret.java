package dev.holdfast.keys.seal;

import dev.holdfast.keys.KeyException;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.X25519PublicKeyParameters;
import org.jspecify.annotations.Nullable;

/** The secret half of a sealing key (X25519). Wipes itself on {@link #close}. */
public final class SealingSecret implements AutoCloseable {
    public static final int BYTES = 32;

    private final byte[] secret;
    private final SealingKey publicKey;
    private volatile boolean closed;

    private SealingSecret(byte[] secret) {
        this.secret = secret;
        byte[] encoded = new byte[SealingKey.BYTES];
        new X25519PrivateKeyParameters(secret, 0).generatePublicKey().encode(encoded, 0);
        this.publicKey = SealingKey.of(encoded);
    }

    public static SealingSecret generate(SecureRandom random) {
        byte[] secret = new byte[BYTES];
        random.nextBytes(secret);
        return new SealingSecret(secret);
    }

    /** Takes a copy of the 32 bytes. */
    public static SealingSecret of(byte[] secret) {
        if (secret.length != BYTES) {
            throw new KeyException(
                    KeyException.Reason.MALFORMED, "secret sealing key is not 32 bytes long", KeyException.TAKE_AGAIN);
        }
        return new SealingSecret(secret.clone());
    }

    public SealingKey publicKey() {
        return publicKey;
    }

    /** The 32 bytes, to be stored; the caller wipes them. */
    public byte[] bytes() {
        requireOpen();
        return secret.clone();
    }

    /** A key of its own with the same secret. */
    public SealingSecret copy() {
        return of(bytes());
    }

    /**
     * Unwraps what {@link SealingKey#wrap} made for this key with the same {@code info}. Throws {@code WRONG} for anything
     * else. The caller wipes the result.
     */
    public byte[] unwrap(byte[] info, byte[] wrapped) {
        requireOpen();
        if (wrapped.length < SealingKey.BYTES + SealingKey.TAG_BYTES) {
            throw wrong(null);
        }
        byte[] encapsulated = Arrays.copyOf(wrapped, SealingKey.BYTES);
        try {
            AsymmetricCipherKeyPair pair = new AsymmetricCipherKeyPair(
                    new X25519PublicKeyParameters(publicKey.bytes(), 0), new X25519PrivateKeyParameters(secret, 0));
            return SealingKey.suite()
                    .setupBaseR(encapsulated, pair, info)
                    .open(new byte[0], Arrays.copyOfRange(wrapped, SealingKey.BYTES, wrapped.length));
        } catch (InvalidCipherTextException | IllegalStateException | IllegalArgumentException e) {
            throw wrong(e);
        }
    }

    private static KeyException wrong(@Nullable Exception cause) {
        KeyException e = new KeyException(
                KeyException.Reason.WRONG,
                "wrapped secret does not open with this sealing key",
                "It was wrapped for another key or is damaged; run `holdfast keygen` again where the key store is.");
        if (cause != null) {
            e.initCause(cause);
        }
        return e;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the sealing key is closed");
        }
    }

    /** Wipes the secret. */
    @Override
    public void close() {
        closed = true;
        Arrays.fill(secret, (byte) 0);
    }

    @Override
    public String toString() {
        return "SealingSecret of " + publicKey;
    }
}
