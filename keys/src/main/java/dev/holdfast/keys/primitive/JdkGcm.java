package dev.holdfast.keys.primitive;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Security;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's cipher, driven so that it becomes fast soon. It uses the processor's AES and carry-less multiplication only after the
 * surrounding Java has been compiled, which needs many calls; with whole chunks a young process crawls at 60 MB/s for seconds.
 * So (1) it is fed in slices of 4 KiB, and (2), because its decryption holds everything back until the end, we <em>encrypt</em>
 * the ciphertext instead: counter mode is its own inverse, so that gives the plaintext, and encrypting that again gives the tag
 * to compare with. Twice the work at many times the speed, in the code that is warm anyway.
 */
final class JdkGcm implements Gcm {
    static final String TRANSFORMATION = "AES/GCM/NoPadding";
    private static final int SLICE_BYTES = 4096;

    private final SecretKey key;
    private final byte[] scratch = new byte[SLICE_BYTES + TAG_BYTES];
    private @Nullable Cipher first;
    private @Nullable Cipher second;

    JdkGcm(SecretKey key) {
        this.key = key;
    }

    /** The JDK's own cipher, whatever else is installed. */
    static Cipher cipher() throws GeneralSecurityException {
        var jdk = Security.getProvider("SunJCE");
        return jdk != null ? Cipher.getInstance(TRANSFORMATION, jdk) : Cipher.getInstance(TRANSFORMATION);
    }

    @Override
    public void seal(byte[] nonce, byte[][] aad, Span in, byte[] out, int outOffset) throws GeneralSecurityException {
        Cipher cipher = first != null ? first : cipher();
        first = cipher;
        begin(cipher, nonce, aad);
        int from = in.offset();
        int end = in.offset() + in.length();
        int to = outOffset;
        while (end - from > SLICE_BYTES) {
            to += cipher.update(in.array(), from, SLICE_BYTES, out, to);
            from += SLICE_BYTES;
        }
        cipher.doFinal(in.array(), from, end - from, out, to);
    }

    @Override
    public boolean open(byte[] nonce, byte[][] aad, Span in, byte[] out, int outOffset)
            throws GeneralSecurityException {
        Cipher stream = first != null ? first : cipher();
        Cipher check = second != null ? second : cipher();
        first = stream;
        second = check;
        int end = in.offset() + in.length() - TAG_BYTES;
        byte[] tag = Arrays.copyOfRange(in.array(), end, end + TAG_BYTES);
        begin(stream, nonce, new byte[0][]);
        begin(check, nonce, aad);
        int from = in.offset();
        int to = outOffset;
        while (end - from > SLICE_BYTES) {
            stream.update(in.array(), from, SLICE_BYTES, out, to);
            check.update(out, to, SLICE_BYTES, scratch, 0);
            from += SLICE_BYTES;
            to += SLICE_BYTES;
        }
        int rest = end - from;
        stream.doFinal(in.array(), from, rest, scratch, 0);
        System.arraycopy(scratch, 0, out, to, rest);
        check.doFinal(out, to, rest, scratch, 0);
        byte[] expected = Arrays.copyOfRange(scratch, rest, rest + TAG_BYTES);
        Arrays.fill(scratch, (byte) 0);
        return MessageDigest.isEqual(tag, expected);
    }

    /** Passes the JDK's guard against the nonce of the message before, which reading may well repeat. */
    private void begin(Cipher cipher, byte[] nonce, byte[][] aad) throws GeneralSecurityException {
        byte[] before = cipher.getIV();
        if (before != null && Arrays.equals(before, nonce)) {
            byte[] other = nonce.clone();
            other[0] ^= 1;
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(8 * TAG_BYTES, other));
        }
        cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(8 * TAG_BYTES, nonce));
        for (byte[] part : aad) {
            cipher.updateAAD(part);
        }
    }
}
