package dev.holdfast.core.transport;

import dev.holdfast.keys.machine.SshPublicKey;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Arrays;

/** An Ed25519 key pair as SSH uses it, for a server's host key or an agent's own key. Never prints its private half. */
public final class SshIdentity {
    private final KeyPair keys;
    private final SshPublicKey shown;

    private SshIdentity(KeyPair keys, SshPublicKey shown) {
        this.keys = keys;
        this.shown = shown;
    }

    /** From the raw 32-byte seed and the raw 32-byte public key; both are copied. */
    public static SshIdentity of(byte[] seed, byte[] publicRaw) throws InvalidKeyException {
        if (seed.length != 32 || publicRaw.length != 32) {
            throw new InvalidKeyException("an Ed25519 key has 32 bytes in each half");
        }
        try {
            PrivateKey own = JdkEd25519.INSTANCE.generateEDDSAPrivateKey(seed);
            PublicKey known = JdkEd25519.INSTANCE.generateEDDSAPublicKey(publicRaw);
            return new SshIdentity(new KeyPair(known, own), SshPublicKey.of(publicRaw));
        } catch (InvalidKeyException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new InvalidKeyException("not an Ed25519 key", e);
        }
    }

    /** From any provider's Ed25519 pair whose keys have the standard encodings. */
    public static SshIdentity of(KeyPair pair) throws InvalidKeyException {
        byte[] seed = JdkEd25519.raw(pair.getPrivate());
        try {
            return of(seed, JdkEd25519.raw(pair.getPublic()));
        } finally {
            Arrays.fill(seed, (byte) 0);
        }
    }

    public SshPublicKey publicKey() {
        return shown;
    }

    /** For the SSH library alone. */
    public KeyPair keyPair() {
        return keys;
    }

    @Override
    public String toString() {
        return SshPublicKey.TYPE + " " + shown.fingerprint();
    }
}
