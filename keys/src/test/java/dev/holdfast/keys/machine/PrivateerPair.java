package dev.holdfast.keys.machine;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.Map;

/** The RSA pair of a machine in the form in which {@code privateer keygen} leaves it: no comment, no line feed after the public line. */
public record PrivateerPair(String publicLine, String privatePem) {

    public static PrivateerPair make() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            KeyPair pair = generator.generateKeyPair();
            String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'})
                    .encodeToString(pair.getPrivate().getEncoded());
            return new PrivateerPair(
                    "ssh-rsa " + SshPublicKey.of(pair.getPublic()).base64(),
                    "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n");
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** The fields of its secret. */
    public Map<String, Object> fields() {
        return Map.of("public", publicLine, "private", privatePem);
    }

    public SshPublicKey publicKey() {
        return SshPublicKey.parse(publicLine);
    }

    public byte[] privateFile() {
        return privatePem.getBytes(StandardCharsets.US_ASCII);
    }
}
