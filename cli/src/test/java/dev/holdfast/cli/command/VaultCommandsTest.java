package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.launch.ProgramRun;
import dev.holdfast.cli.terminal.Terminal;
import dev.holdfast.keys.vault.VaultStub;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands about keys where the configuration names a Vault; the Vault is a stub, since no real one can be had here. */
final class VaultCommandsTest {
    @TempDir
    Path folder;

    private SetupSite site;

    @BeforeEach
    void writeConfiguration() throws IOException {
        site = new SetupSite(folder);
    }

    private VaultStub vault(int version, String more) throws IOException {
        VaultStub stub = VaultStub.start(version);
        Path file = folder.resolve("holdfast.yaml");
        Files.writeString(
                file,
                Files.readString(file) + "vault: { url: '" + stub.url() + "', prefix: /secret/ship/privateer" + more
                        + " }\n");
        return stub;
    }

    private ProgramRun withToken(String... args) {
        return site.program().with("VAULT_TOKEN", VaultStub.ROOT).run(args);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void theRunbookOfPrivateerWorksOverItsOwnVault(int version) throws IOException {
        try (VaultStub stub = vault(version, "")) {
            stub.plant("ship/privateer/alice", Map.of("public", "ssh-rsa AAAA", "private", "PEM"));

            ProgramRun all = withToken("keygen", "--all");
            assertThat(all.err()).contains("key store: the Vault at " + stub.url() + ", secret/ship/privateer");
            assertThat(all.exitCode()).isZero();
            assertThat(all.out())
                    .contains("RECOVERY KEY")
                    .containsPattern("kept +privateer's RSA pair of machine 'alice', for privateer alone")
                    .containsPattern("made +keys of machine 'alice'");
            assertThat(folder.resolve("keys")).doesNotExist();
            assertThat(stub.fields("ship/privateer/alice")).hasSize(6);
            assertThat(stub.fields("ship/privateer/bob")).hasSize(4);
            assertThat(withToken("keygen", "bob").err()).contains("nothing was missing");

            ProgramRun configure = withToken("configure", "alice");
            assertThat(configure.exitCode()).isZero();
            assertThat(configure.out()).contains("server 'attic' is known by host key SHA256:");
            assertThat(site.state("alice/keys/machines/alice/ssh")).exists();
            assertThat(site.state("alice/keys/machines/bob/ssh")).doesNotExist();
            assertThat(withToken("configure", "attic", "--no-identity").exitCode())
                    .isZero();

            ProgramRun check = withToken("--as", "alice", "check");
            assertThat(check.out()).contains("what is installed is as in the Vault at " + stub.url());
            withToken("keygen", "--rotate", "alice");
            assertThat(stub.fields("ship/privateer/alice")).hasSize(4);
            assertThat(withToken("--as", "alice", "check").out()).contains("installed is not as in the Vault");
            assertThat(all.out() + all.err() + check.out() + configure.err()).doesNotContain(VaultStub.ROOT);
        }
    }

    @Test
    void theRecoveryKeyIsComparedWithTheVault() throws IOException {
        try (VaultStub stub = vault(2, "")) {
            String code = SetupSite.codeIn(withToken("keygen", "--all").out());

            ProgramRun right = site.program()
                    .with("VAULT_TOKEN", VaultStub.ROOT)
                    .answering(code.split("\n"))
                    .run("recovery-key", "check");

            assertThat(right.exitCode()).isZero();
            assertThat(right.out()).contains("is right").contains("default");
            assertThat(stub.requests()).isNotEmpty();
        }
    }

    @Test
    void aPersonIsAskedForTheTokenAndAScriptIsToldHowToGiveIt() throws IOException {
        try (VaultStub stub = vault(2, "")) {
            ProgramRun script = site.run("keygen", "--all");
            assertThat(script.exitCode()).isEqualTo(12);
            assertThat(script.err())
                    .contains("no token for the Vault at " + stub.url())
                    .contains("VAULT_TOKEN");

            ProgramRun person = site.program().answering(VaultStub.GITHUB).run("keygen", "alice", "--dry-run");
            assertThat(person.exitCode()).isZero();
            assertThat(stub.tokens())
                    .as("the one that was made by the login is gone")
                    .containsExactly(VaultStub.ROOT);
        }
    }

    @Test
    void anAppRoleOfTheConfigurationAndOneOfTheEnvironmentLogIn() throws IOException {
        try (VaultStub stub = vault(2, ", role_id: " + VaultStub.ROLE + ", secret_id: $SECRET_OF_MINE")) {
            ProgramRun run =
                    site.program().with("SECRET_OF_MINE", VaultStub.SECRET).run("keygen", "--all");
            assertThat(run.exitCode()).isZero();
            assertThat(stub.requests()).contains("POST /v1/auth/approle/login");
            ProgramRun shown = site.run("config", "show");
            assertThat(shown.out()).contains("vault.role_id").doesNotContain(VaultStub.ROLE);
        }
    }

    @Test
    void whatIsInstalledGoesOnWorkingWithoutTheVault() throws IOException {
        try (VaultStub stub = vault(2, "")) {
            withToken("keygen", "--all");
            withToken("configure", "alice");
            stub.seal(true);
            ProgramRun check = withToken("--as", "alice", "check");
            assertThat(check.exitCode()).isZero();
            assertThat(check.out()).containsPattern("warning +key store +the Vault at .* is sealed");
            ProgramRun keygen = withToken("keygen", "--all");
            assertThat(keygen.exitCode()).isEqualTo(13);
            assertThat(keygen.err()).contains("is sealed  [HF-UNREACHABLE]").contains("unseal");
        }
        assertThat(site.run("--as", "alice", "check").out()).contains("no token is at hand");
    }

    @Test
    void whoMayNotIsToldWhichPolicyIsMissing() throws IOException {
        try (VaultStub stub = vault(2, "")) {
            withToken("keygen", "--all");
            stub.allow("hvs.alice", "sys/internal", "secret/data/ship/privateer/alice");
            ProgramRun run = site.program().with("VAULT_TOKEN", "hvs.alice").run("configure", "alice");
            assertThat(run.exitCode()).isEqualTo(12);
            assertThat(run.err()).contains("[HF-DENIED]").contains("path \"secret/data/ship/privateer/attic\"");
        }
    }

    @Test
    void aFolderOfKeysBesideTheVaultIsSaidNotToBeUsed() throws IOException {
        site.run("keygen", "--all");
        try (VaultStub stub = vault(2, "")) {
            ProgramRun run = withToken("keygen", "alice");
            assertThat(run.err()).contains("note: keys are in the Vault of the configuration, not in ");
            assertThat(stub.fields("ship/privateer/alice")).hasSize(4);
        }
    }

    @Test
    void aServerGoesByWhatWasInstalledAndNotByAFolderLeftOver() throws IOException {
        site.run("keygen", "--all");
        try (VaultStub stub = vault(2, "")) {
            withToken("keygen", "--all");
            String state = folder.resolve("xdg/holdfast").toString();
            withToken("configure", "attic", "--state", state);
            assertThat(stub.requests()).isNotEmpty();
        }
        Map<String, String> environment =
                Map.of("XDG_STATE_HOME", folder.resolve("xdg").toString());
        Session session = new Session(
                new Terminal(
                        OutputStream.nullOutputStream(),
                        OutputStream.nullOutputStream(),
                        new Nobody(),
                        Terminal.Shape.PIPES),
                new Surroundings(environment, folder, folder, false),
                InstantSource.system(),
                new SecureRandom());

        assertThat(ThisServer.setup(session).keyStore())
                .isDirectory()
                .isEqualTo(folder.resolve("xdg/holdfast/attic/keys"));
    }

    private static final class Nobody implements Terminal.Keyboard {
        @Override
        public Optional<String> line(String prompt) {
            return Optional.empty();
        }

        @Override
        public Optional<char[]> secret(String prompt) {
            return Optional.empty();
        }
    }
}
