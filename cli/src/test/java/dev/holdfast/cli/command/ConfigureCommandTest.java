package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.launch.ProgramRun;
import dev.holdfast.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigureCommandTest {
    private static final String PASSPHRASE = "correct horse battery";

    @TempDir
    Path folder;

    private SetupSite site;

    @BeforeEach
    void writeConfiguration() throws IOException {
        site = new SetupSite(folder);
    }

    private ProgramRun typing(String... lines) {
        return site.program()
                .on(new Terminal.Shape(true, false, false, 80, false))
                .answering(lines);
    }

    @Test
    void installsOwnKeysAndNobodyElsesSecrets() throws IOException {
        site.run("keygen", "--all");

        ProgramRun run = site.run("configure", "alice");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("server 'attic' is known by host key SHA256:");
        assertThat(site.state("alice/keys/machines/alice/ssh")).exists();
        assertThat(site.state("alice/keys/machines/bob/ssh.pub")).exists();
        assertThat(site.state("alice/keys/machines/bob/ssh")).doesNotExist();
        assertThat(site.state("alice/keys/machines/attic/seal")).doesNotExist();
        assertThat(site.state("alice/keys/realms/default.keyring")).exists();
        assertThat(SetupSite.mode(site.state("alice"))).isEqualTo("rwx------");
        assertThat(folder.resolve(".holdfast_identity")).hasContent("alice\n");
    }

    @Test
    void besideAFileOfPrivateersOurOwnIsWrittenToo() throws IOException {
        site.run("keygen", "--all");
        Files.writeString(folder.resolve(".privateer_identity"), "alice\n");

        assertThat(site.run("configure", "alice").err()).doesNotContain("until now");
        assertThat(folder.resolve(".holdfast_identity")).hasContent("alice\n");

        ProgramRun bob = site.run("configure", "bob");
        assertThat(bob.err()).contains("said 'alice' until now");
        assertThat(folder.resolve(".holdfast_identity")).hasContent("bob\n");
        assertThat(folder.resolve(".privateer_identity")).hasContent("alice\n");
    }

    @Test
    void identityStaysUnwrittenWhenAsked() {
        site.run("keygen", "--all");

        assertThat(site.run("configure", "alice", "--no-identity").exitCode()).isZero();
        assertThat(folder.resolve(".holdfast_identity")).doesNotExist();
    }

    @Test
    void anUnknownNameIsRefusedWithASuggestion() {
        site.run("keygen", "--all");

        ProgramRun run = site.run("configure", "atic");

        assertThat(run.exitCode()).isEqualTo(10);
        assertThat(run.err()).contains("no machine 'atic'").contains("'attic'");
        assertThat(folder.resolve("state")).doesNotExist();
    }

    @Test
    void withoutAKeyStoreItSaysHowToGetOne() {
        ProgramRun run = site.run("configure", "alice");

        assertThat(run.exitCode()).isEqualTo(12);
        assertThat(run.err())
                .contains("no key store at")
                .contains("holdfast keygen --all")
                .contains("--bundle");
    }

    @Test
    void machinesWithoutKeysAreLeftOutAndSaid() {
        site.run("keygen", "alice");

        ProgramRun run = site.run("configure", "alice");

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("no keys yet for attic, bob");
    }

    @Test
    void runAgainItBringsWhatHasChanged() throws IOException {
        site.setUp();
        site.run("keygen", "--rotate", "attic");
        assertThat(site.run("--as", "alice", "check").out()).contains("installed is not as in");

        site.run("configure", "alice");

        assertThat(Files.readString(site.state("alice/keys/machines/attic/ssh.pub")))
                .isEqualTo(Files.readString(folder.resolve("keys/machines/attic/ssh.pub")));
        assertThat(site.run("--as", "alice", "check").exitCode()).isZero();
    }

    @Test
    void privateKeysTakenOutOfTheStoreStayOnTheirMachine() throws IOException {
        site.setUp();
        Files.delete(folder.resolve("keys/machines/alice/ssh"));
        Files.delete(folder.resolve("keys/machines/alice/seal"));

        assertThat(site.run("configure", "alice").exitCode()).isZero();
        assertThat(site.run("check").exitCode()).isZero();
    }

    @Test
    void aBundleBringsEverythingToAHostWithoutTheKeyStore() throws IOException {
        ProgramRun made = typing(PASSPHRASE, PASSPHRASE).run("keygen", "alice", "--bundle", "alice.bundle");
        assertThat(made.exitCode()).isZero();
        assertThat(SetupSite.mode(folder.resolve("alice.bundle"))).isEqualTo("rw-------");
        Files.move(folder.resolve("keys"), folder.resolve("elsewhere"));

        ProgramRun wrong = typing("wrong passphrase").run("configure", "alice", "--bundle", "alice.bundle");
        assertThat(wrong.exitCode()).isEqualTo(12);
        assertThat(wrong.err()).contains("[HF-KEY]");
        assertThat(folder.resolve("state")).doesNotExist();

        ProgramRun notMine = typing(PASSPHRASE).run("configure", "bob", "--bundle", "alice.bundle");
        assertThat(notMine.exitCode()).isEqualTo(12);
        assertThat(notMine.err()).contains("for machine 'alice', not for 'bob'");

        Path pass = Files.writeString(folder.resolve("pass"), PASSPHRASE + "\n");
        SetupSite.widen(pass);
        ProgramRun wide = site.run("configure", "alice", "--bundle", "alice.bundle", "--passphrase-file", "pass");
        assertThat(wide.exitCode()).isEqualTo(12);
        assertThat(wide.err())
                .contains("others may use the passphrase file " + pass)
                .contains("Run `chmod 600 '" + pass + "'`");
        assertThat(folder.resolve("state")).doesNotExist();

        SetupSite.narrow(pass);
        ProgramRun right = site.run("configure", "alice", "--bundle", "alice.bundle", "--passphrase-file", "pass");
        assertThat(right.exitCode()).isZero();
        assertThat(right.err()).doesNotContain("WARNING");
        assertThat(site.run("check").out()).contains("realm default").contains("its key opens");
    }

    @Test
    void aBundleThatOthersMayReadIsTakenWithAWarning() throws IOException {
        typing(PASSPHRASE, PASSPHRASE).run("keygen", "alice", "--bundle", "alice.bundle");
        SetupSite.widen(folder.resolve("alice.bundle"));

        ProgramRun run = typing(PASSPHRASE).run("configure", "alice", "--bundle", "alice.bundle");

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("WARNING: others may use the bundle " + folder.resolve("alice.bundle"));
    }

    @Test
    void passphrasesThatDifferOrAreShortLeaveNothingBehind() {
        ProgramRun differ = typing(PASSPHRASE, PASSPHRASE + "!").run("keygen", "alice", "--bundle", "b");
        assertThat(differ.exitCode()).isEqualTo(2);
        assertThat(differ.err()).contains("differ");

        ProgramRun brief = typing("secret", "secret").run("keygen", "alice", "--bundle", "b");
        assertThat(brief.exitCode()).isEqualTo(2);
        assertThat(brief.err()).contains("shorter than 8");

        assertThat(site.run("keygen", "alice", "--bundle", "b").err()).contains("no passphrase was given");
        assertThat(folder.resolve("keys")).doesNotExist();
        assertThat(folder.resolve("b")).doesNotExist();
    }

    @Test
    void aCommandMayGiveThePassphrase() {
        ProgramRun made = site.program()
                .with("HOLDFAST_PASSPHRASE_COMMAND", "echo correct horse battery; echo more")
                .run("keygen", "alice", "--bundle", "b");
        assertThat(made.exitCode()).isZero();
        assertThat(typing(PASSPHRASE).run("configure", "alice", "--bundle", "b").exitCode())
                .isZero();

        ProgramRun fails = site.program()
                .with("HOLDFAST_PASSPHRASE_COMMAND", "echo secret words; exit 3")
                .run("keygen", "alice", "--bundle", "c");
        assertThat(fails.exitCode()).isEqualTo(1);
        assertThat(fails.err())
                .contains("ended with code 3")
                .contains("HOLDFAST_PASSPHRASE_COMMAND")
                .doesNotContain("secret words");
    }

    @Test
    void aCheckCodeIsOnlyForAHostWithoutAKeyStore() {
        site.run("keygen", "--all");
        ProgramRun run = site.run("configure", "alice", "--renewed", "0000-0000-0000-0000");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--renewed is for a client that has keys and no key store");
    }
}
