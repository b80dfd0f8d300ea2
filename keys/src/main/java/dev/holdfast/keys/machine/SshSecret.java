package dev.holdfast.keys.machine;

import java.security.KeyPair;
import java.security.SecureRandom;

/** The private half of a {@link SshPublicKey}. Wipes itself on {@link #close}, as far as Java lets it. */
public sealed interface SshSecret extends AutoCloseable permits Ed25519Secret, RsaSecret {

    /** A new one, of the kind that every machine gets. */
    static SshSecret generate(SecureRandom random) {
        return Ed25519Secret.generate(random);
    }

    /**
     * Reads a private key file without passphrase: Ed25519 as OpenSSH writes it, RSA as OpenSSH or OpenSSL do. Throws {@code
     * MALFORMED} for anything else, and when the halves of the pair do not fit together.
     */
    static SshSecret parse(byte[] file) {
        return PrivateKeyFile.parse(file);
    }

    SshPublicKey publicKey();

    /** As the JDK's own keys. They cannot be wiped: take them only where a library wants them. */
    KeyPair keyPair();

    /** The private key file that {@code ssh -i} takes; the caller wipes it. */
    byte[] file(String comment);

    @Override
    void close();
}
