package dev.holdfast.keys.machine;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.Arrays;

/**
 * The private half of a pair that privateer left, with the file that it was read from: nobody here writes another, so privateer can
 * go on reading its own. What the JDK made of it cannot be wiped.
 */
final class RsaSecret implements SshSecret {
    private final RSAPrivateCrtKey key;
    private final RsaPublicKey publicKey;
    private final byte[] file;
    private volatile boolean closed;

    private RsaSecret(RSAPrivateCrtKey key, byte[] file) {
        this.publicKey = new RsaPublicKey(key.getPublicExponent(), key.getModulus());
        this.key = key;
        this.file = file;
    }

    /** {@code file} is copied. Throws {@code MALFORMED} when the numbers do not fit together. */
    static RsaSecret of(RSAPrivateCrtKey key, byte[] file) {
        if (!fitTogether(key)) {
            throw PrivateKeyFile.malformed("has numbers that do not fit together");
        }
        return new RsaSecret(key, file.clone());
    }

    /** What follows from the two primes (RFC 8017, section 3.2); that they are primes is taken on trust. */
    private static boolean fitTogether(RSAPrivateCrtKey key) {
        BigInteger p = key.getPrimeP();
        BigInteger q = key.getPrimeQ();
        BigInteger lessP = p.subtract(BigInteger.ONE);
        BigInteger lessQ = q.subtract(BigInteger.ONE);
        BigInteger d = key.getPrivateExponent();
        BigInteger e = key.getPublicExponent();
        return lessP.signum() > 0
                && lessQ.signum() > 0
                && p.multiply(q).equals(key.getModulus())
                && d.multiply(e).mod(lessP).equals(BigInteger.ONE)
                && d.multiply(e).mod(lessQ).equals(BigInteger.ONE)
                && key.getPrimeExponentP().equals(d.mod(lessP))
                && key.getPrimeExponentQ().equals(d.mod(lessQ))
                && key.getCrtCoefficient().multiply(q).mod(p).equals(BigInteger.ONE);
    }

    @Override
    public SshPublicKey publicKey() {
        return publicKey;
    }

    @Override
    public KeyPair keyPair() {
        requireOpen();
        return new KeyPair(publicKey.toJava(), key);
    }

    @Override
    public byte[] file(String comment) {
        requireOpen();
        return file.clone();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the secret of " + publicKey + " is closed");
        }
    }

    @Override
    public void close() {
        closed = true;
        Arrays.fill(file, (byte) 0);
    }

    @Override
    public String toString() {
        return "RsaSecret of " + publicKey;
    }
}
