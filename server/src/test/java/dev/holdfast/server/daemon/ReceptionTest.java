package dev.holdfast.server.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.core.config.ConfigurationReader;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.keys.machine.Ed25519PublicKey;
import dev.holdfast.keys.machine.MachineKeys;
import dev.holdfast.keys.machine.MachinePublicKeys;
import dev.holdfast.keys.machine.SshPublicKey;
import dev.holdfast.keys.store.DirectoryKeyStore;
import dev.holdfast.keys.store.KeyGeneration;
import dev.holdfast.keys.store.KeyPlan;
import dev.holdfast.keys.store.RealmMembers;
import dev.holdfast.keys.store.StoredKeys;
import dev.holdfast.server.join.Invitation;
import dev.holdfast.server.join.Invitations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What must still be so when somebody joins, and whose keys count afterwards. */
final class ReceptionTest {
    private static final Invitation.Guest ALICE = new Invitation.Guest("alice", Map.of("default", 1), Optional.empty());
    private static final List<RealmMembers> REALMS =
            List.of(new RealmMembers("default", List.of("alice", "bob"), List.of()));

    @TempDir
    Path folder;

    private final SecureRandom random = new SecureRandom();
    private final MachinePublicKeys fresh = keys("alice");
    private DirectoryKeyStore store = new DirectoryKeyStore(Path.of(""));
    private StoredKeys stored = new StoredKeys(store);
    private Invitations invitations = Invitations.in(Path.of(""), InstantSource.system());

    @BeforeEach
    void keys() {
        store = new DirectoryKeyStore(folder.resolve("keys"));
        stored = new StoredKeys(store);
        invitations = Invitations.in(folder.resolve("state"), InstantSource.system());
        try (KeyPlan plan = new KeyGeneration(store, random).plan(List.of("attic", "bob"), REALMS)) {
            plan.commit();
        }
    }

    private MachinePublicKeys keys(String name) {
        try (MachineKeys keys = MachineKeys.generate(name, random)) {
            return keys.publicKeys();
        }
    }

