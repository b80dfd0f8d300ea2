package dev.holdfast.keys.machine;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyName;
import dev.holdfast.keys.seal.SealingSecret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/**
 * The secrets of one named machine: a key by which it is known over SSH (as user, and as host when it runs a server) and an X25519
 * key for which realm keys are wrapped. Wipes itself on {@link #close}.
 */
public final class MachineKeys implements AutoCloseable {
    static final String SECRET_TAG = "holdfast-seal-secret-v1";

    private final String name;
    private final SshSecret ssh;
    private final SealingSecret sealing;
    private volatile boolean closed;

    private MachineKeys(String name, SshSecret ssh, SealingSecret sealing) {
        this.name = KeyName.require("machine", name);
        this.ssh = ssh;
        this.sealing = sealing;
    }

    public static MachineKeys generate(String name, SecureRandom random) {
        SshSecret ssh = SshSecret.generate(random);
        return new MachineKeys(name, ssh, SealingSecret.generate(random));
    }

    /** Those of a machine that has an SSH key, whose private file is given, and no sealing key yet. */
    public static MachineKeys complete(String name, byte[] sshFile, SecureRandom random) {
        SshSecret ssh = parseSsh(name, sshFile);
        return new MachineKeys(name, ssh, SealingSecret.generate(random));
    }

    /** Reads the two private files. Throws {@code MALFORMED} when one is damaged or belongs to another machine. */
    public static MachineKeys parse(String name, byte[] sshFile, byte[] sealFile) {
        SealingSecret sealing = parseSealingSecret(name, sealFile);
        try {
            return new MachineKeys(name, parseSsh(name, sshFile), sealing);
        } catch (KeyException e) {
            sealing.close();
            throw e;
        }
    }

    private static SshSecret parseSsh(String name, byte[] file) {
        try {
            return SshSecret.parse(file);
        } catch (KeyException e) {
            throw new KeyException(
                    e.reason(),
                    "machine '" + name + "': " + e.getMessage(),
                    e.hint() + " Or make new keys: `holdfast keygen --rotate " + name + "`.",
                    e);
        }
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
                KeyException.TAKE_AGAIN + " Or make new keys: `holdfast keygen --rotate " + name + "`.");
    }

    public String name() {
        return name;
    }

    public MachinePublicKeys publicKeys() {
        return new MachinePublicKeys(name, ssh.publicKey(), sealing.publicKey());
    }

    /** Owned by these keys: closed with them. */
    public SealingSecret sealing() {
        requireOpen();
        return sealing;
    }

    /** Owned by these keys: closed with them. */
    public SshSecret ssh() {
        requireOpen();
        return ssh;
    }

    /** The private key file that {@code ssh -i} takes; the caller wipes it. */
    public byte[] sshFile() {
        requireOpen();
        return ssh.file(publicKeys().sshComment());
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
        ssh.close();
        sealing.close();
    }

    @Override
    public String toString() {
        return "MachineKeys of '" + name + "', " + ssh.publicKey();
    }
}
