package dev.holdfast.keys.primitive;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The few functions of OpenSSL's libcrypto (1.1 or 3) that AES-GCM and HMAC-SHA-256 need, mapped directly with primitives only, so
 * that no call allocates or converts anything. Addresses are those of the callers' own memory.
 *
 * <p>The state is static because a library is loaded once per process; it goes from "not asked" to "there" or "not to be had".
 * Loading takes some 40 ms, as much as the JDK's cipher takes for its first megabyte, so processes that move less do without.
 */
final class Libcrypto {
    static final long WORTH_LOADING_BYTES = 256 << 10;
    private static final List<String> NAMES = List.of("libcrypto.so.3", "libcrypto.so.1.1");

    private static final AtomicLong MOVED_BYTES = new AtomicLong();
    private static final AtomicBoolean ASKED = new AtomicBoolean();
    private static volatile boolean loaded;

    private Libcrypto() {}

    static native long EVP_CIPHER_CTX_new();

    static native void EVP_CIPHER_CTX_free(long context);

    static native long EVP_aes_128_gcm();

    static native long EVP_aes_192_gcm();

    static native long EVP_aes_256_gcm();

    static native int EVP_CipherInit_ex(long context, long cipher, long engine, long key, long nonce, int encrypt);

    static native int EVP_CipherUpdate(long context, long out, long outLength, long in, int inLength);

    static native int EVP_CipherFinal_ex(long context, long out, long outLength);

    static native int EVP_CIPHER_CTX_ctrl(long context, int command, int argument, long pointer);

    static native long EVP_sha256();

    static native long EVP_MD_CTX_new();

    static native void EVP_MD_CTX_free(long context);

    static native int EVP_MD_CTX_copy_ex(long to, long from);

    static native int EVP_DigestInit_ex(long context, long digest, long engine);

    static native int EVP_DigestUpdate(long context, long in, long inLength);

    static native int EVP_DigestFinal_ex(long context, long out, long outLength);

    /** Notes that a message of that many bytes passes, and says whether the library is there to handle it. */
    static boolean readyFor(int bytes) {
        if (!loaded && MOVED_BYTES.addAndGet(bytes) >= WORTH_LOADING_BYTES) {
            load();
        }
        return loaded;
    }

    /** Loads the library, unless somebody already has or does; says whether it is there. */
    static boolean load() {
        if (ASKED.compareAndSet(false, true)) {
            loaded = NAMES.stream().anyMatch(Libcrypto::load);
        }
        return loaded;
    }

    private static boolean load(String name) {
        if (!System.getProperty("os.name", "").equals("Linux")) {
            return false;
        }
        try {
            setUnlessSet("jna.platform.library.path", "");
            setUnlessSet("jna.nosys", "true");
            Native.register(Libcrypto.class, NativeLibrary.getInstance(name));
            return Native.POINTER_SIZE == Long.BYTES && sealsTheKnownAnswer() && hashesTheKnownAnswer();
        } catch (LinkageError e) {
            // Not installed, or another library of that name: the JDK's cipher does the same, slower.
            return false;
        }
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /** Test case 14 of "The Galois/Counter Mode of Operation" (McGrew and Viega, 2005), there and back, and damaged. */
    private static boolean sealsTheKnownAnswer() {
        SecretKey key = new SecretKeySpec(new byte[32], "AES");
        byte[] known = HexFormat.of().parseHex("cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
        byte[] nonce = new byte[GcmEngine.NONCE_BYTES];
        byte[] out = new byte[known.length];
        try {
            Gcm gcm = new OpenSslGcm(key);
            gcm.seal(nonce, new byte[0][], Span.of(new byte[16]), out, 0);
            boolean sealed = Arrays.equals(known, out);
            boolean opened = gcm.open(nonce, new byte[0][], Span.of(known), out, 0);
            known[3] ^= 1;
            return sealed && opened && !gcm.open(nonce, new byte[0][], Span.of(known), out, 0);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Test case 2 of RFC 4231. */
    private static boolean hashesTheKnownAnswer() {
        byte[] key = "Jefe".getBytes(StandardCharsets.US_ASCII);
        byte[] text = "what do ya want for nothing?".getBytes(StandardCharsets.US_ASCII);
        byte[] out = new byte[OpenSslHmac.MAC_BYTES];
        try {
            OpenSslHmac hmac = new OpenSslHmac(key);
            hmac.update(text, 0, text.length);
            hmac.end(out);
            return Arrays.equals(
                    HexFormat.of().parseHex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"), out);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
