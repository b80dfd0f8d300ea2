package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.launch.ProgramRun;
import dev.holdfast.cli.terminal.Terminal;
import dev.holdfast.keys.machine.Ed25519PublicKey;
import dev.holdfast.keys.machine.MachineKeys;
import dev.holdfast.keys.machine.MachinePublicKeys;
import dev.holdfast.server.join.Admission;
import dev.holdfast.server.join.Invitation;
import dev.holdfast.server.join.Invitations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeygenCommandTest {
    @TempDir
    Path folder;

    private SetupSite site;

    @BeforeEach
    void writeConfiguration() throws IOException {
        site = new SetupSite(folder);
    }

    private Path key(String path) {
        return folder.resolve("keys").resolve(path);
    }

    @Test
    void allMachinesGetKeysAndTheRecoveryKeyIsShown() throws IOException {
        ProgramRun run = site.run("keygen", "--all");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("RECOVERY KEY")
                .contains("Write it on paper")
                .contains("keys of machine 'attic'")
                .contains("key of realm 'default' for machine 'alice'")
                .contains("for the recovery key");
        assertThat(key("machines/alice/ssh")).exists();
        assertThat(SetupSite.mode(key("machines/alice/seal"))).isEqualTo("rw-------");
        assertThat(SetupSite.mode(key("machines/alice"))).isEqualTo("rwx------");
    }

    @Test
    void aPersonIsAskedAndAScriptWarnedBeforeFirstKeysWhereSomebodyMayHaveJoinedElsewhere() throws IOException {
        assertThat(site.run("keygen", "attic").err()).doesNotContain("first keys");
        String danger = "first keys for alice shut out a host that has joined by an invitation";

        ProgramRun dry = site.run("keygen", "alice", "--dry-run");
        assertThat(dry.exitCode()).isZero();
        assertThat(dry.err()).contains("note: " + danger, "on the machine of server attic", "--replace");

        ProgramRun no = site.program().answering("n").run("keygen", "alice");
        assertThat(no.exitCode()).isEqualTo(130);
        assertThat(no.err()).contains(danger, "cancelled; no keys were made");
        assertThat(key("machines/alice")).doesNotExist();

        assertThat(site.program().answering("y").run("keygen", "alice").exitCode())
                .isZero();
        assertThat(key("machines/alice/ssh")).exists();
        assertThat(site.run("keygen", "alice").err()).doesNotContain("first keys");
        assertThat(site.run("keygen", "--all", "--yes", "--dry-run").err()).doesNotContain("first keys");

        ProgramRun script = site.run("keygen", "--all", "--quiet", "--json");
        assertThat(script.exitCode()).isZero();
        assertThat(script.out()).contains("\"warnings\":[\"first keys for bob shut out");
        assertThat(script.err()).contains("\"warning\"", "first keys for bob shut out", "--replace");
        assertThat(key("machines/bob/ssh")).exists();
        site.configure("restore: [alice/photos]}\n  - {name: carol");
        assertThat(site.run("keygen", "carol", "--quiet").err()).contains("WARNING: first keys for carol shut out");
    }

    @Test
    void firstKeysAreMadeUnaskedWhereWhoeverJoinedIsKnown() {
        site.run("keygen", "attic");
        site.run("configure", "attic", "--no-identity");

        ProgramRun run = site.run("keygen", "bob");

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).doesNotContain("first keys");
    }

    @Test
    void aSecondRunKeepsEverythingAndShowsNoRecoveryKey() throws IOException {
        site.run("keygen", "--all");
        byte[] before = Files.readAllBytes(key("machines/alice/ssh"));

        ProgramRun again = site.run("keygen", "--all");

        assertThat(again.exitCode()).isZero();
        assertThat(again.out())
                .doesNotContain("RECOVERY KEY")
                .doesNotContain("made")
                .contains("kept");
        assertThat(again.err()).contains("nothing was missing");
        assertThat(Files.readAllBytes(key("machines/alice/ssh"))).isEqualTo(before);
    }

    @Test
    void aRealmKeyThatTheKeyStoreHasLostIsNotMadeAnewUnasked() throws IOException {
        site.run("keygen", "--all");
        byte[] lost = Files.readAllBytes(key("realms/default.keyring"));
        Files.delete(key("realms/default.keyring"));
        String danger = "first key for realm default, whose machines have keys already";

        assertThat(site.program().answering("n").run("keygen", "--all").exitCode())
                .isEqualTo(130);
        assertThat(site.run("keygen", "--all", "--dry-run").err()).contains("note: " + danger, "bring that back first");
        assertThat(key("realms/default.keyring")).doesNotExist();
        Files.write(key("realms/default.keyring"), lost);
        site.run("configure", "alice", "--no-identity");
        Files.delete(key("realms/default.keyring"));
        ProgramRun refused = site.run("keygen", "--all", "--yes");
        assertThat(refused.exitCode()).isEqualTo(12);
        assertThat(refused.err()).contains("a new one could not open the backups that there are", "`cp '");
        assertThat(key("realms/default.keyring")).doesNotExist();
        Files.delete(site.state("alice/keys/realms/default.keyring"));
        assertThat(site.run("keygen", "--all", "--quiet").err()).contains("WARNING: " + danger);
        assertThat(key("realms/default.keyring")).exists();
    }

    @Test
    void whatIsInstalledIsNotReplacedByTheKeyOfAnotherKeyStoreOrADamagedOne() throws IOException {
        site.run("keygen", "--all");
        site.run("configure", "alice", "--no-identity");
        Path installed = site.state("alice/keys/realms/default.keyring");
        byte[] good = Files.readAllBytes(installed);
        Files.write(key("realms/default.keyring"), new byte[3]);
        ProgramRun damaged = site.run("configure", "alice", "--no-identity");
        assertThat(damaged.exitCode()).isEqualTo(12);
        assertThat(damaged.err()).contains("keyring is not a keyring (in ");
        Files.delete(key("realms/default.keyring"));
        Files.move(installed, folder.resolve("aside"));
        site.run("keygen", "--all");
        Files.move(folder.resolve("aside"), installed);
        ProgramRun another = site.run("configure", "alice", "--no-identity");
        assertThat(another.exitCode()).isEqualTo(12);
        assertThat(another.err()).contains("is not the one that is installed", "move " + installed + " away");
        assertThat(installed).hasBinaryContent(good);
    }

    @Test
    void machinesMayBeAddedOneByOne() {
        assertThat(site.run("keygen", "alice").exitCode()).isZero();
        ProgramRun bob = site.run("keygen", "bob");

        assertThat(bob.exitCode()).isZero();
        assertThat(bob.out()).containsPattern("wrapped +key of realm 'default' for machine 'bob'");
    }

    @Test
    void aDryRunWritesNothingAndShowsNoSecret() {
        ProgramRun run = site.run("keygen", "--all", "--dry-run");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("keys of machine 'alice'").doesNotContain("1:");
        assertThat(run.err()).contains("nothing was written");
        assertThat(folder.resolve("keys")).doesNotExist();
    }

    @Test
    void rotationReplacesOneMachineAndStartsANewEpoch() throws IOException {
        site.run("keygen", "--all");
        String alice = Files.readString(key("machines/alice/ssh.pub"));
        String bob = Files.readString(key("machines/bob/ssh.pub"));

        ProgramRun run = site.run("keygen", "--rotate", "bob");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .containsPattern("replaced +keys of machine 'bob'")
                .contains("epoch 2")
                .contains("on bob: holdfast configure bob\n", "on alice: holdfast configure alice\n")
                .contains("on attic: holdfast server reload\n")
                .doesNotContain("RECOVERY KEY", "server stop");
        assertThat(site.run("keygen", "--rotate", "attic", "--json").out())
                .contains("\"on bob: holdfast configure bob\"")
                .contains("\"on attic: holdfast server stop, then holdfast server start\"]");
        assertThat(Files.readString(key("machines/alice/ssh.pub"))).isEqualTo(alice);
        assertThat(Files.readString(key("machines/bob/ssh.pub"))).isNotEqualTo(bob);
    }

    @Test
    void theRecoveryKeyGoesIntoAFileOfItsOwnerOrIntoJson() throws IOException {
        ProgramRun toFile = site.run("keygen", "--all", "--recovery-out", "paper.txt");

        assertThat(toFile.out()).doesNotContain("1:");
        assertThat(SetupSite.mode(folder.resolve("paper.txt"))).isEqualTo("rw-------");
        assertThat(SetupSite.codeIn(Files.readString(folder.resolve("paper.txt"))))
                .isNotEmpty();

        ProgramRun toJson = new ProgramRun(folder)
                .run(
                        "keygen",
                        "--all",
                        "--json",
                        "--path",
                        copyOfConfiguration().toString());
        assertThat(toJson.out().lines().findFirst().orElseThrow())
                .startsWith("{\"message_type\":\"recovery_key\",\"recovery_key\":\"1:");
        assertThat(toJson.out()).contains("\"action\":\"made\"");
    }

    @Test
    void aRecoveryKeyThatIsThereAlreadyCannotBeWrittenOut() {
        site.run("keygen", "alice");

        ProgramRun again = site.run("keygen", "--all", "--recovery-out", "paper.txt");

        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err())
                .contains("no recovery key can be written into paper.txt")
                .contains("has one already")
                .contains("holdfast recovery-key check");
        assertThat(folder.resolve("paper.txt")).doesNotExist();
        assertThat(key("machines/bob")).doesNotExist();
    }

    private Path copyOfConfiguration() throws IOException {
        Path other = Files.createDirectories(folder.resolve("other"));
        return Files.copy(folder.resolve("holdfast.yaml"), other.resolve("holdfast.yaml"));
    }

    @Test
    void anExistingFileIsNeverOverwritten() throws IOException {
        Files.writeString(folder.resolve("mine"), "precious");

        for (String option : new String[] {"--recovery-out", "--bundle"}) {
            ProgramRun run = site.run("keygen", "alice", option, "mine");
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("exists already").contains("[HF-FAILED]");
        }
        assertThat(folder.resolve("mine")).hasContent("precious");
        assertThat(folder.resolve("keys")).doesNotExist();
    }

    @Test
    void aPersonWhoLeavesBeforeWritingItDownGetsNoKeys() {
        ProgramRun gone = site.program()
                .on(new Terminal.Shape(true, true, true, 100, false))
                .run("keygen", "--all");

        assertThat(gone.exitCode()).isEqualTo(130);
        assertThat(gone.err()).contains("The recovery key above is VOID");
        assertThat(folder.resolve("keys")).doesNotExist();

        ProgramRun stays = site.program()
                .on(new Terminal.Shape(true, true, true, 100, false))
                .answering("")
                .run("keygen", "--all");
        assertThat(stays.exitCode()).isZero();
        assertThat(key("recovery.pub")).exists();
    }

    @Test
    void whenNobodyCanOpenTheRealmTheRecoveryKeyCan() throws IOException {
        String code = SetupSite.codeIn(site.run("keygen", "alice").out());
        Files.delete(key("machines/alice/seal"));
        Files.delete(key("machines/alice/ssh"));

        ProgramRun alone = site.run("keygen", "bob");
        assertThat(alone.exitCode()).isEqualTo(12);
        assertThat(alone.err()).contains("nobody here can unwrap").contains("--recovery");

        String[] lines = code.split("\n");
        ProgramRun wrong =
                site.program().answering(lines[0].replace("1:", "2:"), lines[0]).run("keygen", "bob", "--recovery");
        assertThat(wrong.exitCode()).isEqualTo(12);

        ProgramRun helped = site.program().answering(lines).run("keygen", "bob", "--recovery");
        assertThat(helped.err()).doesNotContain("error");
        assertThat(helped.exitCode()).isZero();
        assertThat(helped.out()).contains("for machine 'bob'");
    }

    @Test
    void theTypedRecoveryKeyIsCheckedAgainstTheStore() throws IOException {
        String code = SetupSite.codeIn(site.run("keygen", "--all").out());

        ProgramRun right = site.program().answering(code.split("\n")).run("recovery-key", "check");
        assertThat(right.exitCode()).isZero();
        assertThat(right.out()).contains("is right").contains("default");

        String other = SetupSite.codeIn(new ProgramRun(folder)
                .run("keygen", "--all", "--path", copyOfConfiguration().toString())
                .out());
        ProgramRun wrong = site.program().answering(other.split("\n")).run("recovery-key", "check");
        assertThat(wrong.exitCode()).isEqualTo(12);
        assertThat(wrong.err()).contains("not the one of");

        ProgramRun mistyped = site.program().answering("abc").run("recovery-key", "check");
        assertThat(mistyped.exitCode()).isEqualTo(12);
        assertThat(mistyped.err()).contains("group");
    }

    @Test
    void wrongUseIsRefusedBeforeAnythingIsDone() {
        assertThat(site.run("keygen").err()).contains("[HF-USAGE]").contains("holdfast keygen --all");
        assertThat(site.run("keygen", "alice", "--all").exitCode()).isEqualTo(2);
        assertThat(site.run("keygen", "alice", "--rotate", "bob").exitCode()).isEqualTo(2);
        assertThat(site.run("keygen", "--all", "--bundle", "b").exitCode()).isEqualTo(2);
        ProgramRun unknown = site.run("keygen", "alcie");
        assertThat(unknown.exitCode()).isEqualTo(10);
        assertThat(unknown.err()).contains("no machine 'alcie'").contains("'alice'");
        assertThat(folder.resolve("keys")).doesNotExist();
    }

    @Test
    void keysThatOthersCanReadAreRefused() throws IOException {
        site.run("keygen", "--all");
        SetupSite.widen(key("machines/bob/seal"));

        ProgramRun run = site.run("keygen", "--all");

        assertThat(run.exitCode()).isEqualTo(12);
        assertThat(run.err()).contains("others may use").contains("chmod 600");
    }

    @Test
    void anUnreadableKeyOfAFormerMachineIsWarnedOfWhereAnotherServes() throws IOException {
        site.run("keygen", "--all");
        SetupSite.widen(key("machines/alice/seal"));
        site.configure("}\n  - {name: carol");
        Path file = folder.resolve("holdfast.yaml");
        Files.writeString(file, Files.readString(file).replace("  - {name: alice, backup: [photos]}\n", ""));

        ProgramRun run = site.run("keygen", "carol", "--yes", "--json");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("\"warning\"", "machines/alice/seal", "another key served", "chmod 600");
        assertThat(run.out()).contains("\"warnings\":[\"", "for machine 'carol'");

        Files.delete(key("machines/bob/seal"));
        Files.delete(key("machines/carol/seal"));
        SetupSite.widen(key("machines/alice/seal"));
        site.configure("}\n  - {name: carol}\n  - {name: dave");
        ProgramRun alone = site.run("keygen", "dave", "--yes");
        assertThat(alone.exitCode()).as("no other key opens the realm").isEqualTo(12);
        assertThat(alone.err()).contains("error: others may use", "chmod 600");
        assertThat(key("machines/dave")).doesNotExist();
    }

    @Test
    void hostsThatAreTakenOverInTheSameRunAreNotSaidToBeShutOut() throws IOException {
        Path file = folder.resolve("holdfast.yaml");
        Files.writeString(
                file,
                Files.readString(file)
                        .replace(
                                "clients:",
                                "  - {name: annex, hostname: annex.example, port: 1, data: other}\nclients:"));
        site.run("keygen", "attic");
        site.run("keygen", "annex");
        site.run("configure", "attic", "--no-identity");
        join("alice");

        ProgramRun run = site.run("keygen", "--all");

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("first keys for bob shut out");
        assertThat(run.out()).contains("public keys of machine 'alice', which joined by an invitation");
    }

    private void join(String name) {
        InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-20T12:00:00Z"));
        Invitations invitations = Invitations.in(site.state("attic"), clock);
        SecureRandom random = new SecureRandom();
        try (MachineKeys code = MachineKeys.generate("code", random);
                MachineKeys own = MachineKeys.generate(name, random)) {
            Ed25519PublicKey login = Ed25519PublicKey.require(code.publicKeys().ssh());
            invitations.add(
                    new Invitation.Guest(name, Map.of("default", 1), Optional.empty()),
                    login,
                    Duration.ofHours(1),
                    "holdfast-welcome-v1\n");
            invitations.join(login, own.publicKeys(), new Admission() {
                @Override
                public void require(Invitation.Guest guest, MachinePublicKeys keys) {
                    // Everybody may.
                }

                @Override
                public void joined(String machine) {
                    // Nothing has to follow.
                }
            });
        }
    }
}
