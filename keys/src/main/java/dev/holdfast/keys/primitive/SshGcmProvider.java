package dev.holdfast.keys.primitive;

import java.security.Provider;
import java.security.Security;

/**
 * A security provider that offers AES-GCM and nothing else, placed first, so that the SSH library (which asks the JDK for its
 * ciphers) gets the cipher of {@link GcmEngine} while every other algorithm stays where it was.
 */
public final class SshGcmProvider extends Provider {
    static final String NAME = "HoldfastGcm";

    SshGcmProvider() {
        super(NAME, "1", "AES-GCM that is fast from the first megabyte");
        put("Cipher." + JdkGcm.TRANSFORMATION, GcmCipherSpi.class.getName());
    }

    /** Idempotent. */
    static void install() {
        if (Security.getProvider(NAME) == null) {
            Security.insertProviderAt(new SshGcmProvider(), 1);
        }
    }
}
