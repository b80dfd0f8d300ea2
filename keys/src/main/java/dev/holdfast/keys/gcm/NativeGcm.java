package dev.holdfast.keys.gcm;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Security;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Cipher;

/**
 * Decides for the whole process when the native provider is worth its loading time. The state is static because the cost is
 * paid once per process; it only ever goes from "not asked" over "loading" to "there" or "not to be had".
 *
 * <p>Measured in cold processes on a small virtual machine, in milliseconds beyond the start of the JVM and of the cipher
 * framework; sealing / opening:
 *
 * <pre>
 *                                    0.1 MB      1 MB      10 MB     100 MB      1 GB
 *   JDK, as GcmEngine drives it     13 /  15   45 / 45  170 / 340  390 / 450  720 / 1,000
 *   JDK, whole messages              - /   5    - / 14    - / 160    - / 1,330   over 6,000
 *   native, 290 to load included     291       292       297        307         380
 * </pre>
 *
 * <p>A warm JDK needs 0.2 s per GB to seal and twice that to open, the native one 0.07. So loading (0.35 s of processor time)
 * pays for itself only in runs of several gigabytes, and it happens beside the work, not in its way.
 */
final class NativeGcm {
    static final long WORTH_LOADING_BYTES = 1L << 30;
    private static final String PROVIDER_CLASS = "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";

    private static final AtomicLong MOVED_BYTES = new AtomicLong();
    private static volatile Optional<Provider> loaded = Optional.empty();

    private NativeGcm() {}

    /** The native provider, once it is there; never waits. */
    static Optional<Provider> provider() {
        return loaded;
    }

    /** Notes that a message of that many bytes passes; the one that crosses the threshold starts the loading. */
    static void count(int bytes) {
        long before = MOVED_BYTES.getAndAdd(bytes);
        if (before < WORTH_LOADING_BYTES && before + bytes >= WORTH_LOADING_BYTES) {
            Thread loader = new Thread(NativeGcm::load, "native-gcm-loader");
            loader.setDaemon(true);
            loader.start();
        }
    }

    private static void load() {
        loaded = find();
    }

    /** Loads the native provider if this platform has it. Slow the first time. */
    static Optional<Provider> find() {
        try {
            Class<?> type = Class.forName(PROVIDER_CLASS);
            Provider provider = (Provider) type.getField("INSTANCE").get(null);
            Object error = type.getMethod("getLoadingError").invoke(provider);
            return error == null && works(provider) ? Optional.of(provider) : Optional.empty();
        } catch (ReflectiveOperationException | LinkageError e) {
            // Not on the class path, or no native library for this platform: the JDK's cipher does the same, slower.
            return Optional.empty();
        }
    }

    private static boolean works(Provider provider) {
        try {
            Cipher.getInstance(GcmEngine.TRANSFORMATION, provider);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** The JDK's own cipher, whatever else is installed. */
    static Cipher jdkCipher() throws GeneralSecurityException {
        Provider jdk = Security.getProvider("SunJCE");
        return jdk != null
                ? Cipher.getInstance(GcmEngine.TRANSFORMATION, jdk)
                : Cipher.getInstance(GcmEngine.TRANSFORMATION);
    }
}
