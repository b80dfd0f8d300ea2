package dev.holdfast.keys.vault;

import static dev.holdfast.keys.Failures.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyException.Reason;
import dev.holdfast.keys.bundle.Bundle;
import dev.holdfast.keys.machine.MachineKeys;
import dev.holdfast.keys.machine.PrivateerPair;
import dev.holdfast.keys.realm.RealmKey;
import dev.holdfast.keys.store.KeyChange;
import dev.holdfast.keys.store.KeyEntry;
import dev.holdfast.keys.store.KeyGeneration;
import dev.holdfast.keys.store.KeyPlan;
import dev.holdfast.keys.store.Newcomer;
import dev.holdfast.keys.store.RealmMembers;
import dev.holdfast.keys.store.StoredKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each against both versions of the engine, on the stub that {@link VaultStubTest} has judged; no real Vault can be had here. */
final class VaultKeyStoreTest {
    private static final PrivateerPair PAIR = PrivateerPair.make();
    private static final Map<String, Object> PRIVATEER = privateer();
    private static final List<RealmMembers> HOME =
            List.of(new RealmMembers("home", List.of("alice", "bob"), List.of("annex")));
    private static final List<String> MACHINES = List.of("annex", "alice", "bob");

    private final SecureRandom random = new SecureRandom();

