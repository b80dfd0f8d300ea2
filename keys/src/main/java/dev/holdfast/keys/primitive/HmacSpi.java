package dev.holdfast.keys.primitive;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.Mac;
import javax.crypto.MacSpi;
import org.jspecify.annotations.Nullable;

/**
 * HMAC-SHA-256 as the JDK's interface wants it: the JDK's own at first, the system's libcrypto once the process has moved enough
 * data. The JDK's hash is fast only after the optimising compiler has seen it; the change comes between two messages.
 */
public final class HmacSpi extends MacSpi {
    private final Mac jdk;
    private final byte[] single = new byte[1];
    private byte[] key = {};
    private @Nullable OpenSslHmac openSsl;
    private boolean withinMessage;
    private boolean withJdk = true;

    /** For the provider mechanism. */
    public HmacSpi() throws GeneralSecurityException {
        jdk = Mac.getInstance(Hmac.ALGORITHM, "SunJCE");
    }

    @Override
    protected int engineGetMacLength() {
        return OpenSslHmac.MAC_BYTES;
    }

    @Override
    protected void engineInit(Key newKey, @Nullable AlgorithmParameterSpec parameters) throws InvalidKeyException {
        byte[] raw = newKey.getEncoded();
        if (raw == null || parameters != null) {
            throw new InvalidKeyException("HMAC takes a key with bytes, and no parameters");
        }
        key = raw;
        jdk.init(newKey);
        openSsl = null;
        withinMessage = false;
    }

    @Override
    protected void engineUpdate(byte input) {
        single[0] = input;
        engineUpdate(single, 0, 1);
    }

    @Override
    protected void engineUpdate(byte[] input, int offset, int length) {
        begin(length);
        try {
            if (openSsl == null || withJdk) {
                jdk.update(input, offset, length);
            } else {
                openSsl.update(input, offset, length);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA-256 does not work on this machine", e);
        }
    }

    @Override
    protected void engineUpdate(ByteBuffer input) {
        byte[] bytes = new byte[input.remaining()];
        input.get(bytes);
        engineUpdate(bytes, 0, bytes.length);
    }

    private void begin(int bytes) {
        if (Libcrypto.readyFor(bytes) && !withinMessage) {
            withJdk = false;
            if (openSsl == null) {
                openSsl = openSsl();
            }
        }
        withinMessage = true;
    }

    private OpenSslHmac openSsl() {
        try {
            return new OpenSslHmac(key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA-256 does not work on this machine", e);
        }
    }

    @Override
    protected byte[] engineDoFinal() {
        begin(0);
        withinMessage = false;
        if (openSsl == null || withJdk) {
            return jdk.doFinal();
        }
        byte[] out = new byte[OpenSslHmac.MAC_BYTES];
        try {
            openSsl.end(out);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA-256 does not work on this machine", e);
        }
        return out;
    }

    @Override
    protected void engineReset() {
        jdk.reset();
        if (openSsl != null) {
            openSsl.reset();
        }
        withinMessage = false;
    }
}
