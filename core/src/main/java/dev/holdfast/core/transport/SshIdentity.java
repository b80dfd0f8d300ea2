package dev.holdfast.core.transport;

import dev.holdfast.keys.machine.SshPublicKey;
import dev.holdfast.keys.machine.SshSecret;
import java.security.KeyPair;

/** A key pair as the SSH library uses it, for a server's host key or an agent's own key. Never prints its private half. */
public final class SshIdentity {
    private final KeyPair keys;
    private final SshPublicKey shown;

    private SshIdentity(KeyPair keys, SshPublicKey shown) {
        this.keys = keys;
        this.shown = shown;
    }

    /** Of a machine; {@code secret} may be closed afterwards. */
    public static SshIdentity of(SshSecret secret) {
        return new SshIdentity(secret.keyPair(), secret.publicKey());
    }

    public SshPublicKey publicKey() {
        return shown;
    }

    /** For the SSH library alone. */
    public KeyPair keyPair() {
        return keys;
    }

    @Override
    public String toString() {
        return shown.type() + " " + shown.fingerprint();
    }
}
