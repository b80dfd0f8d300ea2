package dev.holdfast.keys.machine;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyName;
import dev.holdfast.keys.seal.SealingSecret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;

/**
 * The secrets of one named machine: an Ed25519 key by which it is known over SSH (as user, and as host when it runs a server)
 * and an X25519 key for which realm keys are wrapped. Wipes itself on {@link #close}.
 */
public final class MachineKeys implements AutoCloseable {
    static final String SECRET_TAG = "holdfast-seal-secret-v1";
    private static final byte[] PKCS8_PREFIX = HexFormat.of().parseHex("302e020100300506032b657004220420");
    private static final int SEED_BYTES = 32;

    private final String name;
    private final byte[] sshSeed;
    private final SshPublicKey sshPublicKey;
    private final SealingSecret sealing;
    private volatile boolean closed;

    private MachineKeys(String name, byte[] sshSeed, SealingSecret sealing) {
        this.name = KeyName.require("machine", name);
        this.sshSeed = sshSeed;
        this.sshPublicKey = publicKeyOf(sshSeed);
        this.sealing = sealing;
    }

    public static MachineKeys generate(String name, SecureRandom random) {
        byte[] seed = new byte[SEED_BYTES];
        random.nextBytes(seed);
        return new MachineKeys(name, seed, SealingSecret.generate(random));
    }

    /** Reads the two private files. Throws {@code MALFORMED} when one is damaged or belongs to another machine. */
    public static MachineKeys parse(String name, byte[] sshFile, byte[] sealFile) {
        return new MachineKeys(name, OpenSshPrivateKey.seedOf(sshFile), parseSealingSecret(name, sealFile));
    }

    /** Reads {@code holdfast-seal-secret-v1 BASE64 NAME}; never makes a String of it. */
    private static SealingSecret parseSealingSecret(String name, byte[] file) {
        byte[] before = (SECRET_TAG + " ").getBytes(StandardCharsets.US_ASCII);
        byte[] after = (" " + name + "\n").getBytes(StandardCharsets.US_ASCII);
        int end = file.length - after.length;
        if (end < before.length
                || !Arrays.equals(file, 0, before.length, before, 0, before.length)
                || !Arrays.equals(file, end, file.length, after, 0, after.length)) {
            throw malformed(name);
        }
        byte[] base64 = Arrays.copyOfRange(file, before.length, end);
        try {
            byte[] secret = Base64.getDecoder().decode(base64);
            if (!MessageDigest.isEqual(Base64.getEncoder().encode(secret), base64)) {
                throw malformed(name);
            }
            SealingSecret sealing = SealingSecret.of(secret);
            Arrays.fill(secret, (byte) 0);
            return sealing;
        } catch (IllegalArgumentException e) {
            throw malformed(name);
        } finally {
            Arrays.fill(base64, (byte) 0);
        }
    }

    private static KeyException malformed(String name) {
        return new KeyException(
                KeyException.Reason.MALFORMED,
                "secret sealing key of machine '" + name + "' is damaged or belongs to another machine",
                "Take the file from the key store again, or run `holdfast keygen --rotate " + name + "`.");
    }

    /** The public half of the Ed25519 key with that seed (32 bytes, RFC 8032). */
    public static SshPublicKey publicKeyOf(byte[] seed) {
        return SshPublicKey.of(
                new Ed25519PrivateKeyParameters(seed, 0).generatePublicKey().getEncoded());
    }

    public String name() {
        return name;
    }

    public MachinePublicKeys publicKeys() {
        return new MachinePublicKeys(name, sshPublicKey, sealing.publicKey());
    }

    /** Owned by these keys: closed with them. */
    public SealingSecret sealing() {
        requireOpen();
        return sealing;
    }

    /** The seed of the SSH key (32 bytes, RFC 8032); the caller wipes it. */
    public byte[] sshSeed() {
        requireOpen();
        return sshSeed.clone();
    }

    /** The SSH key as the JDK's own EdEC keys. They cannot be wiped: take them only where a library wants them. */
    public KeyPair sshKeyPair() {
        requireOpen();
        byte[] encoded = Arrays.copyOf(PKCS8_PREFIX, PKCS8_PREFIX.length + SEED_BYTES);
        System.arraycopy(sshSeed, 0, encoded, PKCS8_PREFIX.length, SEED_BYTES);
        try {
            PrivateKey secret = KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded));
            return new KeyPair(sshPublicKey.toJava(), secret);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Ed25519 does not work on this Java", e);
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    /** The private key file that {@code ssh -i} takes; the caller wipes it. */
    public byte[] sshFile() {
        requireOpen();
        return OpenSshPrivateKey.encode(sshSeed, sshPublicKey, publicKeys().sshComment());
    }

    /** The private sealing key file, {@code holdfast-seal-secret-v1 BASE64 NAME}; the caller wipes it. */
    public byte[] sealFile() {
        requireOpen();
        byte[] secret = sealing.bytes();
        byte[] base64 = Base64.getEncoder().encode(secret);
        byte[] before = (SECRET_TAG + " ").getBytes(StandardCharsets.US_ASCII);
        byte[] after = (" " + name + "\n").getBytes(StandardCharsets.US_ASCII);
        byte[] file = Arrays.copyOf(before, before.length + base64.length + after.length);
        System.arraycopy(base64, 0, file, before.length, base64.length);
        System.arraycopy(after, 0, file, before.length + base64.length, after.length);
        Arrays.fill(secret, (byte) 0);
        Arrays.fill(base64, (byte) 0);
        return file;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the keys of machine '" + name + "' are closed");
        }
    }

    /** Wipes the secrets. */
    @Override
    public void close() {
        closed = true;
        Arrays.fill(sshSeed, (byte) 0);
        sealing.close();
    }

    @Override
    public String toString() {
        return "MachineKeys of '" + name + "', " + sshPublicKey;
    }
}
