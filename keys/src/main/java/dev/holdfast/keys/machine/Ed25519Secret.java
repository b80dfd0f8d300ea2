package dev.holdfast.keys.machine;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/** A seed of 32 bytes (RFC 8032) and what follows from it. */
public final class Ed25519Secret implements SshSecret {
    static final int SEED_BYTES = 32;
    private static final byte[] PKCS8_PREFIX = HexFormat.of().parseHex("302e020100300506032b657004220420");

    private final byte[] seed;
    private final Ed25519PublicKey publicKey;
    private volatile boolean closed;

    private Ed25519Secret(byte[] seed) {
        this.seed = seed;
        this.publicKey = Ed25519PublicKey.ofSeed(seed);
    }

    static Ed25519Secret generate(SecureRandom random) {
        byte[] seed = new byte[SEED_BYTES];
        random.nextBytes(seed);
        return new Ed25519Secret(seed);
    }

    /** From the seed, which is copied. */
    public static Ed25519Secret of(byte[] seed) {
        return new Ed25519Secret(seed.clone());
    }

    @Override
    public Ed25519PublicKey publicKey() {
        return publicKey;
    }

    @Override
    public KeyPair keyPair() {
        requireOpen();
        byte[] encoded = Arrays.copyOf(PKCS8_PREFIX, PKCS8_PREFIX.length + SEED_BYTES);
        System.arraycopy(seed, 0, encoded, PKCS8_PREFIX.length, SEED_BYTES);
        try {
            PrivateKey secret = KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded));
            return new KeyPair(publicKey.toJava(), secret);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Ed25519 does not work on this Java", e);
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    @Override
    public byte[] file(String comment) {
        requireOpen();
        return OpenSshPrivateKey.encode(seed, publicKey, comment);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the secret of " + publicKey + " is closed");
        }
    }

    @Override
    public void close() {
        closed = true;
        Arrays.fill(seed, (byte) 0);
    }

    @Override
    public String toString() {
        return "Ed25519Secret of " + publicKey;
    }
}
