package dev.holdfast.keys.machine;

import dev.holdfast.keys.KeyException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;

/**
 * An Ed25519 private key in the file format of OpenSSH (PROTOCOL.key), without passphrase. The two check words are taken from
 * the public key: without a passphrase they check nothing, and the same key gives the same file.
 */
final class OpenSshPrivateKey {
    private static final byte[] BEGIN = ascii("-----BEGIN OPENSSH PRIVATE KEY-----\n");
    private static final byte[] END = ascii("\n-----END OPENSSH PRIVATE KEY-----\n");
    private static final byte[] MAGIC = ascii("openssh-key-v1\0");
    private static final int SEED_BYTES = 32;
    private static final int LINE_LENGTH = 70;
    private static final int MAX_FILE_BYTES = 4096;
    private static final int BLOCK_BYTES = 8;

    private OpenSshPrivateKey() {}

    static byte[] encode(byte[] seed, SshPublicKey publicKey, String comment) {
        byte[] secret = secretPart(seed, publicKey, ascii(comment));
        byte[] blob = publicKey.blob();
        ByteBuffer out = ByteBuffer.allocate(MAGIC.length + 8 + 8 + 4 + 4 + 4 + blob.length + 4 + secret.length);
        out.put(MAGIC);
        put(out, ascii("none"));
        put(out, ascii("none"));
        out.putInt(0).putInt(1);
        put(out, blob);
        put(out, secret);
        byte[] body = Base64.getMimeEncoder(LINE_LENGTH, new byte[] {'\n'}).encode(out.array());
        byte[] file = ByteBuffer.allocate(BEGIN.length + body.length + END.length)
                .put(BEGIN)
                .put(body)
                .put(END)
                .array();
        wipe(secret, out.array(), body);
        return file;
    }

    private static byte[] secretPart(byte[] seed, SshPublicKey publicKey, byte[] comment) {
        byte[] type = ascii(SshPublicKey.TYPE);
        int length = 8 + 4 + type.length + 4 + SshPublicKey.BYTES + 4 + 2 * SEED_BYTES + 4 + comment.length;
        int padded = (length + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
        ByteBuffer out = ByteBuffer.allocate(padded);
        out.put(publicKey.raw(), 0, 4).put(publicKey.raw(), 0, 4);
        put(out, type);
        put(out, publicKey.raw());
        out.putInt(2 * SEED_BYTES).put(seed).put(publicKey.raw());
        put(out, comment);
        for (int i = 1; out.hasRemaining(); i++) {
            out.put((byte) i);
        }
        return out.array();
    }

    /** The seed (32 bytes); the caller wipes it. {@code file} may come from {@code ssh-keygen -t ed25519 -N ''} too. */
    static byte[] seedOf(byte[] file) {
        byte[] body = bodyOf(file);
        try {
            return readSeed(ByteBuffer.wrap(body));
        } catch (BufferUnderflowException e) {
            throw malformed("is cut short");
        } finally {
            wipe(body);
        }
    }

    private static byte[] bodyOf(byte[] file) {
        int end = file.length - END.length;
        if (file.length > MAX_FILE_BYTES
                || end < BEGIN.length
                || !Arrays.equals(file, 0, BEGIN.length, BEGIN, 0, BEGIN.length)
                || !Arrays.equals(file, end, file.length, END, 0, END.length)) {
            throw malformed("is not an OpenSSH private key file");
        }
        byte[] text = new byte[end - BEGIN.length];
        int length = 0;
        for (int i = BEGIN.length; i < end; i++) {
            if (file[i] != '\n') {
                text[length++] = file[i];
            }
        }
        byte[] base64 = Arrays.copyOf(text, length);
        try {
            byte[] body = Base64.getDecoder().decode(base64);
            byte[] again = Base64.getEncoder().encode(body);
            if (!MessageDigest.isEqual(again, base64)) {
                throw malformed("is damaged");
            }
            wipe(again);
            return body;
        } catch (IllegalArgumentException e) {
            throw malformed("is damaged");
        } finally {
            wipe(text, base64);
        }
    }

    private static byte[] readSeed(ByteBuffer in) {
        byte[] magic = new byte[MAGIC.length];
        in.get(magic);
        if (!Arrays.equals(magic, MAGIC)) {
            throw malformed("is not an OpenSSH private key file");
        }
        String cipher = text(in);
        String derivation = text(in);
        if (!cipher.equals("none") || !derivation.equals("none") || take(in).length != 0) {
            throw malformed("is protected by a passphrase");
        }
        if (in.getInt() != 1) {
            throw malformed("does not hold exactly one key");
        }
        SshPublicKey outer = SshPublicKey.ofBlob(take(in));
        byte[] secret = take(in);
        if (in.hasRemaining()) {
            throw malformed("has bytes after its end");
        }
        try {
            return readSecretPart(ByteBuffer.wrap(secret), outer);
        } finally {
            wipe(secret);
        }
    }

    private static byte[] readSecretPart(ByteBuffer in, SshPublicKey outer) {
        int check = in.getInt();
        int checkAgain = in.getInt();
        if (check != checkAgain || !text(in).equals(SshPublicKey.TYPE)) {
            throw malformed("is not an Ed25519 key or is damaged");
        }
        SshPublicKey inner = SshPublicKey.of(take(in));
        byte[] both = take(in);
        byte[] seed = Arrays.copyOf(both, SEED_BYTES);
        boolean complete = both.length == 2 * SEED_BYTES
                && Arrays.equals(both, SEED_BYTES, both.length, outer.raw(), 0, SshPublicKey.BYTES);
        wipe(both);
        take(in);
        for (int i = 1; in.hasRemaining(); i++) {
            complete &= in.get() == i && i < 256;
        }
        if (!complete || !inner.equals(outer) || !MachineKeys.publicKeyOf(seed).equals(outer)) {
            wipe(seed);
            throw malformed("has halves that do not fit together");
        }
        return seed;
    }

    private static byte[] take(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw malformed("is cut short");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static String text(ByteBuffer in) {
        return new String(take(in), StandardCharsets.US_ASCII);
    }

    private static void put(ByteBuffer out, byte[] bytes) {
        out.putInt(bytes.length).put(bytes);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void wipe(byte[]... arrays) {
        for (byte[] array : arrays) {
            Arrays.fill(array, (byte) 0);
        }
    }

    private static KeyException malformed(String what) {
        return new KeyException(
                KeyException.Reason.MALFORMED,
                "SSH private key " + what,
                "It must be an unencrypted Ed25519 key; take the file from the key store again.");
    }
}