    private static Map<String, Object> privateer() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.putAll(PAIR.fields());
        fields.put("note", Map.of("by", List.of(1, 2.5, true)));
        fields.put("count", 12);
        fields.put("nothing", null);
        return fields;
    }

    private static VaultKeyStore open(VaultStub stub, String prefix) {
        return VaultKeyStore.open(
                new VaultSettings(stub.url(), prefix, Optional.empty(), Optional.empty()),
                VaultCredentials.typed(VaultStub.ROOT.toCharArray()),
                VaultLimits.impatient());
    }

    private static VaultKeyStore open(VaultStub stub) {
        return open(stub, "/secret/ship/privateer");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void entriesAreReadBackListedReplacedAndRemoved(int version) throws IOException {
        try (VaultStub stub = VaultStub.start(version)) {
            try (VaultKeyStore store = open(stub)) {
                assertThat(store.get(KeyEntry.ssh("alice"))).isEmpty();
                assertThat(store.machines()).isEmpty();
                assertThat(store.realms()).isEmpty();
                store.put(KeyEntry.ssh("bob"), new byte[] {1});
                store.put(KeyEntry.sshPublic("alice"), new byte[] {2});
                store.put(KeyEntry.keyring("home"), new byte[] {3});
                store.put(KeyEntry.recoveryPublic(), new byte[] {4});
                store.put(KeyEntry.keyring("home"), new byte[] {5});
                store.put(KeyEntry.seal("bob"), new byte[] {6});
                store.remove(KeyEntry.ssh("bob"));
            }
            try (VaultKeyStore again = open(stub)) {
                assertThat(again.get(KeyEntry.ssh("bob"))).isEmpty();
                assertThat(again.get(KeyEntry.seal("bob"))).contains(new byte[] {6});
                assertThat(again.get(KeyEntry.sshPublic("alice"))).contains(new byte[] {2});
                assertThat(again.get(KeyEntry.keyring("home"))).contains(new byte[] {5});
                assertThat(again.get(KeyEntry.recoveryPublic())).contains(new byte[] {4});
                assertThat(again.machines()).containsExactly("alice", "bob");
                assertThat(again.realms()).containsExactly("home");
            }
            assertThat(stub.fields("ship/privateer/bob").keySet()).hasToString("[holdfast_seal]");
            assertThat(stub.fields("ship/privateer/holdfast/realms/home").keySet())
                    .hasToString("[holdfast_keyring]");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aMachineCalledHoldfastIsInNobodysWay(int version) throws IOException {
        try (VaultStub stub = VaultStub.start(version);
                VaultKeyStore store = open(stub)) {
            store.put(KeyEntry.ssh("holdfast"), new byte[] {1});
            store.put(KeyEntry.recoveryPublic(), new byte[] {2});
            assertThat(store.machines()).containsExactly("holdfast");
            assertThat(store.get(KeyEntry.ssh("holdfast"))).contains(new byte[] {1});
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void fieldsOfOthersStayAsTheyAre(int version) throws IOException {
        try (VaultStub stub = VaultStub.start(version)) {
            stub.plant("ship/privateer/alice", PRIVATEER);
            try (VaultKeyStore store = open(stub)) {
                assertThat(text(store, KeyEntry.sshPublic("alice"))).isEqualTo(PAIR.publicLine());
                assertThat(text(store, KeyEntry.ssh("alice"))).isEqualTo(PAIR.privatePem());
                store.put(KeyEntry.seal("alice"), new byte[] {2});
            }
            Map<String, Object> expected = new LinkedHashMap<>(PRIVATEER);
            expected.put("holdfast_seal", "Ag==");
            assertThat(stub.fields("ship/privateer/alice")).isEqualTo(expected);
        }
    }

    private static String text(VaultKeyStore store, KeyEntry entry) {
        return new String(store.get(entry).orElseThrow(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void thePairOfPrivateerIsTheSshKeyOfItsMachineUntilItIsRotated(int version) throws IOException {
        try (VaultStub stub = VaultStub.start(version)) {
            stub.plant("ship/privateer/alice", PRIVATEER);
            assertThat(generate(stub))
                    .contains("MADE, what=sealing key of machine 'alice'")
                    .contains(
                            "KEPT, what=RSA pair of privateer as the SSH key of machine 'alice'; `keygen --rotate alice`")
                    .contains("MADE, what=keys of machine 'bob'")
                    .doesNotContain("RSA pair of privateer as the SSH key of machine 'bob'");
            assertThat(alice(stub))
                    .containsAllEntriesOf(PRIVATEER)
                    .containsOnlyKeys(
                            "public", "private", "note", "count", "nothing", "holdfast_seal", "holdfast_seal_pub");
            assertThat(generate(stub)).as("said each time").contains("KEPT, what=RSA pair of privateer");
            try (VaultKeyStore store = open(stub)) {
                StoredKeys keys = new StoredKeys(store);
                try (Bundle bundle = Bundle.of(store, "alice", List.of("annex"), List.of("home"));
                        MachineKeys alice = keys.machine("alice");
                        RealmKey realm = keys.realmKey("home", "alice")) {
                    assertThat(alice.publicKeys())
                            .isEqualTo(keys.findPublic("alice").orElseThrow());
                    assertThat(alice.publicKeys().ssh()).isEqualTo(PAIR.publicKey());
                    assertThat(bundle.get(KeyEntry.ssh("alice"))).contains(PAIR.privateFile());
                    assertThat(bundle.machines()).containsExactly("alice", "annex");
                    assertThat(realm.currentEpoch()).isEqualTo(1);
                }
            }
            rotate(stub, "alice");
            assertThat(alice(stub))
                    .containsEntry("count", 12)
                    .containsOnlyKeys(
                            "public", "private", "note", "count", "nothing", "holdfast_seal", "holdfast_seal_pub");
            assertThat(String.valueOf(alice(stub).get("public"))).startsWith("ssh-ed25519 ");
            assertThat(generate(stub)).doesNotContain("RSA");
            try (VaultKeyStore store = open(stub);
                    RealmKey realm = new StoredKeys(store).realmKey("home", "alice")) {
                assertThat(realm.currentEpoch()).isEqualTo(2);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2})
    void aPairThatCannotBeTakenStopsKeygenUntilItIsRotated(int version) throws IOException {
        PrivateerPair other = PrivateerPair.make();
        Map<String, String> troubles = Map.of(
                other.publicLine(),
                "private and public keys of machine 'alice' do not belong together",
                "ssh-rsa AAAA",
                "public SSH key of machine 'alice': not a public SSH key",
                "",
                "public SSH key of machine 'alice': not a public SSH key");
        for (Map.Entry<String, String> trouble : troubles.entrySet()) {
            try (VaultStub stub = VaultStub.start(version)) {
                stub.plant("ship/privateer/alice", Map.of("public", trouble.getKey(), "private", PAIR.privatePem()));

                KeyException refused = failure(() -> generate(stub));

                assertThat(refused)
                        .hasMessageStartingWith(trouble.getValue())
                        .hasMessageContaining("secret 'secret/ship/privateer/alice' of the Vault at");
                assertThat(refused.hint()).contains("holdfast keygen --rotate alice");
                assertThat(refused.hint() + refused.getMessage()).doesNotContain("file", "version control");
                rotate(stub, "alice");
                generate(stub);
                try (VaultKeyStore store = open(stub);
                        MachineKeys keys = new StoredKeys(store).machine("alice")) {
                    assertThat(keys.publicKeys().ssh().isLegacy()).isFalse();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2})
    void halfOfAPairIsNotMadeWhole(int version) throws IOException {
        for (String half : List.of("public", "private")) {
            try (VaultStub stub = VaultStub.start(version)) {
                stub.plant("ship/privateer/alice", Map.of(half, PRIVATEER.get(half)));
                KeyException refused = failure(() -> generate(stub));
                assertThat(refused.reason()).isEqualTo(Reason.EXISTS);
                assertThat(refused).hasMessageContaining("'alice' has field '" + half + "' of its secret but not");
                assertThat(stub.writes()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2})
    void aHostThatJoinedIsTakenOverInThePlaceOfAPairThatItNeverHad(int version) throws IOException {
        try (VaultStub stub = VaultStub.start(version);
                MachineKeys own = MachineKeys.generate("alice", random)) {
            stub.plant("ship/privateer/alice", PRIVATEER);
            try (VaultKeyStore store = open(stub);
                    KeyPlan plan = new KeyGeneration(store, random)
                            .adopting(List.of(new Newcomer(own.publicKeys(), Optional.empty())))
                            .plan(MACHINES, HOME)) {
                plan.commit();
            }
            assertThat(alice(stub))
                    .containsEntry("public", own.publicKeys().sshFile())
                    .doesNotContainKey("private");
        }
    }

    private static Map<String, Object> alice(VaultStub stub) {
        Map<String, Object> fields = new LinkedHashMap<>();
        stub.fields("ship/privateer/alice").forEach((name, value) -> fields.put(String.valueOf(name), value));
        return fields;
    }

    private String generate(VaultStub stub) {
        try (VaultKeyStore store = open(stub);
                KeyPlan plan = new KeyGeneration(store, random).plan(MACHINES, HOME)) {
            plan.commit();
            return plan.steps().toString();
        }
    }

    private void rotate(VaultStub stub, String machine) {
        try (VaultKeyStore store = open(stub);
                KeyPlan plan = new KeyGeneration(store, random).rotate(machine, HOME)) {
            plan.commit();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void allKeysOfAMachineAreOneWrite(int version) throws IOException {
        try (VaultStub stub = VaultStub.start(version)) {
            generate(stub);
            assertThat(stub.writes()).hasSize(MACHINES.size() + 2).doesNotHaveDuplicates();
            int before = stub.writes().size();
            generate(stub);
            assertThat(stub.writes()).as("nothing is missing").hasSize(before);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void twoWhoMakeKeysAtOnceNeverOverwriteOneAnother(int version) throws IOException {
        try (VaultStub stub = VaultStub.start(version);
                VaultKeyStore store = open(stub);
                KeyPlan plan = new KeyGeneration(store, random).plan(MACHINES, HOME)) {
            generate(stub);
            Map<?, ?> winner = stub.fields("ship/privateer/alice");

            KeyException loser = failure(plan::commit);

            assertThat(loser.reason()).isEqualTo(Reason.BUSY);
            assertThat(loser).hasMessageContaining("somebody else changed 'secret/ship/privateer/holdfast/recovery'");
            assertThat(loser.hint()).startsWith("Run the same command again");
            assertThat(stub.fields("ship/privateer/alice")).isEqualTo(winner);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2})
    void aRivalInTheVeryMomentOfWritingLosesNothingInVersionTwo(int version) throws IOException {
        try (VaultStub stub = VaultStub.start(version);
                VaultKeyStore store = open(stub)) {
            assertThat(store.get(KeyEntry.ssh("alice"))).isEmpty();
            stub.beforeNextWrite(() -> stub.plant("ship/privateer/alice", Map.of("private", "theirs")));

            KeyException loser = failure(() -> store.put(KeyEntry.ssh("alice"), new byte[] {1}));

            assertThat(loser.reason()).isEqualTo(Reason.BUSY);
            assertThat(loser.hint()).doesNotContain("paper");
            assertThat(stub.fields("ship/privateer/alice").get("private")).isEqualTo("theirs");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aWriteWhoseAnswerWasLostIsNotTakenForSomebodyElses(int version) throws IOException {
        Duration enough = Duration.ofSeconds(20);
        VaultLimits twice = new VaultLimits(enough, enough, 2, enough, time -> {}, notice -> {});
        try (VaultStub stub = VaultStub.start(version);
                VaultKeyStore store = VaultKeyStore.open(
                        new VaultSettings(stub.url(), "/secret/ship", Optional.empty(), Optional.empty()),
                        VaultCredentials.typed(VaultStub.ROOT.toCharArray()),
                        twice)) {
            stub.loseNextAnswer();
            store.apply(List.of(
                    KeyChange.put(KeyEntry.ssh("alice"), new byte[] {1}),
                    KeyChange.remove(KeyEntry.sshPublic("alice"))));
            store.put(KeyEntry.seal("alice"), new byte[] {2});
            assertThat(stub.fields("ship/alice")).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2})
    void aDeletedSecretCanBeWrittenAgain(int version) throws IOException {
        try (VaultStub stub = VaultStub.start(version)) {
            try (VaultKeyStore store = open(stub)) {
                store.put(KeyEntry.ssh("alice"), new byte[] {1});
            }
            stub.delete("ship/privateer/alice");
            try (VaultKeyStore store = open(stub)) {
                assertThat(store.get(KeyEntry.ssh("alice"))).isEmpty();
                KeyException missing = store.missing(KeyEntry.ssh("alice"));
                assertThat(missing).hasMessageStartingWith("version 1 of secret 'secret/ship/privateer/alice'");
                assertThat(missing.hint()).contains("`vault kv undelete -versions=1 secret/ship/privateer/alice`");
                store.put(KeyEntry.ssh("alice"), new byte[] {2});
                assertThat(store.missing(KeyEntry.seal("alice"))).hasMessageContaining("has no field 'holdfast_seal'");
            }
            assertThat(stub.fields("ship/privateer/alice").get("private")).isEqualTo("\u0002");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void theVersionOfTheEngineIsFoundWhereTheVaultMayNotSay(int version) throws IOException {
        try (VaultStub stub = VaultStub.start(version)) {
            generate(stub);
            String below = version == 1 ? "secret/ship/privateer/" : "secret/data/ship/privateer/";
            stub.allow("hvs.narrow", below);
            try (VaultKeyStore store = VaultKeyStore.open(
                    new VaultSettings(stub.url(), "/secret/ship/privateer", Optional.empty(), Optional.empty()),
                    VaultCredentials.typed("hvs.narrow".toCharArray()),
                    VaultLimits.impatient())) {
                new StoredKeys(store).machine("alice").close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aPrefixWithoutItsMountIsLookedForBelowSecretAsPrivateerDoes(int version) throws IOException {
        try (VaultStub stub = VaultStub.start(version)) {
            for (String prefix : List.of("/secret/ship", "secret/ship/", "/ship", "ship")) {
                try (VaultKeyStore store = open(stub, prefix)) {
                    store.put(KeyEntry.seal("alice"), new byte[] {(byte) prefix.length()});
                    byte[] written = Base64.getDecoder()
                            .decode(String.valueOf(stub.fields("ship/alice").get("holdfast_seal")));
                    assertThat(written).as(prefix).containsExactly(prefix.length());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void anEngineMayBeMountedAnywhere(int version) throws IOException {
        try (VaultStub stub = VaultStub.startAt(version, "team/kv/");
                VaultKeyStore store = open(stub, "/team/kv/ship")) {
            store.put(KeyEntry.ssh("alice"), new byte[] {1});
            assertThat(stub.fields("ship/alice")).hasSize(1);
            assertThat(store.describe()).endsWith("team/kv/ship");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void whatIsDamagedIsSaidToLieInTheVaultWithTheWayBackThatItHas(int version) throws IOException {
        try (VaultStub stub = VaultStub.start(version)) {
            String damaged = Base64.getEncoder().encodeToString("damaged".getBytes(StandardCharsets.UTF_8));
            stub.plant("ship/privateer/holdfast/realms/home", Map.of("holdfast_keyring", damaged));
            stub.plant("ship/privateer/holdfast/recovery", Map.of("holdfast_recovery_pub", damaged));
            try (VaultKeyStore store = open(stub)) {
                StoredKeys stored = new StoredKeys(store);
                KeyException keyring = failure(() -> stored.findKeyring("home"));
                assertThat(keyring)
                        .hasMessageContaining("secret 'secret/ship/privateer/holdfast/realms/home' of the Vault at");
                assertThat(keyring.hint())
                        .contains(
                                version == 2
                                        ? "`vault kv rollback -version=N secret/ship/privateer/holdfast/realms/home`"
                                        : "keeps no former versions")
                        .doesNotContain("file", "version control");
                assertThat(failure(stored::findRecovery))
                        .hasMessageContaining("secret 'secret/ship/privateer/holdfast/recovery' of the Vault at");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void anythingElseInOurFieldsIsDamageAndNotMissing(int version) throws IOException {
        try (VaultStub stub = VaultStub.start(version)) {
            stub.plant("ship/privateer/alice", Map.of("private", 7, "holdfast_seal", "not secret but no base64!"));
            try (VaultKeyStore store = open(stub)) {
                KeyException number = failure(() -> store.get(KeyEntry.ssh("alice")));
                assertThat(number.reason()).isEqualTo(Reason.MALFORMED);
                assertThat(number).hasMessageContaining("field 'private' is no text");
                assertThat(failure(() -> store.get(KeyEntry.seal("alice"))))
                        .hasMessageContaining("field 'holdfast_seal' is no base64")
                        .as("nothing of what is there")
                        .hasMessageNotContaining("0x");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2})
    void whatWasDeletedIsBroughtBackAndNotMadeAnew(int version) throws IOException {
        try (VaultStub stub = VaultStub.start(version)) {
            generate(stub);
            for (String secret : List.of("holdfast/realms/home", "holdfast/recovery", "alice")) {
                stub.delete("ship/privateer/" + secret);
                KeyException refused = failure(() -> generate(stub));
                assertThat(refused)
                        .hasMessageContaining("secret 'secret/ship/privateer/" + secret + "'")
                        .hasMessageEndingWith("was deleted");
                assertThat(refused.hint()).contains("vault kv undelete");
                stub.undelete("ship/privateer/" + secret);
            }
            generate(stub);
        }
    }
}
