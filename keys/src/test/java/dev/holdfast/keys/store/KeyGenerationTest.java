package dev.holdfast.keys.store;

import static dev.holdfast.keys.Failures.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.holdfast.keys.FixedRandom;
import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyException.Reason;
import dev.holdfast.keys.machine.MachineKeys;
import dev.holdfast.keys.machine.SshPublicKey;
import dev.holdfast.keys.realm.RealmKey;
import dev.holdfast.keys.recovery.RecoveryKey;
import dev.holdfast.keys.seal.SealingSecret;
import dev.holdfast.keys.store.KeyPlan.Action;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class KeyGenerationTest {
    private static final List<RealmMembers> TWO = List.of(new RealmMembers("home", List.of("alice", "bob"), List.of()));
    private static final List<RealmMembers> THREE =
            List.of(new RealmMembers("home", List.of("alice", "bob", "carol"), List.of("vault")));
    private final FixedRandom random = new FixedRandom(51);
    private final MemoryKeyStore store = new MemoryKeyStore();
    private final StoredKeys stored = new StoredKeys(store);
    private char[] paper = {};

    @Test
    void theFirstRunMakesEverythingAndShowsTheRecoveryKeyOnce() {
        try (KeyPlan plan = new KeyGeneration(store, random).plan(List.of("alice", "bob"), TWO)) {
            assertThat(store.dump()).as("nothing is written before the commit").isEmpty();
            assertThat(plan.newRecoveryKey()).isPresent();
            plan.commit();
        }
        assertThat(stored.realmKey("home", "alice").encode())
                .isEqualTo(stored.realmKey("home", "bob").encode());
        try (KeyPlan again = new KeyGeneration(store, random).plan(List.of("alice", "bob"), TWO)) {
            assertThat(again.newRecoveryKey()).isEmpty();
            assertThat(again.changesAnything()).isFalse();
            assertThat(again.steps()).allMatch(step -> step.action() == Action.KEPT);
        }
    }

    @Test
    void laterMachinesAndTrustedServersAreAddedWithoutTouchingTheOthers() {
        make();
        byte[] before = stored.realmKey("home", "alice").encode();
        String alice = stored.findPublic("alice").toString();
        try (KeyPlan plan = new KeyGeneration(store, random).plan(List.of("carol", "vault"), THREE)) {
            plan.commit();
        }
        assertThat(stored.findPublic("alice")).hasToString(alice);
        for (String machine : List.of("alice", "bob", "carol", "vault")) {
            assertThat(stored.realmKey("home", machine).encode()).isEqualTo(before);
        }
    }

    @Test
    void aMemberWithoutKeysWaitsForItsTurn() {
        try (KeyPlan plan = new KeyGeneration(store, random).plan(List.of("alice"), TWO)) {
            assertThat(plan.steps())
                    .anyMatch(step ->
                            step.action() == Action.WAITING && step.what().contains("'bob'"));
            plan.commit();
        }
        assertThat(stored.keyring("home").recipients()).hasSize(2);
    }

    @Test
    void addingAMemberNeedsSomebodyWhoCanUnwrapAndElseChangesNothing() {
        make();
        for (String machine : List.of("alice", "bob")) {
            store.remove(KeyEntry.ssh(machine));
            store.remove(KeyEntry.seal(machine));
        }
        String before = store.dump();
        KeyGeneration alone = new KeyGeneration(store, random);
        assertThat(failure(() -> alone.plan(List.of("carol"), THREE)))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.MISSING))
                .satisfies(e -> assertThat(e.hint()).contains("alice, bob").contains("recovery key"));
        assertThat(store.dump()).isEqualTo(before);
        try (RecoveryKey recovery = RecoveryKey.parse(paper);
                KeyPlan plan =
                        KeyGeneration.withRecovery(store, random, recovery).plan(List.of("carol"), THREE)) {
            plan.commit();
        }
        stored.realmKey("home", "carol").close();
    }

    @Test
    void anotherRecoveryKeyIsRefused() {
        make();
        try (RecoveryKey other = RecoveryKey.generate(random)) {
            assertThat(failure(() -> KeyGeneration.withRecovery(store, random, other))
                            .reason())
                    .isEqualTo(Reason.WRONG);
        }
    }

    @Test
    void rotationShutsTheOldKeyOutOfWhatComesNext() {
        make();
        try (SealingSecret old =
                        SealingSecret.of(stored.machine("bob").sealing().bytes());
                RealmKey before = stored.realmKey("home", "alice")) {
            try (KeyPlan plan = new KeyGeneration(store, random).rotate("bob", TWO)) {
                plan.commit();
            }
            assertThat(failure(() -> stored.keyring("home").unwrap(old)).reason())
                    .isEqualTo(Reason.MISSING);
            try (RealmKey after = stored.realmKey("home", "bob")) {
                assertThat(after.currentEpoch()).isEqualTo(2);
                assertThat(after.realmId()).isEqualTo(before.realmId());
                assertThat(after.gearTable()).isEqualTo(before.gearTable());
            }
            stored.realmKey("home", "alice").close();
            stored.keyring("home").unwrapWithRecovery(RecoveryKey.parse(paper)).close();
        }
    }

    @Test
    void rotationAlsoDropsWhoIsNoMemberAnyMore() {
        make();
        List<RealmMembers> onlyAlice = List.of(new RealmMembers("home", List.of("alice"), List.of()));
        try (KeyPlan plan = new KeyGeneration(store, random).plan(List.of("alice"), onlyAlice)) {
            assertThat(plan.steps()).anyMatch(step -> step.what().contains("'bob' is no member"));
        }
        try (KeyPlan plan = new KeyGeneration(store, random).rotate("alice", onlyAlice)) {
            plan.commit();
        }
        assertThat(failure(() -> stored.realmKey("home", "bob")).reason()).isEqualTo(Reason.MISSING);
    }

    @Test
    void aFirstRunThatDiesAnywhereIsCompletedByTheNext() {
        for (int writes = 0; writes < 10; writes++) {
            MemoryKeyStore torn = new MemoryKeyStore();
            torn.dieAfter(writes);
            RecoveryKey shown;
            try (KeyPlan plan = new KeyGeneration(torn, random).plan(List.of("alice", "bob"), TWO)) {
                shown = RecoveryKey.parse(plan.newRecoveryKey().orElseThrow().print());
                assertThatIllegalStateException().isThrownBy(plan::commit);
            }
            torn.dieAfter(Integer.MAX_VALUE);
            for (String machine : List.of("alice", "bob")) {
                completeOrRotate(torn, machine);
            }
            try (KeyPlan plan = new KeyGeneration(torn, random).plan(List.of("alice", "bob"), TWO)) {
                plan.commit();
            }
            StoredKeys keys = new StoredKeys(torn);
            keys.realmKey("home", "alice").close();
            keys.realmKey("home", "bob").close();
            if (writes > 0) {
                keys.keyring("home").unwrapWithRecovery(shown).close();
            }
        }
    }

    private void completeOrRotate(MemoryKeyStore torn, String machine) {
        try (KeyPlan plan = new KeyGeneration(torn, random).plan(List.of(machine), List.of())) {
            plan.commit();
        } catch (dev.holdfast.keys.KeyException e) {
            assertThat(e.reason()).isEqualTo(Reason.EXISTS);
            assertThat(e.hint()).contains("--rotate " + machine);
            try (KeyPlan plan = new KeyGeneration(torn, random).rotate(machine, List.of())) {
                plan.commit();
            }
        }
    }

    @Test
    void aRotationThatDiesAnywhereLocksNobodyOut() {
        make();
        for (int writes = 0; writes < 6; writes++) {
            MemoryKeyStore torn = store.copy();
            torn.dieAfter(writes);
            try (KeyPlan plan = new KeyGeneration(torn, random).rotate("bob", TWO)) {
                assertThatIllegalStateException().isThrownBy(plan::commit);
            }
            torn.dieAfter(Integer.MAX_VALUE);
            StoredKeys keys = new StoredKeys(torn);
            keys.realmKey("home", "alice").close();
            keys.realmKey("home", "bob").close();
            try (KeyPlan plan = new KeyGeneration(torn, random).rotate("bob", TWO)) {
                plan.commit();
            }
            keys.realmKey("home", "bob").close();
            assertThat(keys.keyring("home").recipients()).hasSize(3);
        }
    }

    @Test
    void aLonelyPrivateKeyIsNotOverwritten() {
        store.put(KeyEntry.ssh("alice"), new byte[] {1});
        assertThat(failure(() -> new KeyGeneration(store, random).plan(List.of("alice"), TWO))
                        .reason())
                .isEqualTo(Reason.EXISTS);
    }

    @Test
    void halvesThatDoNotBelongTogetherAreNamed() {
        make();
        store.put(
                KeyEntry.sshPublic("alice"),
                store.get(KeyEntry.sshPublic("bob")).orElseThrow());
        assertThat(failure(() -> new KeyGeneration(store, random).plan(List.of("alice"), TWO))
                        .reason())
                .isEqualTo(Reason.WRONG);
    }

    private void make() {
        try (KeyPlan plan = new KeyGeneration(store, random).plan(List.of("alice", "bob"), TWO)) {
            paper = plan.newRecoveryKey().orElseThrow().print();
            plan.commit();
        }
    }

    @Test
    void aMachineThatJoinedIsTakenIntoTheStoreWithItsOwnKeysAndCanOpenTheRealm() {
        make();
        MachineKeys carol = MachineKeys.generate("carol", random);
        Newcomer newcomer = new Newcomer(carol.publicKeys(), Optional.empty());
        try (KeyPlan plan = new KeyGeneration(store, random)
                .adopting(List.of(newcomer))
                .plan(List.of("alice", "bob", "carol", "vault"), THREE)) {
            assertThat(plan.steps())
                    .anyMatch(step ->
                            step.action() == Action.ADOPTED && step.what().contains("'carol'"))
                    .noneMatch(step -> step.what().equals("keys of machine 'carol'"));
            plan.commit();
        }
        assertThat(stored.findPublic("carol")).contains(carol.publicKeys());
        assertThat(stored.findMachine("carol")).isEmpty();
        stored.keyring("home").unwrap(carol.sealing()).close();
        assertThat(newcomer.counts(stored)).as("the store has its keys now").isFalse();
    }

    @Test
    void theKeysOfAMachineThatJoinedAnewReplaceThoseBeforeUnlessTheStoreHasOthersMeanwhile() {
        make();
        MachineKeys fresh = MachineKeys.generate("bob", random);
        Optional<SshPublicKey> before = stored.findSsh("bob");
        SealingSecret old = stored.machine("bob").sealing().copy();
        List<Newcomer> newcomers = List.of(new Newcomer(fresh.publicKeys(), before));
        try (KeyPlan plan = new KeyGeneration(store, random).adopting(newcomers).plan(List.of("alice", "bob"), TWO)) {
            plan.commit();
        }
        assertThat(stored.findPublic("bob")).contains(fresh.publicKeys());
        assertThat(stored.findMachine("bob")).isEmpty();
        assertThat(stored.keyring("home").opensFor(old.publicKey())).isFalse();
        stored.keyring("home").unwrap(fresh.sealing()).close();

        try (KeyPlan plan = new KeyGeneration(store, random).adopting(newcomers).rotate("bob", TWO)) {
            plan.commit();
        }
        assertThat(stored.findSsh("bob"))
                .isNotEqualTo(before)
                .isNotEqualTo(Optional.of(fresh.publicKeys().ssh()));
        assertThat(newcomers.get(0).counts(stored)).isFalse();
    }

    @Test
    void aRealmOfWhichAKeyIsInstalledGetsNoSecondOne() {
        make();
        MemoryKeyStore installed = new MemoryKeyStore();
        installed.put(
                KeyEntry.keyring("home"), store.get(KeyEntry.keyring("home")).orElseThrow());
        store.remove(KeyEntry.keyring("home"));
        String before = store.dump();

        KeyException refused = failure(() ->
                new KeyGeneration(store, random).installedIn(List.of(installed)).plan(List.of("alice", "bob"), TWO));

        assertThat(refused).hasMessageContaining("no key of realm 'home', but one is installed");
        assertThat(store.dump()).isEqualTo(before);
    }

    @Test
    void thePaperStaysGoodWhenThePublicRecoveryKeyIsLost() {
        make();
        String before = store.dump();
        store.remove(KeyEntry.recoveryPublic());

        assertThat(failure(() -> new KeyGeneration(store, random).plan(List.of("alice", "bob"), TWO)))
                .hasMessageContaining("would make its paper worthless");
        try (RecoveryKey other = RecoveryKey.generate(random)) {
            assertThat(failure(() ->
                            KeyGeneration.withRecovery(store, random, other).plan(List.of("alice", "bob"), TWO)))
                    .hasMessageContaining("not the one that the key of realm 'home' is wrapped for");
        }
        try (RecoveryKey typed = RecoveryKey.parse(paper);
                KeyPlan plan = KeyGeneration.withRecovery(store, random, typed).plan(List.of("alice", "bob"), TWO)) {
            plan.commit();
        }
        assertThat(store.dump()).isEqualTo(before);
    }
}
