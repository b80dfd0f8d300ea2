package dev.holdfast.core.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.keys.machine.Ed25519PublicKey;
import dev.holdfast.keys.machine.SshPublicKey;
import dev.holdfast.keys.machine.SshSecret;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SshIdentityTest {
    @Test
    void theFingerprintIsTheOneThatSshKeygenPrints() {
        byte[] raw = HexFormat.of().parseHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
        assertThat(Ed25519PublicKey.of(raw).fingerprint())
                .isEqualTo("SHA256:bbXpuKG6zhzdmnxq256TlqzFBzRl2f6OOg722cYNbU8");
    }

    @Test
    void aPairGoesOnWorkingWhenItsSecretIsClosedAndPrintsNothingOfIt() {
        SshSecret secret = SshSecret.generate(new SecureRandom());
        SshIdentity identity = SshIdentity.of(secret);
        byte[] own = identity.keyPair().getPrivate().getEncoded().clone();

        secret.close();

        assertThat(SshPublicKey.of(identity.keyPair().getPublic())).isEqualTo(identity.publicKey());
        assertThat(identity.keyPair().getPrivate().getEncoded()).isEqualTo(own);
        assertThat(identity).hasToString("ssh-ed25519 " + identity.publicKey().fingerprint());
    }

    @Test
    void theFirstKeyExchangeIsPostQuantumAndPresent() {
        SshProfile.prepare();
        SshProfile.requirePostQuantum();
    }
}
