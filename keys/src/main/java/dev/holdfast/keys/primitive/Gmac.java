package dev.holdfast.keys.primitive;

import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GMAC (NIST SP 800-38D) under one key and the nonce of zeros, for one thread: tells equal stretches of content from
 * different ones, at several times the speed of HMAC-SHA-256. Different ones have the same tag with a chance of one in 2^119 for 8 KiB,
 * whoever wrote them, as long as he knows neither key nor tags. <strong>Not for anybody's eyes:</strong> with one nonce for all, a
 * tag that is seen gives the key away. So tags stay in sealed objects.
 */
public final class Gmac {
    public static final int TAG_BYTES = Gcm.TAG_BYTES;
    private static final byte[] NONCE = new byte[GcmEngine.NONCE_BYTES];

    private final GcmEngine engine;

    /** @param key 32 bytes, used for nothing else */
    public Gmac(byte[] key) {
        engine = new GcmEngine(new SecretKeySpec(key, "AES"));
    }

    public byte[] tag(byte[] message) {
        return engine.tag(NONCE, message);
    }
}
