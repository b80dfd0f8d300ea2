package dev.holdfast.keys.gcm;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Provider;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * AES-GCM with a 16-byte tag under one key, for one thread.
 *
 * <p><b>The problem.</b> The JDK's cipher uses the processor's AES and carry-less multiplication only after the surrounding Java
 * has been compiled, which needs many calls; with whole chunks a young process crawls at 60 MB/s for seconds. The native provider
 * (Amazon Corretto) is fast at once but costs 0.3 s to load, longer than many whole runs.
 *
 * <p><b>The answer.</b> (1) Encryption is fed to the JDK's cipher in slices of 4 KiB, so that it is compiled within the first
 * megabytes. (2) The JDK's decryption holds everything back until the end, so slices do not help it; but counter mode is its own
 * inverse, so we <em>encrypt</em> the ciphertext, which gives the plaintext, and encrypt that again to get the tag to compare
 * with: twice the work at a hundred times the speed, in the code that is warm anyway. (3) A process that has moved much data
 * loads the native provider on a background thread and every engine changes over at its next message.
 *
 * <p>Nothing is released before the tag is right: when it is wrong the output is zeroed.
 */
public final class GcmEngine {
    public static final int TAG_BYTES = 16;
    public static final int NONCE_BYTES = 12;

    static final String TRANSFORMATION = "AES/GCM/NoPadding";
    private static final int SLICE_BYTES = 4096;

    private final SecretKey key;
    private final Supplier<Optional<Provider>> accelerator;
    private final byte[] scratch = new byte[SLICE_BYTES + TAG_BYTES];
    private @Nullable Cipher nativeCipher;
    private @Nullable Cipher first;
    private @Nullable Cipher second;
    private byte @Nullable [] lastSealed;

    public GcmEngine(SecretKey key) {
        this(key, NativeGcm::provider);
    }

    /** Takes the native provider from {@code accelerator}, asked at each message until it has one. */
    GcmEngine(SecretKey key, Supplier<Optional<Provider>> accelerator) {
        this.key = key;
        this.accelerator = accelerator;
    }

    /** Makes AES-GCM of this process's SSH connections fast too; see {@link SshGcmProvider}. */
    public static void installForSsh() {
        SshGcmProvider.install();
    }

    /**
     * Seals {@code in} to {@code out} (in place is fine), tag last, and returns the bytes written: {@code in.length() + 16}.
     * The same nonce twice in a row is refused; that nonces never repeat is the caller's promise.
     */
    public int seal(byte[] nonce, byte[][] aad, Span in, byte[] out, int outOffset) {
        checkRoom(out, outOffset, in.length() + TAG_BYTES);
        if (lastSealed != null && Arrays.equals(lastSealed, nonce)) {
            throw new IllegalStateException("a nonce was used twice under one key");
        }
        lastSealed = nonce.clone();
        NativeGcm.count(in.length());
        try {
            Cipher cipher = accelerated();
            if (cipher != null) {
                begin(cipher, Cipher.ENCRYPT_MODE, nonce, aad);
                return cipher.doFinal(in.array(), in.offset(), in.length(), out, outOffset);
            }
            first = cipherFor(first);
            beginAgain(first, nonce, aad);
            return sealInSlices(first, in, out, outOffset);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM does not work on this Java", e);
        }
    }

    /**
     * Opens {@code in} (ciphertext and tag) to {@code out} (in place is fine) and returns the bytes written, {@code in.length()
     * - 16}. False data throws {@link AEADBadTagException} and leaves zeros.
     */
    public int open(byte[] nonce, byte[][] aad, Span in, byte[] out, int outOffset) throws AEADBadTagException {
        int length = in.length() - TAG_BYTES;
        if (length < 0) {
            throw new AEADBadTagException("shorter than a tag");
        }
        checkRoom(out, outOffset, length);
        NativeGcm.count(length);
        try {
            Cipher cipher = accelerated();
            if (cipher != null) {
                begin(cipher, Cipher.DECRYPT_MODE, nonce, aad);
                return openNatively(cipher, in, out, outOffset);
            }
            return openByEncrypting(nonce, aad, in, out, outOffset);
        } catch (AEADBadTagException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM does not work on this Java", e);
        }
    }

    private static void checkRoom(byte[] out, int outOffset, int length) {
        if (outOffset < 0 || outOffset > out.length - length) {
            throw new IllegalArgumentException("no room for " + length + " bytes at offset " + outOffset);
        }
    }

    private @Nullable Cipher accelerated() throws GeneralSecurityException {
        if (nativeCipher == null) {
            Optional<Provider> provider = accelerator.get();
            if (provider.isPresent()) {
                nativeCipher = Cipher.getInstance(TRANSFORMATION, provider.get());
                first = null;
                second = null;
            }
        }
        return nativeCipher;
    }

    private static Cipher cipherFor(@Nullable Cipher present) throws GeneralSecurityException {
        return present != null ? present : NativeGcm.jdkCipher();
    }

    private void begin(Cipher cipher, int mode, byte[] nonce, byte[][] aad) throws GeneralSecurityException {
        cipher.init(mode, key, new GCMParameterSpec(8 * TAG_BYTES, nonce));
        for (byte[] part : aad) {
            cipher.updateAAD(part);
        }
    }

    /** As {@link #begin}; passes the JDK's guard against the nonce of the message before, which reading may well repeat. */
    private void beginAgain(Cipher cipher, byte[] nonce, byte[][] aad) throws GeneralSecurityException {
        byte[] before = cipher.getIV();
        if (before != null && Arrays.equals(before, nonce)) {
            byte[] other = nonce.clone();
            other[0] ^= 1;
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(8 * TAG_BYTES, other));
        }
        begin(cipher, Cipher.ENCRYPT_MODE, nonce, aad);
    }

    private static int sealInSlices(Cipher cipher, Span in, byte[] out, int outOffset) throws GeneralSecurityException {
        int from = in.offset();
        int end = in.offset() + in.length();
        int to = outOffset;
        while (end - from > SLICE_BYTES) {
            to += cipher.update(in.array(), from, SLICE_BYTES, out, to);
            from += SLICE_BYTES;
        }
        to += cipher.doFinal(in.array(), from, end - from, out, to);
        return to - outOffset;
    }

    private static int openNatively(Cipher cipher, Span in, byte[] out, int outOffset) throws GeneralSecurityException {
        try {
            return cipher.doFinal(in.array(), in.offset(), in.length(), out, outOffset);
        } catch (AEADBadTagException e) {
            Arrays.fill(out, outOffset, outOffset + in.length() - TAG_BYTES, (byte) 0);
            throw e;
        }
    }

    private int openByEncrypting(byte[] nonce, byte[][] aad, Span in, byte[] out, int outOffset)
            throws GeneralSecurityException {
        Cipher stream = cipherFor(first);
        Cipher check = cipherFor(second);
        first = stream;
        second = check;
        int length = in.length() - TAG_BYTES;
        int end = in.offset() + length;
        byte[] tag = Arrays.copyOfRange(in.array(), end, end + TAG_BYTES);
        beginAgain(stream, nonce, new byte[0][]);
        beginAgain(check, nonce, aad);
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
        if (!MessageDigest.isEqual(tag, expected)) {
            Arrays.fill(out, outOffset, outOffset + length, (byte) 0);
            throw new AEADBadTagException("the tag is wrong");
        }
        return length;
    }
}
