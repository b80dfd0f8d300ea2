package dev.holdfast.keys.machine;

import static dev.holdfast.keys.machine.PrivateKeyFile.ascii;
import static dev.holdfast.keys.machine.PrivateKeyFile.malformed;
import static dev.holdfast.keys.machine.PrivateKeyFile.wipe;

import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.util.Arrays;
import java.util.Base64;

/**
 * A private key in the file format of OpenSSH (PROTOCOL.key), without passphrase: Ed25519 is written and read, RSA is only read. The
 * two check words are taken from the public key: without a passphrase they check nothing, and the same key gives the same file.
 */
final class OpenSshPrivateKey {
    private static final byte[] BEGIN = ascii("-----BEGIN OPENSSH PRIVATE KEY-----\n");
    private static final byte[] END = ascii("\n-----END OPENSSH PRIVATE KEY-----\n");
    private static final byte[] MAGIC = ascii("openssh-key-v1\0");
    private static final int LINE_LENGTH = 70;
    private static final int BLOCK_BYTES = 8;

    private OpenSshPrivateKey() {}

    static byte[] encode(byte[] seed, Ed25519PublicKey publicKey, String comment) {
        byte[] secret = secretPart(seed, publicKey, ascii(comment));
        byte[] blob = publicKey.blob();
        ByteBuffer out = ByteBuffer.allocate(MAGIC.length + 8 + 8 + 4 + 4 + 4 + blob.length + 4 + secret.length);
        out.put(MAGIC);
        SshWire.put(out, ascii("none"));
        SshWire.put(out, ascii("none"));
        out.putInt(0).putInt(1);
        SshWire.put(out, blob);
        SshWire.put(out, secret);
        byte[] body = Base64.getMimeEncoder(LINE_LENGTH, new byte[] {'\n'}).encode(out.array());
        byte[] file = ByteBuffer.allocate(BEGIN.length + body.length + END.length)
                .put(BEGIN)
                .put(body)
                .put(END)
                .array();
        wipe(secret, out.array(), body);
        return file;
    }

    private static byte[] secretPart(byte[] seed, Ed25519PublicKey publicKey, byte[] comment) {
        byte[] type = ascii(Ed25519PublicKey.TYPE);
        int length = 8
                + 4
                + type.length
                + 4
                + Ed25519PublicKey.BYTES
                + 4
                + 2 * Ed25519Secret.SEED_BYTES
                + 4
                + comment.length;
        int padded = (length + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
        ByteBuffer out = ByteBuffer.allocate(padded);
        out.put(publicKey.raw(), 0, 4).put(publicKey.raw(), 0, 4);
        SshWire.put(out, type);
        SshWire.put(out, publicKey.raw());
        out.putInt(2 * Ed25519Secret.SEED_BYTES).put(seed).put(publicKey.raw());
        SshWire.put(out, comment);
        for (int i = 1; out.hasRemaining(); i++) {
            out.put((byte) i);
        }
        return out.array();
    }

    /** {@code file} may come from {@code ssh-keygen -N ''} too. */
    static SshSecret parse(byte[] file) {
        byte[] body = bodyOf(file);
        try {
            return read(ByteBuffer.wrap(body), file);
        } catch (BufferUnderflowException e) {
            throw malformed("is cut short");
        } finally {
            wipe(body);
        }
    }

    private static byte[] bodyOf(byte[] file) {
        int end = file.length - END.length;
        if (end < BEGIN.length
                || !PrivateKeyFile.startsWith(file, BEGIN)
                || !Arrays.equals(file, end, file.length, END, 0, END.length)) {
            throw malformed("is not an OpenSSH private key file");
        }
        return PrivateKeyFile.decode(file, BEGIN.length, end);
    }

    private static SshSecret read(ByteBuffer in, byte[] file) {
        byte[] magic = new byte[MAGIC.length];
        in.get(magic);
        if (!Arrays.equals(magic, MAGIC)) {
            throw malformed("is not an OpenSSH private key file");
        }
        String cipher = SshWire.text(in);
        String derivation = SshWire.text(in);
        if (!cipher.equals("none") || !derivation.equals("none") || SshWire.take(in).length != 0) {
            throw PrivateKeyFile.encrypted();
        }
        if (in.getInt() != 1) {
            throw malformed("does not hold exactly one key");
        }
        SshPublicKey outer = SshPublicKey.ofBlob(SshWire.take(in));
        byte[] secret = SshWire.take(in);
        if (in.hasRemaining()) {
            throw malformed("has bytes after its end");
        }
        try {
            return readSecretPart(ByteBuffer.wrap(secret), outer, file);
        } finally {
            wipe(secret);
        }
    }

    private static SshSecret readSecretPart(ByteBuffer in, SshPublicKey outer, byte[] file) {
        int check = in.getInt();
        int checkAgain = in.getInt();
        if (check != checkAgain || !SshWire.text(in).equals(outer.type())) {
            throw malformed("is damaged");
        }
        SshSecret inner = outer instanceof Ed25519PublicKey ? readEd25519(in) : readRsa(in, file);
        boolean complete = inner.publicKey().equals(outer);
        SshWire.take(in);
        for (int i = 1; in.hasRemaining(); i++) {
            complete &= in.get() == i && i < 256;
        }
        if (!complete) {
            inner.close();
            throw malformed("has halves that do not fit together");
        }
        return inner;
    }

    private static Ed25519Secret readEd25519(ByteBuffer in) {
        byte[] shown = SshWire.take(in);
        byte[] both = SshWire.take(in);
        byte[] seed = Arrays.copyOf(both, Ed25519Secret.SEED_BYTES);
        try {
            Ed25519Secret secret = Ed25519Secret.of(seed);
            byte[] own = secret.publicKey().raw();
            if (both.length != 2 * Ed25519Secret.SEED_BYTES
                    || !Arrays.equals(both, Ed25519Secret.SEED_BYTES, both.length, own, 0, own.length)
                    || !Arrays.equals(shown, own)) {
                secret.close();
                throw malformed("has halves that do not fit together");
            }
            return secret;
        } finally {
            wipe(both, seed);
        }
    }

    private static RsaSecret readRsa(ByteBuffer in, byte[] file) {
        BigInteger n = SshWire.number(in);
        BigInteger e = SshWire.number(in);
        BigInteger d = SshWire.number(in);
        BigInteger coefficient = SshWire.number(in);
        BigInteger p = SshWire.number(in);
        BigInteger q = SshWire.number(in);
        if (p.compareTo(BigInteger.ONE) <= 0 || q.compareTo(BigInteger.ONE) <= 0) {
            throw malformed("has numbers that do not fit together");
        }
        RSAPrivateCrtKeySpec numbers = new RSAPrivateCrtKeySpec(
                n, e, d, p, q, d.mod(p.subtract(BigInteger.ONE)), d.mod(q.subtract(BigInteger.ONE)), coefficient);
        try {
            return RsaSecret.of((RSAPrivateCrtKey) KeyFactory.getInstance("RSA").generatePrivate(numbers), file);
        } catch (GeneralSecurityException unusable) {
            throw malformed("has numbers that do not fit together");
        }
    }
}
