package dev.holdfast.keys.machine;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/** An RSA private key in PEM: PKCS 8, which privateer writes, or PKCS 1, which older programs do. Lines may end as they do anywhere. */
final class PemRsaKey {
    private static final byte[] PKCS8_BEGIN = PrivateKeyFile.ascii("-----BEGIN PRIVATE KEY-----\n");
    private static final byte[] PKCS8_END = PrivateKeyFile.ascii("\n-----END PRIVATE KEY-----\n");
    private static final byte[] PKCS1_BEGIN = PrivateKeyFile.ascii("-----BEGIN RSA PRIVATE KEY-----\n");
    private static final byte[] PKCS1_END = PrivateKeyFile.ascii("\n-----END RSA PRIVATE KEY-----\n");
    private static final byte[] ENCRYPTED_PKCS8 = PrivateKeyFile.ascii("-----BEGIN ENCRYPTED PRIVATE KEY-----\n");
    private static final byte[] ENCRYPTED_PKCS1 =
            PrivateKeyFile.ascii("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n");
    /** Version 0 and the identifier rsaEncryption (RFC 5958, RFC 8017). */
    private static final byte[] VERSION_AND_ALGORITHM = HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");

    private PemRsaKey() {}

    static RsaSecret parse(byte[] file) {
        byte[] text = withPlainLines(file);
        byte[] pkcs8 = null;
        try {
            pkcs8 = pkcs8Of(text);
            return RsaSecret.of(javaKey(pkcs8), file);
        } finally {
            PrivateKeyFile.wipe(text);
            if (pkcs8 != null) {
                PrivateKeyFile.wipe(pkcs8);
            }
        }
    }

    /** With line feeds alone, and one at the end: what was typed or pasted into a field is often not. */
    private static byte[] withPlainLines(byte[] file) {
        byte[] text = new byte[file.length + 1];
        int length = 0;
        for (byte character : file) {
            if (character != '\r') {
                text[length++] = character;
            }
        }
        while (length > 0 && text[length - 1] == '\n') {
            length--;
        }
        text[length++] = '\n';
        byte[] exact = Arrays.copyOf(text, length);
        PrivateKeyFile.wipe(text);
        return exact;
    }

    private static byte[] pkcs8Of(byte[] text) {
        if (PrivateKeyFile.startsWith(text, ENCRYPTED_PKCS8) || PrivateKeyFile.startsWith(text, ENCRYPTED_PKCS1)) {
            throw PrivateKeyFile.encrypted();
        }
        if (PrivateKeyFile.startsWith(text, PKCS8_BEGIN)) {
            return between(text, PKCS8_BEGIN, PKCS8_END);
        }
        byte[] pkcs1 = between(text, PKCS1_BEGIN, PKCS1_END);
        byte[] pkcs8 = wrapped(pkcs1);
        PrivateKeyFile.wipe(pkcs1);
        return pkcs8;
    }

    private static byte[] between(byte[] text, byte[] begin, byte[] end) {
        int to = text.length - end.length;
        if (to < begin.length
                || !PrivateKeyFile.startsWith(text, begin)
                || !Arrays.equals(text, to, text.length, end, 0, end.length)) {
            throw PrivateKeyFile.malformed("is cut short or no private key file that is taken here");
        }
        return PrivateKeyFile.decode(text, begin.length, to);
    }

    private static byte[] wrapped(byte[] pkcs1) {
        int inner = VERSION_AND_ALGORITHM.length + 4 + pkcs1.length;
        return ByteBuffer.allocate(4 + inner)
                .put(header(0x30, inner))
                .put(VERSION_AND_ALGORITHM)
                .put(header(0x04, pkcs1.length))
                .put(pkcs1)
                .array();
    }

    /** DER, with a length of two bytes: no RSA key that is long enough has less, none that is taken has more. */
    private static byte[] header(int tag, int length) {
        return new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
    }

    private static RSAPrivateCrtKey javaKey(byte[] pkcs8) {
        try {
            if (KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(pkcs8))
                    instanceof RSAPrivateCrtKey key) {
                return key;
            }
        } catch (GeneralSecurityException e) {
            // Its message may quote what it could not read.
        }
        throw PrivateKeyFile.malformed("is no RSA key or is damaged");
    }
}
