package dev.holdfast.keys.primitive;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.function.IntPredicate;
import javax.crypto.AEADBadTagException;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * AES-GCM with a 16-byte tag under one key, for one thread.
 *
 * <p>Two things do the work: the system's libcrypto where there is one ({@link OpenSslGcm}), else the JDK's cipher ({@link
 * JdkGcm}), which needs a while in each process to become fast. Their results are the same; an engine begins with the JDK's and
 * changes over between two messages, once the process has moved enough data. Measured in cold processes, milliseconds to seal
 * / to open so much in messages of 256 KiB:
 *
 * <pre>
 *                              0.1 MB      1 MB      10 MB     100 MB       1 GB
 *   JDK, whole messages         - /  5    - / 14    - / 160    - / 1,330   over 6,000
 *   JDK, in slices             22 / 26    74 / 73  266 / 378  480 /   913  974 / 1,342
 *   libcrypto after 0.25 MB    20 / 15  122 / 100  107 /  95  147 /   166  435 /   519
 * </pre>
 *
 * <p>Nothing is released before the tag is right: when it is wrong the output is zeroed.
 */
public final class GcmEngine {
    public static final int TAG_BYTES = Gcm.TAG_BYTES;
    public static final int NONCE_BYTES = 12;

    private static final byte[] NOTHING = {};

    private final SecretKey key;
    private final IntPredicate libcryptoIsReady;
    private @Nullable Gcm gcm;
    private boolean isNative;
    private byte @Nullable [] lastSealed;

    public GcmEngine(SecretKey key) {
        this(key, Libcrypto::readyFor);
    }

    /** Asks {@code libcryptoIsReady} at each message, with its length, until the answer is yes. */
    GcmEngine(SecretKey key, IntPredicate libcryptoIsReady) {
        this.key = key;
        this.libcryptoIsReady = libcryptoIsReady;
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
        checkNonce(nonce);
        checkRoom(out, outOffset, in.length() + TAG_BYTES);
        if (lastSealed != null && Arrays.equals(lastSealed, nonce)) {
            throw new IllegalStateException("a nonce was used twice under one key");
        }
        lastSealed = nonce.clone();
        try {
            gcm(in.length()).seal(nonce, aad, in, out, outOffset);
            return in.length() + TAG_BYTES;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM does not work on this machine", e);
        }
    }

    /**
     * Opens {@code in} (ciphertext and tag) to {@code out} (in place is fine) and returns the bytes written, {@code in.length()
     * - 16}. False data throws {@link AEADBadTagException} and leaves zeros.
     */
    public int open(byte[] nonce, byte[][] aad, Span in, byte[] out, int outOffset) throws AEADBadTagException {
        checkNonce(nonce);
        int length = in.length() - TAG_BYTES;
        if (length < 0) {
            throw new AEADBadTagException("shorter than a tag");
        }
        checkRoom(out, outOffset, length);
        boolean right;
        try {
            right = gcm(length).open(nonce, aad, in, out, outOffset);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM does not work on this machine", e);
        }
        if (!right) {
            Arrays.fill(out, outOffset, outOffset + length, (byte) 0);
            throw new AEADBadTagException("the tag is wrong");
        }
        return length;
    }

    /** The tag of a message that is not encrypted. The promise of nonces that never repeat is left to {@link Gmac}. */
    byte[] tag(byte[] nonce, byte[] message) {
        byte[] out = new byte[TAG_BYTES];
        try {
            gcm(message.length).seal(nonce, new byte[][] {message}, Span.of(NOTHING), out, 0);
            return out;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM does not work on this machine", e);
        }
    }

    private static void checkNonce(byte[] nonce) {
        if (nonce.length != NONCE_BYTES) {
            throw new IllegalArgumentException("a nonce of " + nonce.length + " bytes");
        }
    }

    private static void checkRoom(byte[] out, int outOffset, int length) {
        if (outOffset < 0 || outOffset > out.length - length) {
            throw new IllegalArgumentException("no room for " + length + " bytes at offset " + outOffset);
        }
    }

    private Gcm gcm(int bytes) throws GeneralSecurityException {
        if (!isNative && libcryptoIsReady.test(bytes)) {
            gcm = new OpenSslGcm(key);
            isNative = true;
        }
        if (gcm == null) {
            gcm = new JdkGcm(key);
        }
        return gcm;
    }
}
