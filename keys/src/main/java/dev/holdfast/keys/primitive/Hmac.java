package dev.holdfast.keys.primitive;

import java.security.GeneralSecurityException;
import java.security.Provider;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA-256 that is fast from the first megabyte; see {@link HmacSpi}. */
public final class Hmac {
    static final String ALGORITHM = "HmacSHA256";
    private static final Provider PROVIDER = new OwnProvider();

    private Hmac() {}

    /** For one thread. */
    public static Mac sha256(byte[] key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM, PROVIDER);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 does not work on this Java", e);
        }
    }

    /** Used by name here and installed nowhere. */
    private static final class OwnProvider extends Provider {
        private static final long serialVersionUID = 1;

        OwnProvider() {
            super("HoldfastHmac", "1", "HMAC-SHA-256 that is fast from the first megabyte");
            put("Mac." + ALGORITHM, HmacSpi.class.getName());
        }
    }
}
