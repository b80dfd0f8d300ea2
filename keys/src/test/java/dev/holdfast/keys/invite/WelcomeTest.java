package dev.holdfast.keys.invite;

import static dev.holdfast.keys.Failures.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.keys.FixedRandom;
import dev.holdfast.keys.KeyException.Reason;
import dev.holdfast.keys.machine.MachineKeys;
import dev.holdfast.keys.realm.Keyring;
import dev.holdfast.keys.realm.Keyring.Kind;
import dev.holdfast.keys.realm.Keyring.Recipient;
import dev.holdfast.keys.realm.RealmKey;
import dev.holdfast.keys.recovery.RecoveryKey;
import dev.holdfast.keys.store.KeyEntry;
import dev.holdfast.keys.store.MemoryKeyStore;
import dev.holdfast.keys.store.StoredKeys;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WelcomeTest {
    private final FixedRandom random = new FixedRandom(71);
    private final MachineKeys server = MachineKeys.generate("attic", random);
    private final MachineKeys bob = MachineKeys.generate("bob", random);
    private final MachineKeys alice = MachineKeys.generate("alice", random);
    private final RecoveryKey recovery = RecoveryKey.generate(random);
    private final RealmKey realm = RealmKey.generate("home", random);
    private final Keyring ring = Keyring.empty(realm)
            .withRecipient(new Recipient(Kind.RECOVERY, Keyring.RECOVERY_NAME, recovery.publicKey()), realm, random)
            .withRecipient(new Recipient(Kind.MACHINE, "bob", bob.publicKeys().sealing()), realm, random);
    private final InvitationCode code =
            InvitationCode.generate(server.publicKeys().ssh(), random);
    private final RealmKey local = RealmKey.generate("local-attic", random);
    private final Keyring localRing = Keyring.empty(local)
            .withRecipient(
                    new Recipient(Kind.MACHINE, "attic", server.publicKeys().sealing()), local, random);
    private final Welcome welcome = new Welcome(
            "alice",
            List.of(server.publicKeys()),
            List.of(
                    Welcome.reduced(ring, realm, "alice", code, random),
                    Welcome.reduced(localRing, local, "alice", code, random)));
    private final String text = welcome.encode(code);

    @Test
    void aHostThatJoinsHasAllThatItNeedsAndTheRecoveryKeyStillOpensIt() {
        MemoryKeyStore target = new MemoryKeyStore();
        Welcome.decode(text, code).installInto(target, alice, code, random);

        StoredKeys stored = new StoredKeys(target);
        assertThat(stored.realmKey("home", "alice").currentEpoch()).isEqualTo(realm.currentEpoch());
        assertThat(stored.realmKey("local-attic", "alice").realmId()).isEqualTo(local.realmId());
        assertThat(stored.findPublic("attic")).contains(server.publicKeys());
        assertThat(stored.findPublic("alice")).contains(alice.publicKeys());
        Keyring installed = stored.keyring("home");
        assertThat(installed.recipients()).extracting(Recipient::name).containsExactly("recovery", "alice");
        installed.unwrapWithRecovery(recovery).close();
        assertThat(target.get(KeyEntry.ssh("alice"))).isPresent();
    }

    @Test
    void whatTheServerKeepsOpensForNobodyButTheHolderOfTheCode() {
        assertThat(welcome.realm()).isEqualTo("home");
        for (Keyring kept : welcome.keyrings()) {
            assertThat(kept.opensFor(server.publicKeys().sealing())).isFalse();
            assertThat(kept.opensFor(alice.publicKeys().sealing())).isFalse();
            assertThat(kept.opensFor(bob.publicKeys().sealing())).isFalse();
        }
        InvitationCode other = InvitationCode.generate(server.publicKeys().ssh(), random);
        assertThat(failure(() -> Welcome.decode(text, other)).reason()).isEqualTo(Reason.WRONG);
    }

    @Test
    void everyChangedCharacterAndEveryMissingPartIsFound() {
        for (int at = 0; at < text.length(); at++) {
            String changed = text.substring(0, at) + (char) (text.charAt(at) ^ 1) + text.substring(at + 1);
            String cut = text.substring(0, at);
            assertThat(failure(() -> Welcome.decode(changed, code)).reason()).isEqualTo(Reason.WRONG);
            assertThat(failure(() -> Welcome.decode(cut, code)).reason()).isEqualTo(Reason.WRONG);
        }
        assertThat(failure(() -> Welcome.decode(text + "more", code)).reason()).isEqualTo(Reason.WRONG);
    }
}
