package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.launch.ProgramRun;
import dev.holdfast.server.daemon.BackupServer;
import dev.holdfast.server.daemon.ServerSetup;
import dev.holdfast.server.local.LocalAgent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckCommandTest {
    @TempDir
    Path folder;

    private SetupSite site;

    @BeforeEach
    void writeConfiguration() throws IOException {
        site = new SetupSite(folder);
    }

    private ProgramRun check(String name, String... more) {
        ProgramRun run = site.program().at(InstantSource.system());
        String[] args = new String[more.length + 3];
        args[0] = "check";
        args[1] = "--as";
        args[2] = name;
        System.arraycopy(more, 0, args, 3, more.length);
        return run.run(args);
    }

    private BackupServer server() {
        return BackupServer.start(new ServerSetup(
                "attic",
                folder.resolve("holdfast.yaml"),
                folder.resolve("keys"),
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
    void aMachineThatIsSetUpIsWell() {
        site.setUp();

        ProgramRun run = check("alice");

        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains("1 server, 2 clients, 1 volume\n")
                .containsPattern("ok +identity +alice \\(--as or HOLDFAST_AS\\)")
                .containsPattern("ok +permissions")
                .containsPattern("ok +keys +private and public keys belong together")
                .containsPattern("ok +realm default +its key opens, epoch 1")
                .containsPattern("ok +host key attic +SHA256:")
                .containsPattern("ok +volume photos +.*can be read")
                .endsWith("all is well\n");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void aServerIsCheckedForItsDataFolder() {
        site.setUp();

        ProgramRun run = check("attic", "--connection");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .containsPattern("ok +data +.*store will be created")
                .containsPattern("space +.* free")
                .contains("it calls nobody");
    }

    @Test
    void aMachineThatIsNotConfiguredFailsWithWhatToRun() {
        site.run("keygen", "--all");

        ProgramRun run = check("alice");

        assertThat(run.exitCode()).isEqualTo(12);
        assertThat(run.out())
                .containsPattern("failed +identity +machine 'alice' is not configured here.*\\[HF-KEY\\]")
                .contains("hint: Run `holdfast configure alice`")
                .endsWith("1 failed, 0 to look at\n");
    }

    @Test
    void unrestrictedRestoreIsAWarning() throws IOException {
        site.configure("");
        site.setUp();

        ProgramRun run = check("alice");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .containsPattern("warning +configuration .*every host may restore every volume")
                .endsWith("0 failed, 1 to look at\n");
    }

    @Test
    void keysThatOthersCanReadFail() throws IOException {
        site.setUp();
        SetupSite.widen(site.state("alice/keys/machines/alice/ssh"));

        ProgramRun run = check("alice");

        assertThat(run.exitCode()).isEqualTo(12);
        assertThat(run.out())
                .containsPattern("failed +permissions +others may use")
                .contains("chmod go= ");
    }

    @Test
    void aStateFolderThatOthersCanExchangeFailsHereAndEverywhere() throws IOException {
        site.setUp();
        Files.setAttribute(site.state(""), "unix:mode", 0777);

        ProgramRun run = check("alice");
        assertThat(run.exitCode()).isEqualTo(12);
        assertThat(run.out())
                .containsPattern("failed +permissions +others may exchange the private folder")
                .contains("chmod go-w '" + site.state("").toRealPath() + "'");

        for (String command : new String[] {"backup", "snapshots", "configure"}) {
            String[] line = command.equals("configure")
                    ? new String[] {command, "alice"}
                    : new String[] {command, "--as", "alice"};
            ProgramRun refused = site.run(line);
            assertThat(refused.exitCode()).as(command).isEqualTo(12);
            assertThat(refused.err()).contains("others may exchange the private folder");
        }
    }

    @Test
    void aWideFolderAboveTheKeysFailsHereAndEverywhere() throws IOException {
        site.setUp();
        for (String wide : new String[] {"alice", "alice/keys", "alice/keys/machines", "alice/keys/machines/alice"}) {
            Files.setAttribute(site.state(wide), "unix:mode", 0755);
            assertThat(check("alice").out())
                    .containsPattern("failed +permissions +others may use '" + site.state(wide) + "'");
            ProgramRun refused = site.run("snapshots", "--as", "alice");
            assertThat(refused.exitCode()).as(wide).isEqualTo(12);
            assertThat(refused.err()).contains("others may use " + site.state(wide));
            Files.setAttribute(site.state(wide), "unix:mode", 0700);
        }
    }

    @Test
    void foldersThatOthersMayWriteToAreTold() throws IOException {
        site.setUp();
        Files.setAttribute(folder.resolve("keys"), "unix:mode", 0777);
        assertThat(check("alice").out())
                .containsPattern("failed +key folder +others may exchange")
                .containsPattern("ok +place ");
        Files.setAttribute(folder.resolve("keys"), "unix:mode", 0755);
        Files.setAttribute(folder, "unix:mode", 0777);
        assertThat(check("alice").out()).containsPattern("warning +place +others may exchange .*holdfast.yaml");
        Files.setAttribute(folder, "unix:mode", 0700);
    }

    @Test
    void keysThatDoNotBelongTogetherFail() throws IOException {
        site.setUp();
        Files.copy(
                folder.resolve("keys/machines/bob/ssh"),
                site.state("alice/keys/machines/alice/ssh"),
                StandardCopyOption.REPLACE_EXISTING);

        ProgramRun run = check("alice");

        assertThat(run.exitCode()).isEqualTo(12);
        assertThat(run.out()).containsPattern("failed +keys +.*do not belong together");
    }

    @Test
    void aRealmKeyThatIsNotForThisMachineFails() throws IOException {
        site.setUp();
        Path other = Files.createDirectories(folder.resolve("other"));
        Files.copy(folder.resolve("holdfast.yaml"), other.resolve("holdfast.yaml"));
        new ProgramRun(other).run("keygen", "--all");
        Files.copy(
                other.resolve("keys/realms/default.keyring"),
                site.state("alice/keys/realms/default.keyring"),
                StandardCopyOption.REPLACE_EXISTING);

        ProgramRun run = check("alice");

        assertThat(run.exitCode()).isEqualTo(12);
        assertThat(run.out()).containsPattern("failed +realm default").containsPattern("warning +key store");
    }

    @Test
    void aHostWithoutAKeyStoreIsNotSentToMakeKeysThatShutItOut() throws IOException {
        site.run("keygen", "alice");
        site.run("configure", "alice");
        Files.move(folder.resolve("keys"), folder.resolve("keys elsewhere"));

        assertThat(check("alice").out())
                .containsPattern("failed +host key attic .*not installed")
                .contains("`holdfast server invite alice --replace` on the server's machine")
                .doesNotContain("keygen --all");
    }

    @Test
    void aPathThatAHookMakesNeedNotBeThere() throws IOException {
        site.run("keygen", "--all");
        site.run("configure", "alice");
        Files.delete(folder.resolve("photos"));
        Path file = folder.resolve("holdfast.yaml");
        Files.writeString(
                file, Files.readString(file).replace("path: photos}", "path: photos, hooks: {before: mkdir photos}}"));

        ProgramRun run = check("alice");

        assertThat(run.exitCode()).as(run.out()).isZero();
        assertThat(run.out()).containsPattern("ok +volume photos +.*is not there now; its `before` hook is to make it");
    }

    @Test
    void aMissingHostKeyAndAMissingVolumeFail() throws IOException {
        site.run("keygen", "alice");
        site.run("configure", "alice");
        Files.delete(folder.resolve("photos"));

        ProgramRun run = check("alice");

        assertThat(run.exitCode()).isEqualTo(12);
        assertThat(run.out())
                .containsPattern("failed +host key attic +the host key of server 'attic' is not installed")
                .containsPattern("failed +volume photos +.*does not exist.*\\[HF-NOT-FOUND\\]")
                .contains("holdfast.yaml:");
    }

    @Test
    void containersThatAnInterruptedRunLeftAsleepAreAllNamed() throws IOException {
        site.setUp();
        Path list = site.state("alice/standstill");
        Files.writeString(list, "engine unix:///no-such/docker.sock\nstop 1a app1\n");
        assertThat(site.run("--as", "alice", "check").out()).contains("not put back as it was: container app1");
        Files.writeString(list, "engine unix:///no-such/docker.sock\nstop 1a app1\nstop 2b app2\n");
        assertThat(site.run("--as", "alice", "check").out()).contains("not put back as it was: containers app1, app2");

        Path photos = folder.resolve("photos");
        Files.writeString(
                site.state("alice/restore-0123.unfinished"),
                "target " + photos
                        + "\nsnapshot 1a2b3c4d5e\nof alice/photos\ninto photos\npaths\nagain holdfast restore"
                        + " photos\n");
        Files.writeString(
                list,
                "engine unix:///no-such/docker.sock\nrestore 1a app1 " + photos + "\nrestore 2b app2 " + photos + "\n");
        assertThat(site.run("--as", "alice", "check").out())
                .contains("is not finished; until it is, containers app1, app2 stay stopped");
    }

    @Test
    void aServerThatIsDownIsUnreachable() {
        site.setUp();

        ProgramRun run = check("alice", "--connection");

        assertThat(run.exitCode()).isEqualTo(13);
        assertThat(run.out()).containsPattern("failed +attic: reach +cannot reach server 'attic'");
    }

    @Test
    void aServerThatRunsAnswersEveryQuestion() {
        site.setUp();
        try (BackupServer server = server()) {
            assertThat(server.port()).isEqualTo(site.port);

            ProgramRun run = check("bob", "--connection", "--server", "attic");

            assertThat(run.out())
                    .containsPattern("ok +attic: reach +answers at 127.0.0.1 port " + site.port)
                    .containsPattern("ok +attic: host key +is the pinned one")
                    .containsPattern("ok +attic: login +accepted as 'bob'")
                    .containsPattern("ok +attic: clock")
                    .containsPattern("ok +attic: grants +may restore 1 of")
                    .containsPattern("attic: space +.* free");
            assertThat(run.exitCode()).isZero();
        }
    }

    @Test
    void aClockThatIsOffIsAWarning() {
        site.setUp();
        try (BackupServer server = server()) {
            assertThat(server.port()).isPositive();

            ProgramRun run = site.program()
                    .at(InstantSource.offset(InstantSource.system(), Duration.ofHours(1)))
                    .run("check", "--as", "alice", "--connection");

            assertThat(run.out()).containsPattern("warning +attic: clock +differs by 1h; this machine is ahead");
            assertThat(run.exitCode()).isZero();
        }
    }

    @Test
    void aServerWithAnotherHostKeyIsNotTrusted() throws IOException {
        site.setUp();
        try (BackupServer server = server()) {
            assertThat(server.port()).isPositive();
            Files.copy(
                    folder.resolve("keys/machines/bob/ssh.pub"),
                    site.state("alice/keys/machines/attic/ssh.pub"),
                    StandardCopyOption.REPLACE_EXISTING);

            ProgramRun run = check("alice", "--connection");

            assertThat(run.out())
                    .containsPattern("ok +attic: reach")
                    .containsPattern("failed +attic: host key +.*\\[HF-HOST-KEY\\]");
            assertThat(run.exitCode()).isEqualTo(12);
        }
    }

    @Test
    void aHostThatTheServerDoesNotKnowIsTurnedAway() throws IOException {
        site.setUp();
        try (BackupServer server = server()) {
            assertThat(server.port()).isPositive();
            Path stranger = Files.createDirectories(folder.resolve("stranger"));
            Files.copy(folder.resolve("holdfast.yaml"), stranger.resolve("holdfast.yaml"));
            String state = stranger.resolve("state").toString();
            new ProgramRun(stranger).run("keygen", "--all");
            new ProgramRun(stranger).run("configure", "bob", "--state", state);
            Files.copy(
                    folder.resolve("keys/machines/attic/ssh.pub"),
                    stranger.resolve("state/bob/keys/machines/attic/ssh.pub"),
                    StandardCopyOption.REPLACE_EXISTING);

            ProgramRun run = check("bob", "--connection", "--state", state);

            assertThat(run.out())
                    .containsPattern("ok +attic: host key")
                    .containsPattern("failed +attic: login +.*\\[HF-DENIED\\]")
                    .containsPattern("run `holdfast configure attic`, which brings .* and `holdfast server reload`");
            assertThat(run.exitCode()).isEqualTo(12);
        }
    }

    @Test
    void aServerWithOlderGrantsIsFound() throws IOException {
        site.setUp();
        try (BackupServer server = server()) {
            assertThat(server.port()).isPositive();
            Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
            String text = Files.readString(folder.resolve("holdfast.yaml"))
                    .replace("restore: [alice/photos]", "restore: [bob/photos]")
                    .replace("path: photos", "path: ../photos");
            Files.writeString(elsewhere.resolve("holdfast.yaml"), text);

            ProgramRun run = check("bob", "--connection", "--path", elsewhere.toString());

            assertThat(run.out())
                    .containsPattern("failed +attic: grants +.*alice/photos \\(allowed there\\)")
                    .contains("holdfast server reload");
            assertThat(run.exitCode()).isEqualTo(12);
        }
    }

    @Test
    void programsGetOneObjectALine() {
        site.setUp();

        ProgramRun run = check("alice", "--json");

        assertThat(run.out().lines())
                .allMatch(line -> line.startsWith("{\"message_type\":\"check\",\"level\":\"ok\"")
                        || line.startsWith("{\"message_type\":\"summary\",\"checks\":"));
        assertThat(run.out()).contains("\"failures\":0,\"exit_code\":0}");
    }

    @Test
    void wrongUseAndUnknownServersAreRefused() {
        site.setUp();

        assertThat(check("alice", "--server", "attic").exitCode()).isEqualTo(2);
        ProgramRun unknown = check("alice", "--connection", "--server", "atic");
        assertThat(unknown.exitCode()).isEqualTo(10);
        assertThat(unknown.err()).contains("'attic'");
    }

    @Test
    void aScheduleThatNobodyRunsIsAWarning() throws IOException {
        site.configure("backup: [photos], schedule: {jobs: [{server: attic, volume: photos, schedule: '@daily'}]}");
        site.setUp();

        assertThat(site.run("--as", "bob", "check").out()).containsPattern("warning +schedule +no agent runs");
        assertThat(site.run("--as", "alice", "check").out()).doesNotContain("schedule");
    }

    @Test
    void aPortOfTheScheduleThatIsTakenIsAWarningWhereverTheAgentIsLookedAt() throws IOException {
        site.configure("backup: [photos], schedule: {jobs: [{server: attic, volume: photos, schedule: '@daily'}]}");
        site.setUp();
        site.run("--as", "bob", "schedule", "stop");
        String trouble = "no status for monitoring at 127.0.0.1:9: Address already in use";
        try (AgentStub agent = new AgentStub(site.state("bob")).withoutPort(trouble)) {
            assertThat(agent).isNotNull();
            assertThat(site.run("--as", "bob", "check").out()).containsPattern("warning +schedule +" + trouble);
            assertThat(site.run("--as", "bob", "schedule", "status").out()).contains("warning: " + trouble, "ss -ltnp");
            assertThat(site.run("--as", "bob", "schedule", "status", "--json").out())
                    .contains("\"status_port_problem\":\"" + trouble);
            assertThat(site.run("--as", "bob", "schedule", "start").err()).contains("warning: " + trouble);
            assertThat(site.run("--as", "bob", "schedule", "start", "--json").out())
                    .contains("\"status_port_problem\":\"" + trouble);
        }
    }
}
