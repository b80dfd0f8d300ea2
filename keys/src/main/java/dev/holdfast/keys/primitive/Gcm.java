package dev.holdfast.keys.primitive;

import java.security.GeneralSecurityException;

/** AES-GCM under one key, for one thread; see {@link GcmEngine} for what the methods do. Outputs have room. */
interface Gcm {
    int TAG_BYTES = 16;

    /** Writes the ciphertext and then the tag. */
    void seal(byte[] nonce, byte[][] aad, Span in, byte[] out, int outOffset) throws GeneralSecurityException;

    /**
     * Writes the plaintext, and says whether the tag that {@code in} ends with is right. If not, what was written is not to be
     * used.
     */
    boolean open(byte[] nonce, byte[][] aad, Span in, byte[] out, int outOffset) throws GeneralSecurityException;
}
