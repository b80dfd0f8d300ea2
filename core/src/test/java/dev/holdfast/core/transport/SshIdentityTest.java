package dev.holdfast.core.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.machine.SshPublicKey;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SshIdentityTest {
    @Test
    void theFingerprintIsTheOneThatSshKeygenPrints() {
        byte[] raw = HexFormat.of().parseHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
        assertThat(SshPublicKey.of(raw).fingerprint()).isEqualTo("SHA256:bbXpuKG6zhzdmnxq256TlqzFBzRl2f6OOg722cYNbU8");
    }

    @Test
    void aPairSurvivesTheWayThroughRawBytes() throws GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        SshIdentity identity = SshIdentity.of(pair);
        assertThat(identity.keyPair().getPublic()).isEqualTo(pair.getPublic());
        assertThat(identity.keyPair().getPrivate()).isEqualTo(pair.getPrivate());
        assertThat(identity).hasToString("ssh-ed25519 " + identity.publicKey().fingerprint());
    }

    @Test
    void keysOfAnotherSizeOrKindAreRefused() throws GeneralSecurityException {
        assertThatThrownBy(() -> SshIdentity.of(new byte[31], new byte[32])).isInstanceOf(InvalidKeyException.class);
        KeyPair other = KeyPairGenerator.getInstance("X25519").generateKeyPair();
        assertThatThrownBy(() -> SshIdentity.of(other)).isInstanceOf(InvalidKeyException.class);
        assertThatThrownBy(() -> SshPublicKey.of(new byte[33])).isInstanceOf(KeyException.class);
        assertThatThrownBy(() -> SshPublicKey.of(other.getPublic())).isInstanceOf(KeyException.class);
    }

    @Test
    void theFirstKeyExchangeIsPostQuantumAndPresent() {
        SshProfile.prepare();
        SshProfile.requirePostQuantum();
    }
}
