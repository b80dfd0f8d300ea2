package dev.holdfast.keys.realm;

import static dev.holdfast.keys.Failures.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.holdfast.keys.FixedRandom;
import dev.holdfast.keys.Golden;
import dev.holdfast.keys.KeyException.Reason;
import dev.holdfast.keys.realm.Keyring.Kind;
import dev.holdfast.keys.realm.Keyring.Recipient;
import dev.holdfast.keys.recovery.RecoveryKey;
import dev.holdfast.keys.seal.SealingSecret;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class KeyringTest {
    private final FixedRandom random = new FixedRandom(31);
    private final RealmKey key = RealmKey.generate("home", random);
    private final SealingSecret alice = SealingSecret.generate(random);
    private final SealingSecret bob = SealingSecret.generate(random);
    private final RecoveryKey recovery = RecoveryKey.generate(random);
    private final Keyring keyring = Keyring.empty(key)
            .withRecipient(new Recipient(Kind.RECOVERY, Keyring.RECOVERY_NAME, recovery.publicKey()), key, random)
            .withRecipient(new Recipient(Kind.MACHINE, "alice", alice.publicKey()), key, random);

    @Test
    void theTextIsFrozenAndItsRecipientsOpenIt() {
        Golden.check("home.keyring", keyring.encode());
        Golden.check(
                "home.keyring.secrets",
                HexFormat.of().formatHex(alice.bytes()) + "\n" + new String(recovery.print())
                        + HexFormat.of().formatHex(key.encode()) + "\n");
        Keyring read = Keyring.parse(Golden.read("home.keyring"));
        assertThat(read.unwrap(alice).encode()).isEqualTo(key.encode());
        assertThat(read.unwrapWithRecovery(recovery).encode()).isEqualTo(key.encode());
        assertThat(read.recipients()).isEqualTo(keyring.recipients());
        assertThat(read.realmId()).isEqualTo(key.realmId());
    }

    @Test
    void aStrangerDoesNotOpenItAndIsToldSo() {
        assertThat(failure(() -> keyring.unwrap(bob)).reason()).isEqualTo(Reason.MISSING);
        RecoveryKey other = RecoveryKey.generate(random);
        assertThat(failure(() -> keyring.unwrapWithRecovery(other)).reason()).isEqualTo(Reason.WRONG);
    }

    @Test
    void recipientsAreAddedReplacedAndRemoved() {
        Recipient also = new Recipient(Kind.MACHINE, "bob", bob.publicKey());
        Keyring both = keyring.withRecipient(also, key, random).withRecipient(also, key, random);
        assertThat(both.recipients()).hasSize(3);
        both.unwrap(bob).close();
        Keyring without = both.withoutRecipient(alice.publicKey());
        assertThat(without.opensFor(alice.publicKey())).isFalse();
        assertThat(without.recipients()).hasSize(2);
    }

    @Test
    void keysOfAnotherEpochOrRealmAreNotMixedIn() {
        Recipient also = new Recipient(Kind.MACHINE, "bob", bob.publicKey());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> keyring.withRecipient(also, key.withNewEpoch(random), random));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> keyring.withRecipient(also, RealmKey.generate("home", random), random));
    }

    @Test
    void everyFlippedOrMissingByteIsFound() {
        String text = keyring.encode();
        for (int i = 0; i < text.length(); i++) {
            for (int mask : new int[] {1, 7, 0x20}) {
                String damaged = text.substring(0, i) + (char) (text.charAt(i) ^ mask) + text.substring(i + 1);
                assertThat(failure(() -> Keyring.parse(damaged)).reason()).isEqualTo(Reason.MALFORMED);
            }
            String cut = text.substring(0, i);
            assertThat(failure(() -> Keyring.parse(cut)).reason()).isEqualTo(Reason.MALFORMED);
        }
    }

    @Test
    void aForgerWhoRepairsTheChecksumStillGivesNobodyAWrongKey() {
        Keyring renamed = new Keyring("work", key.realmId(), 1, keyring.lines());
        assertThat(failure(() -> Keyring.parse(renamed.encode()).unwrap(alice)).reason())
                .isEqualTo(Reason.WRONG);
        Keyring otherId = new Keyring("home", new byte[16], 1, keyring.lines());
        assertThat(failure(() -> Keyring.parse(otherId.encode()).unwrap(alice)).reason())
                .isEqualTo(Reason.WRONG);
        Keyring otherEpoch = new Keyring("home", key.realmId(), 2, keyring.lines());
        assertThat(failure(() -> Keyring.parse(otherEpoch.encode()).unwrap(alice))
                        .reason())
                .isEqualTo(Reason.WRONG);
    }
}