    private Membership membership(String clients) {
        try {
            Path file = folder.resolve("holdfast.yaml");
            Files.writeString(
                    file,
                    "servers: [{name: attic, hostname: localhost, port: 10022, data: data}]\nvolumes: [{name: photos, path: photos}]\n"
                            + "clients: [" + clients + "]\n");
            return Membership.of(ConfigurationReader.read(file).orThrow(), "attic", stored, invitations.newcomers());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Membership both() {
        return membership("{name: alice, backup: [photos]}, {name: bob, backup: [photos]}");
    }

    private Reception reception(Membership membership) {
        return new Reception(invitations, new CurrentGrants(membership), () -> stored, () -> {});
    }

    private void assertRefused(Membership membership, Invitation.Guest guest, MachinePublicKeys keys, String why) {
        HoldfastException refused = catchThrowableOfType(
                HoldfastException.class, () -> reception(membership).require(guest, keys));
        assertThat(refused).isNotNull().hasMessageContaining(why);
        assertThat(refused.problem().code()).isEqualTo(ProblemCode.DENIED);
    }

    private Ed25519PublicKey loginKey() {
        return Ed25519PublicKey.require(keys("code").ssh());
    }

    private SshPublicKey joined(Invitation.Guest guest, MachinePublicKeys keys) {
        Ed25519PublicKey login = loginKey();
        invitations.add(guest, login, Duration.ofHours(1), "welcome\n");
        invitations.join(login, keys, reception(both()));
        return login;
    }

    @Test
    void aHostMayJoinWhenAllIsAsItWasWhenItWasInvited() {
        reception(both()).require(ALICE, fresh);
        assertRefused(membership("{name: bob, backup: [photos]}"), ALICE, fresh, "is no longer a client");
        assertRefused(
                both(),
                new Invitation.Guest("alice", Map.of("other", 1), Optional.empty()),
                fresh,
                "changed after it was invited");
        assertRefused(
                both(),
                new Invitation.Guest("alice", Map.of("default", 2), Optional.empty()),
                fresh,
                "changed after it was invited");
        assertRefused(
                both(),
                new Invitation.Guest("bob", Map.of("default", 1), Optional.empty()),
                keys("bob"),
                "keys of 'bob' changed");
    }

    @Test
    void theKeyOfVolumesOnAnotherServerNeedNotBeKnownHereToComeByAnInvitation() throws IOException {
        Path file = folder.resolve("two.yaml");
        Files.writeString(file, """
                servers:
                  - {name: attic, hostname: localhost, port: 10022, data: data}
                  - {name: annex, hostname: localhost, port: 10023, data: other}
                clients:
                  - {name: alice, backup: [photos], restore: [annex/dumps, attic/dumps]}
                volumes:
                  - {name: photos, path: photos}
                  - {name: dumps, path: dumps, local: true}
                """);
        Membership two =
                Membership.of(ConfigurationReader.read(file).orThrow(), "attic", stored, invitations.newcomers());
        reception(two)
                .require(
                        new Invitation.Guest("alice", Map.of("default", 1, "local-annex", 3), Optional.empty()), fresh);
        assertRefused(
                two,
                new Invitation.Guest("alice", Map.of("default", 1, "local-attic", 3), Optional.empty()),
                fresh,
                "changed after it was invited");
    }

    @Test
    void nobodyJoinsWithTheSshKeyOfAnotherMachineOrOfAnInvitation() {
        SshPublicKey bob = stored.findSsh("bob").orElseThrow();
        SshPublicKey server = stored.findSsh("attic").orElseThrow();
        Ed25519PublicKey login = loginKey();
        invitations.add(ALICE, login, Duration.ofHours(1), "welcome\n");
        for (SshPublicKey taken : List.of(bob, server, login)) {
            assertRefused(
                    both(),
                    ALICE,
                    new MachinePublicKeys("alice", taken, fresh.sealing()),
                    "belongs to another machine");
        }
    }

    @Test
    void theKeysOfAHostThatJoinedCountUntilTheKeyStoreHasOthers() {
        joined(ALICE, fresh);
        assertThat(both().hostOf(fresh.ssh())).contains("alice");
        assertThat(both().joined()).containsExactly("alice");

        try (KeyPlan plan = new KeyGeneration(store, random).plan(List.of("alice"), REALMS)) {
            plan.commit();
        }
        assertThat(both().hostOf(fresh.ssh())).isEmpty();
        assertThat(both().hostOf(stored.findSsh("alice").orElseThrow())).contains("alice");
        assertThat(both().joined()).isEmpty();
    }

    @Test
    void theKeyThatWasReplacedCountsNoMoreAndItsSessionsEnd() {
        Membership before = both();
        SshPublicKey old = stored.findSsh("bob").orElseThrow();
        MachinePublicKeys anew = keys("bob");
        joined(new Invitation.Guest("bob", Map.of("default", 1), Optional.of(old)), anew);

        assertThat(both().hostOf(old)).isEmpty();
        assertThat(both().hostOf(anew.ssh())).contains("bob");
        assertThat(both().keeps("bob", before)).isFalse();
    }

    @Test
    void aHostGetsTheKeyringsThatItMayReadWithoutTheLinesOfOthers() {
        joined(ALICE, fresh);
        Membership both = both();

        assertThat(both.keyringFor("bob", "default").orElseThrow()).contains("\nmachine bob ", "\nrecovery ");
        assertThat(both.keyringFor("alice", "default").orElseThrow())
                .as("of one that keygen has not taken over")
                .doesNotContain("\nmachine ");
        assertThat(both.keyringFor("bob", "other")).isEmpty();
        assertThat(both.keyringFor("carol", "default")).isEmpty();
        assertThat(both.keyringFor("attic", "default"))
                .as("a server of a sealed realm")
                .isEmpty();
    }

    @Test
    void aGuestIsNeverTakenForAHost() {
        SshPublicKey login = joined(ALICE, fresh);
        Reception reception = reception(both());
        String name = reception.guestOf(login).orElseThrow();
        assertThat(name).isEqualTo("invitation 1 for alice");
        assertThat(reception.isGuest(name)).isTrue();
        assertThat(reception.isGuest("invitation")).isFalse();
        assertThat(reception.invitationOf(name))
                .get()
                .extracting(Invitation::login)
                .isEqualTo(login);
        assertThat(both().knows(name)).isFalse();
        assertThat(reception.guestOf(fresh.ssh())).isEmpty();
    }
}
