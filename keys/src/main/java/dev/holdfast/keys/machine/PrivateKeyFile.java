package dev.holdfast.keys.machine;

import dev.holdfast.keys.KeyException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;

/** The armour that all forms of a private key have: a line that says which form it is, base64, and a line at the end. */
final class PrivateKeyFile {
    static final int MAX_BYTES = 32 << 10;
    private static final byte[] OPEN_SSH = ascii("-----BEGIN OPENSSH PRIVATE KEY-----");

    private PrivateKeyFile() {}

    static SshSecret parse(byte[] file) {
        if (file.length > MAX_BYTES) {
            throw malformed("is far too long");
        }
        return startsWith(file, OPEN_SSH) ? OpenSshPrivateKey.parse(file) : PemRsaKey.parse(file);
    }

    static boolean startsWith(byte[] file, byte[] beginning) {
        return file.length >= beginning.length
                && Arrays.equals(file, 0, beginning.length, beginning, 0, beginning.length);
    }

    /** What the base64 between {@code from} and {@code to} stands for, only one way of writing which is taken; the caller wipes it. */
    static byte[] decode(byte[] file, int from, int to) {
        byte[] text = new byte[to - from];
        int length = 0;
        for (int i = from; i < to; i++) {
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

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static void wipe(byte[]... arrays) {
        for (byte[] array : arrays) {
            Arrays.fill(array, (byte) 0);
        }
    }

    static KeyException malformed(String what) {
        return new KeyException(
                KeyException.Reason.MALFORMED,
                "SSH private key " + what,
                "It must be an Ed25519 key in the format of OpenSSH, or an RSA key as privateer writes it, without passphrase. "
                        + KeyException.TAKE_AGAIN);
    }

    static KeyException encrypted() {
        return new KeyException(
                KeyException.Reason.MALFORMED,
                "SSH private key is protected by a passphrase",
                "Machines are started by nobody who could type it: take it off a copy with `ssh-keygen -p -N '' -f FILE` and put"
                        + " that into the key store.");
    }
}
