package dev.holdfast.cli.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.ConfigurationReader;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.keys.bundle.Bundle;
import dev.holdfast.keys.realm.RealmKey;
import dev.holdfast.keys.store.DirectoryKeyStore;
import dev.holdfast.keys.store.KeyGeneration;
import dev.holdfast.keys.store.KeyPlan;
import dev.holdfast.keys.store.RealmMembers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MachineTest {
    private static final String TWO_SERVERS = """
            servers:
              - {name: attic, hostname: 127.0.0.1, port: 10022, data: store}
              - {name: cellar, hostname: 127.0.0.1, port: 10023, data: store2}
            clients:
              - {name: alice, backup: [photos], restore: [photos]}
              - {name: bob, restore: [photos]}
            volumes:
              - {name: photos, path: photos}
            """;

    @TempDir
    Path folder;

    private Path state;
    private Configuration configuration;

    @BeforeEach
    void readConfiguration() {
        state = folder.resolve("state");
        configuration = configuration(TWO_SERVERS);
    }

    private Configuration configuration(String text) {
        return ConfigurationReader.read(folder.resolve("holdfast.yaml"), text).orThrow();
    }

    private void install(String name) {
        DirectoryKeyStore store = new DirectoryKeyStore(folder.resolve("keys"));
        try (KeyPlan plan = new KeyGeneration(store, new SecureRandom())
                .plan(
                        List.of("attic", "alice", "bob"),
                        List.of(new RealmMembers("default", List.of("alice", "bob"), List.of())))) {
            plan.commit();
        }
        try (Bundle bundle = Bundle.of(store, name, List.of("attic", "alice", "bob"), List.of("default"))) {
            bundle.installInto(new DirectoryKeyStore(new StateFolder(state, name).keys()));
        }
    }

    private Machine machine(String name) {
        return Machine.open(configuration, Identity.named(name, configuration), state);
    }

    private static void assertProblem(ThrowingCallable work, ProblemCode code, String message, String hint) {
        assertThatThrownBy(work).isInstanceOfSatisfying(HoldfastException.class, e -> {
            assertThat(e.problem().code()).isEqualTo(code);
            assertThat(e.problem().message()).contains(message);
            assertThat(e.problem().hint()).contains(hint);
        });
    }

    @Test
    void aFileThatNamesNoMachineOfTheConfigurationIsNamedInTheProblem() throws IOException {
        Path file = Files.writeString(folder.resolve(".holdfast_identity"), "alcie\n");

        assertProblem(
                () -> Identity.find(configuration, state),
                ProblemCode.NOT_FOUND,
                "no machine 'alcie'",
                "Did you mean 'alice'?");
        assertThatThrownBy(() -> Identity.find(configuration, state))
                .isInstanceOfSatisfying(
                        HoldfastException.class,
                        e -> assertThat(e.problem().context()).containsEntry("said_by", file.toString()));
    }

    @Test
    void theFileBesideTheConfigurationSaysWhoThisIs() throws IOException {
        Files.writeString(folder.resolve(".privateer_identity"), "bob\n");
        assertThat(Identity.find(configuration, state).name()).isEqualTo("bob");

        Files.writeString(folder.resolve(".holdfast_identity"), "alice\n");
        assertThat(Identity.find(configuration, state).name()).isEqualTo("alice");
    }

    @Test
    void theOnlyInstalledMachineIsMeant() {
        install("bob");

        assertThat(Identity.find(configuration, state).name()).isEqualTo("bob");
    }

    @Test
    void withoutAnyWordTheChoicesAreListed() {
        assertProblem(
                () -> Identity.find(configuration, state),
                ProblemCode.USAGE,
                "none is configured",
                "attic, cellar, alice, bob");

        install("alice");
        install("bob");
        assertProblem(() -> Identity.find(configuration, state), ProblemCode.USAGE, "several", "alice, bob");
    }

    @Test
    void aNameThatIsNotConfiguredIsRefusedWithTheNearest() throws IOException {
        assertProblem(
                () -> Identity.named("alcie", configuration), ProblemCode.NOT_FOUND, "no machine 'alcie'", "'alice'");

        Files.writeString(folder.resolve(".holdfast_identity"), "bop");
        assertProblem(() -> Identity.find(configuration, state), ProblemCode.NOT_FOUND, "no machine 'bop'", "'bob'");
    }

    @Test
    void aMachineThatWasNotConfiguredSaysWhatToRun() {
        assertProblem(
                () -> machine("alice"),
                ProblemCode.KEY,
                "machine 'alice' is not configured here",
                "`holdfast configure alice`");
    }

    @Test
    void aConfiguredMachineOpensItsRealm() {
        install("alice");
        Machine alice = machine("alice");

        try (RealmKey key = alice.realmKey()) {
            assertThat(key.realm()).isEqualTo("default");
        }
        assertThat(alice.host().name()).isEqualTo("alice");
        assertProblem(alice::server, ProblemCode.USAGE, "'alice', is a client", "--as NAME");
    }

    @Test
    void aServerIsNoHostAndCannotOpenASealedRealm() {
        install("attic");
        Machine attic = machine("attic");

        assertThat(attic.server().port()).isEqualTo(10022);
        assertProblem(attic::host, ProblemCode.USAGE, "'attic', is a server", "--as NAME");
        assertProblem(() -> attic.realmKey("default"), ProblemCode.KEY, "default", "");
    }

    @Test
    void theKeyOfVolumesOnAServerComesFromThatServer() {
        install("alice");
        configuration = configuration(TWO_SERVERS.replace("restore: [photos]", "restore: [photos, cellar/dumps]")
                + "  - {name: dumps, path: dumps, local: true}\n");
        Machine alice = machine("alice");

        assertProblem(
                () -> alice.realmKey("local-cellar"),
                ProblemCode.KEY,
                "'alice' does not have the key of realm 'local-cellar'",
                "On server 'cellar', run `holdfast configure cellar` and `holdfast server reload`, then `holdfast"
                        + " configure alice` on 'alice'");
    }

    @Test
    void oneOfSeveralServersMustBeNamed() {
        install("alice");
        Connections connections = new Connections(machine("alice"), InstantSource.system(), "test");

        assertProblem(
                () -> connections.serverFor(Optional.empty()), ProblemCode.USAGE, "attic, cellar", "--server NAME");
        assertThat(connections.serverFor(Optional.of("cellar")).port()).isEqualTo(10023);
        assertProblem(
                () -> connections.serverFor(Optional.of("atic")), ProblemCode.NOT_FOUND, "no server 'atic'", "'attic'");
    }

    @Test
    void aServerWithoutPinnedKeyIsNotCalled() {
        install("alice");
        Connections connections = new Connections(machine("alice"), InstantSource.system(), "test");

        assertProblem(
                () -> connections.connect("cellar"),
                ProblemCode.KEY,
                "no host key of server 'cellar'",
                "`holdfast keygen cellar`");
    }

    @Test
    void aServerThatDoesNotAnswerIsUnreachable() {
        install("alice");
        Configuration nobodyListens = configuration(TWO_SERVERS.replace("10022", "1"));
        Machine alice = Machine.open(nobodyListens, Identity.named("alice", nobodyListens), state);

        assertProblem(
                () -> new Connections(alice, InstantSource.system(), "test").connect("attic"),
                ProblemCode.UNREACHABLE,
                "cannot reach server 'attic' at 127.0.0.1:1",
                "holdfast server run");
    }

    @Test
    void privateFilesThatOthersCanReadAreRefused() throws IOException {
        install("alice");
        Path ssh = state.resolve("alice/keys/machines/alice/ssh");
        Files.setPosixFilePermissions(ssh, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));

        assertProblem(() -> machine("alice").secrets(), ProblemCode.KEY, "others may use " + ssh, "chmod 600");
    }

    @Test
    void severalMachinesShareOneStateDirectory() {
        install("bob");
        install("alice");

        assertThat(StateFolder.installed(state)).containsExactly("alice", "bob");
    }
}
