package dev.holdfast.keys.primitive;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.lang.ref.Cleaner;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import javax.crypto.SecretKey;

/** {@link Libcrypto}'s AES-GCM: as fast in the first call as in the last. Data passes through 64 KiB of memory outside the heap. */
final class OpenSslGcm implements Gcm {
    private static final Cleaner CLEANER = Cleaner.create();
    private static final int SLICE_BYTES = 64 << 10;
    private static final long NONCE_AT = SLICE_BYTES;
    private static final long TAG_AT = NONCE_AT + 16;
    private static final long LENGTH_AT = TAG_AT + TAG_BYTES;
    private static final int GET_TAG = 0x10;
    private static final int SET_TAG = 0x11;
    private static final int ENCRYPT = 1;
    private static final int DECRYPT = 0;

    private final Memory memory = new Memory(LENGTH_AT + 16);
    private final long base = Pointer.nativeValue(memory);
    private final long context;

    OpenSslGcm(SecretKey key) throws GeneralSecurityException {
        byte[] raw = key.getEncoded();
        long cipher = cipher(raw == null ? 0 : raw.length);
        long fresh = Libcrypto.EVP_CIPHER_CTX_new();
        if (fresh == 0) {
            throw new GeneralSecurityException("libcrypto has no memory for a cipher");
        }
        context = fresh;
        CLEANER.register(this, () -> Libcrypto.EVP_CIPHER_CTX_free(fresh));
        memory.write(0, raw, 0, raw.length);
        check(Libcrypto.EVP_CipherInit_ex(context, cipher, 0, base, 0, ENCRYPT), "take the key");
        memory.clear(raw.length);
    }

    private static long cipher(int keyBytes) throws InvalidKeyException {
        return switch (keyBytes) {
            case 16 -> Libcrypto.EVP_aes_128_gcm();
            case 24 -> Libcrypto.EVP_aes_192_gcm();
            case 32 -> Libcrypto.EVP_aes_256_gcm();
            default -> throw new InvalidKeyException("no AES key of " + keyBytes + " bytes");
        };
    }

    @Override
    public void seal(byte[] nonce, byte[][] aad, Span in, byte[] out, int outOffset) throws GeneralSecurityException {
        begin(ENCRYPT, nonce, aad);
        update(in.array(), in.offset(), in.length(), out, outOffset);
        check(Libcrypto.EVP_CipherFinal_ex(context, base, base + LENGTH_AT), "end a message");
        check(Libcrypto.EVP_CIPHER_CTX_ctrl(context, GET_TAG, TAG_BYTES, base + TAG_AT), "give the tag");
        memory.read(TAG_AT, out, outOffset + in.length(), TAG_BYTES);
    }

    @Override
    public boolean open(byte[] nonce, byte[][] aad, Span in, byte[] out, int outOffset)
            throws GeneralSecurityException {
        int length = in.length() - TAG_BYTES;
        begin(DECRYPT, nonce, aad);
        memory.write(TAG_AT, in.array(), in.offset() + length, TAG_BYTES);
        check(Libcrypto.EVP_CIPHER_CTX_ctrl(context, SET_TAG, TAG_BYTES, base + TAG_AT), "take the tag");
        update(in.array(), in.offset(), length, out, outOffset);
        return Libcrypto.EVP_CipherFinal_ex(context, base, base + LENGTH_AT) == 1;
    }

    private void begin(int direction, byte[] nonce, byte[][] aad) throws GeneralSecurityException {
        memory.write(NONCE_AT, nonce, 0, GcmEngine.NONCE_BYTES);
        check(Libcrypto.EVP_CipherInit_ex(context, 0, 0, 0, base + NONCE_AT, direction), "take the nonce");
        for (byte[] part : aad) {
            for (int at = 0; at < part.length; at += SLICE_BYTES) {
                int count = Math.min(SLICE_BYTES, part.length - at);
                memory.write(0, part, at, count);
                check(Libcrypto.EVP_CipherUpdate(context, 0, base + LENGTH_AT, base, count), "take associated data");
            }
        }
    }

    private void update(byte[] in, int offset, int length, byte[] out, int outOffset) throws GeneralSecurityException {
        for (int at = 0; at < length; at += SLICE_BYTES) {
            int count = Math.min(SLICE_BYTES, length - at);
            memory.write(0, in, offset + at, count);
            check(Libcrypto.EVP_CipherUpdate(context, base, base + LENGTH_AT, base, count), "take data");
            memory.read(0, out, outOffset + at, count);
        }
    }

    private static void check(int result, String what) throws GeneralSecurityException {
        if (result != 1) {
            throw new GeneralSecurityException("libcrypto did not " + what);
        }
    }
}
