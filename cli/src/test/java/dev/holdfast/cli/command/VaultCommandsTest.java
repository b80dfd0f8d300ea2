package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.launch.ProgramRun;
import dev.holdfast.cli.terminal.Terminal;
import dev.holdfast.keys.machine.PrivateerPair;
import dev.holdfast.keys.vault.VaultStub;
import dev.holdfast.server.daemon.BackupServer;
import dev.holdfast.server.daemon.ServerSetup;
import dev.holdfast.server.local.LocalAgent;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
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
            PrivateerPair pair = PrivateerPair.make();
            stub.plant("ship/privateer/alice", pair.fields());

            ProgramRun all = withToken("keygen", "--all");
            assertThat(all.err()).contains("key store: the Vault at " + stub.url() + ", secret/ship/privateer");
            assertThat(all.exitCode()).isZero();
            assertThat(all.out())
                    .contains("RECOVERY KEY")
                    .containsPattern("made +sealing key of machine 'alice'")
                    .containsPattern(
                            "kept +RSA pair of privateer as the SSH key of machine 'alice'; `keygen --rotate alice`")
                    .containsPattern("made +keys of machine 'bob'");
            assertThat(folder.resolve("keys")).doesNotExist();
            assertThat(all.err()).doesNotContain("shut out");
            assertThat(stub.fields("ship/privateer/alice")).hasSize(4);
            assertThat(stub.fields("ship/privateer/bob")).hasSize(4);
            assertThat(withToken("keygen", "bob").err()).contains("nothing was missing");

            ProgramRun configure = withToken("configure", "alice");
            assertThat(configure.exitCode()).isZero();
            assertThat(configure.out()).contains("server 'attic' is known by host key SHA256:");
            Path installed = site.state("alice/keys/machines/alice/ssh");
            assertThat(installed).hasBinaryContent(pair.privateFile());
            assertThat(Files.getPosixFilePermissions(installed))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThat(configure.err() + configure.out()).doesNotContain("RSA");
            assertThat(site.state("alice/keys/machines/bob/ssh")).doesNotExist();
            assertThat(withToken("configure", "attic", "--no-identity").exitCode())
                    .isZero();

            ProgramRun check = withToken("--as", "alice", "check");
            assertThat(check.out())
                    .contains("what is installed is as in the Vault at " + stub.url())
                    .containsPattern("warning +ssh key +still the RSA pair of privateer")
                    .contains("`holdfast keygen --rotate alice`");
            assertThat(withToken("--as", "attic", "check").out()).doesNotContain("RSA");
            withToken("keygen", "--rotate", "alice");
            assertThat(stub.fields("ship/privateer/alice")).hasSize(4);
            assertThat(withToken("--as", "alice", "check").out()).contains("installed is not as in the Vault");
            withToken("configure", "alice");
            assertThat(withToken("--as", "alice", "check").out()).doesNotContain("RSA");
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

            assertThat(site.program()
                            .with("VAULT_ROLE_ID", "r")
                            .run("keygen", "--all")
                            .err())
                    .contains(stub.url() + ": VAULT_ROLE_ID is set, but VAULT_SECRET_ID is not");

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
        Files.delete(site.state("alice/keys/machines/alice/seal"));
        assertThat(site.run("--as", "alice", "check").out())
                .as("a host without a token may have joined by an invitation")
                .contains("set VAULT_TOKEN and run `holdfast configure alice`", "server invite alice --replace")
                .doesNotContain("keygen --all");
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
    void aRecoveryKeyThatCouldNotBeWrittenIsSaidToBeVoid() throws IOException {
        try (VaultStub stub = vault(2, "")) {
            stub.allowReading("hvs.reader");
            ProgramRun person = site.program().with("VAULT_TOKEN", "hvs.reader").run("keygen", "--all");
            assertThat(person.exitCode()).isEqualTo(12);
            assertThat(person.out()).contains("RECOVERY KEY. It is shown now", "THE RECOVERY KEY above IS VOID");
            assertThat(person.err())
                    .containsOnlyOnce("VOID")
                    .contains("WARNING: THE RECOVERY KEY above IS VOID", "Throw that paper", "[HF-DENIED]");
            ProgramRun onScreen = site.program()
                    .with("VAULT_TOKEN", "hvs.reader")
                    .on(new Terminal.Shape(false, true, true, 100, false))
                    .run("keygen", "--all");
            assertThat(onScreen.out()).contains("RECOVERY KEY. It is shown now").doesNotContain("VOID");
            assertThat(onScreen.err()).containsOnlyOnce("VOID");
            ProgramRun intoFile =
                    site.program().with("VAULT_TOKEN", "hvs.reader").run("keygen", "--all", "--recovery-out", "sheet");
            assertThat(intoFile.out()).isEmpty();
            assertThat(intoFile.err())
                    .containsOnlyOnce("THE RECOVERY KEY in sheet IS VOID")
                    .contains("The file is removed");
            assertThat(folder.resolve("sheet")).doesNotExist();

            ProgramRun program = site.program()
                    .with("VAULT_TOKEN", "hvs.reader")
                    .run("keygen", "--all", "--json", "--quiet", "--recovery-out", "paper");
            assertThat(program.out())
                    .contains(
                            "\"recovery_key_worth\"", "\"void\":true", "\"removed\":true", "THE RECOVERY KEY in paper");
            assertThat(program.err()).contains("THE RECOVERY KEY in paper IS VOID");
        }
    }

    @Test
    void aRecoveryKeyThatWasWrittenBeforeTheFailureIsToBeKept() throws IOException {
        try (VaultStub stub = vault(2, "")) {
            stub.allow("hvs.half", "sys/internal", "secret/data/ship/privateer/holdfast/recovery");
            stub.allowReading("hvs.half");
            ProgramRun run = site.program().with("VAULT_TOKEN", "hvs.half").run("keygen", "--all");
            assertThat(run.exitCode()).isEqualTo(12);
            assertThat(run.err())
                    .contains("THE RECOVERY KEY above COUNTS", "Keep the paper", "[HF-DENIED]")
                    .doesNotContain("VOID");
            assertThat(stub.fields("ship/privateer/holdfast/recovery")).hasSize(1);
        }
    }

    @Test
    void aMistypedPrefixIsSuspectedBeforeMissingKeys() throws IOException {
        try (VaultStub stub = vault(2, "")) {
            withToken("keygen", "--all");
            withToken("configure", "alice");
            Path file = folder.resolve("holdfast.yaml");
            Files.writeString(file, Files.readString(file).replace("/secret/ship/privateer", "/secret/ship/other"));
            ProgramRun run = withToken("configure", "alice");
            assertThat(run.exitCode()).isEqualTo(12);
            assertThat(run.err())
                    .contains("there is no secret 'secret/ship/other/alice' in the Vault at " + stub.url())
                    .contains("Look at `vault.prefix` of the configuration first");
        }
    }

    @Test
    void aHostWithKeysAndNoTokenAsksTheServersForRenewedKeys() throws IOException {
        try (VaultStub stub = vault(2, "")) {
            withToken("keygen", "--all");
            withToken("configure", "alice");

            ProgramRun closed = site.run("configure", "alice");
            assertThat(closed.err())
                    .contains("note: no token for the Vault at " + stub.url(), "server 'attic' was not asked")
                    .contains("VAULT_ROLE_ID and VAULT_SECRET_ID; on a terminal you are asked");
            assertThat(site.program()
                            .with("VAULT_ROLE_ID", "r")
                            .run("configure", "alice")
                            .err())
                    .contains(": VAULT_ROLE_ID is set, but VAULT_SECRET_ID is not, so servers are asked");
            ProgramRun renewed = withToken("configure", "alice", "--renewed", "0000-0000-0000-0000");
            assertThat(renewed.err()).contains("server 'attic' was not asked").doesNotContain("--renewed is for");
            assertThat(withToken("configure", "alice").exitCode()).isZero();
        }
    }

    @Test
    void aHostComesByTheNewHostKeyOfAServerWhenAPersonTypesTheToken() throws IOException {
        try (VaultStub stub = vault(2, "")) {
            withToken("keygen", "--all");
            withToken("configure", "alice", "--no-identity");
            withToken("keygen", "--rotate", "attic");
            withToken("configure", "attic", "--no-identity");
            String[] configure = {"configure", "alice", "--no-identity"};
            try (BackupServer server = server()) {
                assertThat(server.port()).isPositive();
                assertThat(site.run("--as", "alice", "snapshots").err())
                        .contains(
                                "[HF-HOST-KEY]", "run `holdfast configure alice` here (with VAULT_TOKEN), which pins");
                ProgramRun script = site.run(configure);
                assertThat(script.exitCode()).isEqualTo(12);
                assertThat(script.err())
                        .contains("note: no token for the Vault at " + stub.url() + ", so servers are asked")
                        .contains("[HF-HOST-KEY]", "hint: Set VAULT_TOKEN", "All keys then come from the Vault");
                assertThat(site.program().answering("").run(configure).err())
                        .as("an empty answer means the servers")
                        .contains("so servers are asked", "[HF-HOST-KEY]");

                ProgramRun person = site.program().answering(VaultStub.ROOT).run(configure);

                assertThat(person.exitCode()).isZero();
                assertThat(person.err()).doesNotContain("servers are asked", VaultStub.ROOT);
                assertThat(site.run("--as", "alice", "snapshots").exitCode()).isZero();
            }
        }
    }

    @Test
    void aHostWithKeysIsToldWhichVariableIsNotSet() throws IOException {
        try (VaultStub stub = vault(2, ", token: $MYTOK")) {
            site.program().with("MYTOK", VaultStub.ROOT).run("keygen", "--all");
            site.program().with("MYTOK", VaultStub.ROOT).run("configure", "alice");

            ProgramRun run = withToken("configure", "alice");

            assertThat(run.exitCode()).isNotZero();
            assertThat(run.err())
                    .contains("note: environment variable MYTOK, which vault.token names, is not set, so servers")
                    .contains("Run `export MYTOK=...` first")
                    .doesNotContain(stub.url().toString());
        }
    }

    private BackupServer server() {
        return BackupServer.start(new ServerSetup(
                "attic",
                folder.resolve("holdfast.yaml"),
                site.state("attic/keys"),
                site.state("attic/keys"),
                folder.resolve("store"),
                site.state("attic"),
                InstantSource.system(),
                new SecureRandom(),
                "holdfast test",
                Map.of(),
                LocalAgent.NONE));
    }

    @Test
    void whoInvitesWithoutATokenIsToldOfTheTokenFirst() throws IOException {
        try (VaultStub stub = vault(2, "")) {
            withToken("keygen", "attic");
            withToken("keygen", "bob");
            withToken("configure", "attic", "--no-identity");
            ProgramRun run = site.run("--as", "attic", "server", "invite", "alice");
            assertThat(run.exitCode()).isEqualTo(12);
            assertThat(run.err())
                    .contains("nothing on this machine opens the key of realm 'default'")
                    .contains("there is no token for the Vault at " + stub.url(), "hint: Set VAULT_TOKEN");
        }
    }

    @Test
    void anInvitationBringsTheKeyOfVolumesOnAnotherServerFromTheVault() throws IOException {
        try (VaultStub stub = vault(2, "")) {
            Path file = folder.resolve("holdfast.yaml");
            Files.writeString(
                    file,
                    Files.readString(file)
                            .replace("alice, backup: [photos]", "alice, backup: [photos], restore: [annex/dumps]")
                            .replace(
                                    "clients:",
                                    "  - {name: annex, hostname: annex.example, port: 1, data: other}\nclients:")
                            .replace("vault:", "  - {name: dumps, path: photos, local: true}\nvault:"));
            String[] paper =
                    SetupSite.codeIn(withToken("keygen", "attic").out()).split("\n");
            withToken("keygen", "annex");
            withToken("keygen", "bob");
            withToken("configure", "attic", "--no-identity");
            String[] invite = {"--as", "attic", "server", "invite", "alice"};

            ProgramRun bySecrets = withToken(invite);
            assertThat(bySecrets.exitCode()).isZero();
            assertThat(bySecrets.err()).doesNotContain("local-annex");

            String[] byPaper = {"--as", "attic", "server", "invite", "alice", "--recovery"};
            ProgramRun withoutToken = site.program().answering(paper).run(byPaper);
            assertThat(withoutToken.exitCode()).isZero();
            assertThat(withoutToken.err())
                    .contains("its keyring is in the Vault at " + stub.url() + ", for which there is no token")
                    .contains("run `holdfast configure annex` (with VAULT_TOKEN) and `holdfast server reload`")
                    .doesNotContain("keygen --all");

            ProgramRun both = site.program()
                    .with("VAULT_TOKEN", VaultStub.ROOT)
                    .answering(paper)
                    .run(byPaper);
            assertThat(both.exitCode()).isZero();
            assertThat(both.err()).doesNotContain("local-annex");
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
                        Terminal.Keyboard.NOBODY,
                        Terminal.Shape.PIPES),
                new Surroundings(environment, folder, folder, false),
                InstantSource.system(),
                new SecureRandom());

        assertThat(ThisServer.setup(session).keyStore())
                .isDirectory()
                .isEqualTo(folder.resolve("xdg/holdfast/attic/keys"));
    }
}
