package dev.holdfast.keys.gcm;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The few functions of OpenSSL's libcrypto (1.1 or 3) that AES-GCM needs, mapped directly with primitives only, so that no call
 * allocates or converts anything. Addresses are those of {@link OpenSslGcm}'s own memory.
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
            return Native.POINTER_SIZE == Long.BYTES && givesTheKnownAnswer();
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
    private static boolean givesTheKnownAnswer() {
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
}
