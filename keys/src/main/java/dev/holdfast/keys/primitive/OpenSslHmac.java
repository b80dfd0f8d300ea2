package dev.holdfast.keys.primitive;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.lang.ref.Cleaner;
import java.security.GeneralSecurityException;
import java.util.Arrays;

/**
 * HMAC-SHA-256 (RFC 2104) on {@link Libcrypto}'s SHA-256, under one key, for one thread. The states after the two padded keys are
 * kept and copied for each message. Data passes through 64 KiB of memory outside the heap.
 */
final class OpenSslHmac {
    static final int MAC_BYTES = 32;
    private static final Cleaner CLEANER = Cleaner.create();
    private static final int BLOCK_BYTES = 64;
    private static final int SLICE_BYTES = 64 << 10;

    private final Memory memory = new Memory(SLICE_BYTES);
    private final long base = Pointer.nativeValue(memory);
    private final long inner = newContext();
    private final long outer = newContext();
    private final long running = newContext();
    private boolean begun;

    OpenSslHmac(byte[] key) throws GeneralSecurityException {
        begin(inner, key, (byte) 0x36);
        begin(outer, key, (byte) 0x5c);
    }

    private long newContext() {
        long context = Libcrypto.EVP_MD_CTX_new();
        CLEANER.register(this, () -> Libcrypto.EVP_MD_CTX_free(context));
        return context;
    }

    private void begin(long context, byte[] key, byte pad) throws GeneralSecurityException {
        if (context == 0) {
            throw new GeneralSecurityException("libcrypto has no memory for a digest");
        }
        byte[] block = Arrays.copyOf(key.length <= BLOCK_BYTES ? key : hash(context, key), BLOCK_BYTES);
        for (int i = 0; i < BLOCK_BYTES; i++) {
            block[i] ^= pad;
        }
        check(Libcrypto.EVP_DigestInit_ex(context, Libcrypto.EVP_sha256(), 0));
        feed(context, block, 0, BLOCK_BYTES);
        memory.clear(BLOCK_BYTES);
    }

    private byte[] hash(long context, byte[] key) throws GeneralSecurityException {
        byte[] out = new byte[MAC_BYTES];
        check(Libcrypto.EVP_DigestInit_ex(context, Libcrypto.EVP_sha256(), 0));
        feed(context, key, 0, key.length);
        finish(context, out);
        return out;
    }

    void update(byte[] in, int offset, int length) throws GeneralSecurityException {
        if (!begun) {
            check(Libcrypto.EVP_MD_CTX_copy_ex(running, inner));
            begun = true;
        }
        feed(running, in, offset, length);
    }

    /** Writes the MAC of what was given since the last end, and begins anew. */
    void end(byte[] out) throws GeneralSecurityException {
        update(out, 0, 0);
        finish(running, out);
        check(Libcrypto.EVP_MD_CTX_copy_ex(running, outer));
        feed(running, out, 0, MAC_BYTES);
        finish(running, out);
        begun = false;
    }

    /** Forgets what was given since the last end. */
    void reset() {
        begun = false;
    }

    private void feed(long context, byte[] in, int offset, int length) throws GeneralSecurityException {
        for (int at = 0; at < length; at += SLICE_BYTES) {
            int count = Math.min(SLICE_BYTES, length - at);
            memory.write(0, in, offset + at, count);
            check(Libcrypto.EVP_DigestUpdate(context, base, count));
        }
    }

    private void finish(long context, byte[] out) throws GeneralSecurityException {
        check(Libcrypto.EVP_DigestFinal_ex(context, base, 0));
        memory.read(0, out, 0, MAC_BYTES);
    }

    private static void check(int result) throws GeneralSecurityException {
        if (result != 1) {
            throw new GeneralSecurityException("libcrypto did not hash");
        }
    }
}
