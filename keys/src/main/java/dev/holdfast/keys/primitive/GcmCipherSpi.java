package dev.holdfast.keys.primitive;

import java.io.ByteArrayOutputStream;
import java.security.AlgorithmParameters;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.CipherSpi;
import javax.crypto.NoSuchPaddingException;
import javax.crypto.SecretKey;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * {@link GcmEngine} as the JDK's cipher interface wants it. One message per {@code init}; the parts given to {@code update} are
 * gathered and handled at {@code doFinal}, which is how SSH uses it (one packet, one call, in place).
 */
public final class GcmCipherSpi extends CipherSpi {
    private final ByteArrayOutputStream gathered = new ByteArrayOutputStream(0);
    private final ByteArrayOutputStream aad = new ByteArrayOutputStream(16);
    private byte[] keyBytes = {};
    private byte[] nonce = {};
    private boolean encrypting;
    private boolean begun;
    private @Nullable GcmEngine engine;

    /** For the provider mechanism. */
    public GcmCipherSpi() {}

    @Override
    protected void engineInit(
            int mode, Key key, @Nullable AlgorithmParameterSpec parameters, @Nullable SecureRandom random)
            throws InvalidKeyException, InvalidAlgorithmParameterException {
        if (mode != Cipher.ENCRYPT_MODE && mode != Cipher.DECRYPT_MODE) {
            throw new InvalidAlgorithmParameterException("only encryption and decryption");
        }
        if (!(parameters instanceof GCMParameterSpec gcm)
                || gcm.getTLen() != 8 * GcmEngine.TAG_BYTES
                || gcm.getIV().length != GcmEngine.NONCE_BYTES) {
            throw new InvalidAlgorithmParameterException("needs a 12-byte nonce and a 16-byte tag");
        }
        byte[] raw = key.getEncoded();
        if (raw == null || (raw.length != 16 && raw.length != 24 && raw.length != 32)) {
            throw new InvalidKeyException("not an AES key");
        }
        if (engine == null || !MessageDigest.isEqual(raw, keyBytes)) {
            keyBytes = raw;
            SecretKey copy = new SecretKeySpec(raw, "AES");
            engine = new GcmEngine(copy);
        }
        nonce = gcm.getIV();
        encrypting = mode == Cipher.ENCRYPT_MODE;
        begun = true;
        aad.reset();
        gathered.reset();
    }

    @Override
    protected void engineInit(
            int mode, Key key, @Nullable AlgorithmParameters parameters, @Nullable SecureRandom random)
            throws InvalidAlgorithmParameterException {
        throw new InvalidAlgorithmParameterException("give a GCMParameterSpec");
    }

    @Override
    protected void engineInit(int mode, Key key, @Nullable SecureRandom random) throws InvalidKeyException {
        throw new InvalidKeyException("give a GCMParameterSpec");
    }

    @Override
    protected void engineUpdateAAD(byte[] source, int offset, int length) {
        aad.write(source, offset, length);
    }

    @Override
    protected byte[] engineUpdate(byte[] input, int offset, int length) {
        gathered.write(input, offset, length);
        return new byte[0];
    }

    @Override
    protected int engineUpdate(byte[] input, int offset, int length, byte[] output, int outputOffset) {
        gathered.write(input, offset, length);
        return 0;
    }

    @Override
    protected byte[] engineDoFinal(byte @Nullable [] input, int offset, int length) throws AEADBadTagException {
        byte[] output = new byte[engineGetOutputSize(length)];
        try {
            engineDoFinal(input, offset, length, output, 0);
        } catch (ShortBufferException e) {
            throw new IllegalStateException("the output size was computed wrongly", e);
        }
        return output;
    }

    @Override
    protected int engineDoFinal(byte @Nullable [] input, int offset, int length, byte[] output, int outputOffset)
            throws ShortBufferException, AEADBadTagException {
        GcmEngine ready = engine;
        if (ready == null || !begun) {
            throw new IllegalStateException("init comes before each message");
        }
        if (output.length - outputOffset < engineGetOutputSize(length)) {
            throw new ShortBufferException("needs " + engineGetOutputSize(length) + " bytes");
        }
        Span message = message(input, offset, length);
        begun = false;
        byte[][] parts = {aad.toByteArray()};
        return encrypting
                ? ready.seal(nonce, parts, message, output, outputOffset)
                : ready.open(nonce, parts, message, output, outputOffset);
    }

    private Span message(byte @Nullable [] input, int offset, int length) {
        if (gathered.size() == 0 && input != null) {
            return new Span(input, offset, length);
        }
        if (input != null) {
            gathered.write(input, offset, length);
        }
        byte[] all = gathered.toByteArray();
        gathered.reset();
        return Span.of(all);
    }

    @Override
    protected int engineGetOutputSize(int inputLength) {
        int whole = gathered.size() + inputLength;
        return encrypting ? whole + GcmEngine.TAG_BYTES : Math.max(0, whole - GcmEngine.TAG_BYTES);
    }

    @Override
    protected int engineGetBlockSize() {
        return 16;
    }

    @Override
    protected byte[] engineGetIV() {
        return nonce.clone();
    }

    @Override
    protected int engineGetKeySize(Key key) {
        byte[] raw = key.getEncoded();
        return raw == null ? 0 : 8 * raw.length;
    }

    @Override
    protected @Nullable AlgorithmParameters engineGetParameters() {
        return null;
    }

    @Override
    protected void engineSetMode(String mode) throws NoSuchAlgorithmException {
        throw new NoSuchAlgorithmException("only GCM");
    }

    @Override
    protected void engineSetPadding(String padding) throws NoSuchPaddingException {
        throw new NoSuchPaddingException("GCM has no padding");
    }
}
