package dev.holdfast.keys.realm;

import static dev.holdfast.keys.Failures.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.keys.FixedRandom;
import dev.holdfast.keys.KeyException.Reason;
import dev.holdfast.keys.machine.MachineKeys;
import dev.holdfast.keys.realm.Keyring.Kind;
import dev.holdfast.keys.realm.Keyring.Recipient;
import dev.holdfast.keys.recovery.RecoveryKey;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a host that has an epoch of a realm key believes of a server that offers it another. */
final class RenewalTest {
    private final FixedRandom random = new FixedRandom(23);
    private final MachineKeys alice = MachineKeys.generate("alice", random);
    private final MachineKeys server = MachineKeys.generate("attic", random);
    private final RecoveryKey recovery = RecoveryKey.generate(random);
    private final RecoveryKey falseRecovery = RecoveryKey.generate(random);
    private final RealmKey first = RealmKey.generate("home", random);
    private final Keyring installed = ringOf(first, recovery, alice);

    private Keyring ringOf(RealmKey key, RecoveryKey paper, MachineKeys... machines) {
        Keyring ring = Keyring.empty(key)
                .withRecipient(new Recipient(Kind.RECOVERY, Keyring.RECOVERY_NAME, paper.publicKey()), key, random);
        for (MachineKeys machine : machines) {
            ring = ring.withRecipient(
                    new Recipient(
                            Kind.MACHINE, machine.name(), machine.publicKeys().sealing()),
                    key,
                    random);
        }
        return ring;
    }

    private Optional<Renewal> offered(Keyring given) {
        return Renewal.of(installed, given, alice.sealing());
    }

    @Test
    void aFurtherEpochOfTheSameKeyIsInstalledForTheHostAndTheRecoveryKeyThatItKnows() {
        RealmKey next = first.withNewEpoch(random).withNewEpoch(random);
        try (Renewal renewal =
                offered(ringOf(next, falseRecovery, alice, server)).orElseThrow()) {
            assertThat(renewal.epoch()).isEqualTo(3);
            assertThat(renewal.checkCode()).isEqualTo(next.checkCode());

            Keyring kept = renewal.keyring("alice", alice.sealing(), random);

            assertThat(kept.recipients()).extracting(Recipient::name).containsExactly("recovery", "alice");
            assertThat(kept.unwrapWithRecovery(recovery).currentEpoch()).isEqualTo(3);
            assertThat(kept.unwrap(alice.sealing()).checkCode()).isEqualTo(next.checkCode());
        }
    }

    @Test
    void whoeverNeverHadTheKeyCannotMakeARenewalThoughItsNameAndIdArePublic() {
        RealmKey other = RealmKey.generate("home", random);
        RealmKey sameId = new RealmKey("home", first.realmId(), new byte[32], twoEpochs());
        RealmKey moreEpochs = other.withNewEpoch(random);
        for (RealmKey forged : new RealmKey[] {sameId, moreEpochs}) {
            assertThat(failure(() -> offered(ringOf(forged, recovery, alice))).reason())
                    .isEqualTo(Reason.WRONG);
        }
        assertThat(sameId.goesOnFrom(first)).isFalse();
    }

    @Test
    void aRootSecretAloneIsNotEnough() {
        byte[] encoded = first.encode();
        byte[] root = Arrays.copyOfRange(encoded, 22 + 4, 54 + 4);
        RealmKey forged = new RealmKey("home", first.realmId(), root, twoEpochs());

        assertThat(failure(() -> offered(ringOf(forged, recovery, alice))).reason())
                .isEqualTo(Reason.WRONG);
    }

    private static SortedMap<Integer, byte[]> twoEpochs() {
        SortedMap<Integer, byte[]> epochs = new TreeMap<>();
        epochs.put(1, new byte[32]);
        epochs.put(2, new byte[32]);
        return epochs;
    }

    @Test
    void theCheckCodeTellsApartTwoRenewalsByPeopleWhoHadTheKey() {
        RealmKey renewed = first.withNewEpoch(random);
        RealmKey byThief = first.withNewEpoch(random);

        try (Renewal renewal = offered(ringOf(byThief, recovery, alice)).orElseThrow()) {
            assertThat(renewal.checkCode().matches(renewed.checkCode().text())).isFalse();
        }
        String code = renewed.checkCode().text();
        assertThat(code).matches("([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}");
        assertThat(renewed.checkCode().matches(code.toLowerCase(Locale.ROOT).replace('-', ' ')))
                .isTrue();
        assertThat(renewed.checkCode().matches(code.substring(1))).isFalse();
        assertThat(renewed.checkCode().matches("")).isFalse();
        assertThat(first.checkCode()).isNotEqualTo(renewed.checkCode());
    }

    @Test
    void whatIsNotNewerChangesNothingAndWhatIsForOthersSaysSo() {
        RealmKey next = first.withNewEpoch(random);
        assertThat(offered(installed)).isEmpty();
        assertThat(Renewal.of(ringOf(next, recovery, alice), installed, alice.sealing()))
                .isEmpty();
        assertThat(offered(ringOf(RealmKey.generate("other", random).withNewEpoch(random), recovery, alice)))
                .isEmpty();
        assertThat(failure(() -> offered(ringOf(next, recovery, server))).reason())
                .isEqualTo(Reason.MISSING);
    }
}
