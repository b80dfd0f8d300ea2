package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.launch.ProgramRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServiceCommandTest {
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int NOT_FOUND = 10;
    private static final int DENIED = 12;

    @TempDir
    Path parent;

    private SetupSite site;
    private Path folder;
    private Path units;

    @BeforeEach
    void setUp() throws IOException {
        folder = Files.createDirectory(parent.resolve("a 50% $folder"));
        units = folder.resolve("units");
        site = new SetupSite(folder);
        Path file = folder.resolve("holdfast.yaml");
        Files.writeString(
                file,
                Files.readString(file)
                        .replace(
                                "backup: [photos]}",
                                "backup: [photos], schedule: {jobs: [{server: attic, volume: photos, schedule: '@daily'}]}}"));
        site.setUp();
        Files.createDirectory(folder.resolve("store"));
    }

    private ProgramRun service(String... words) {
        return inUnits(site.program(), words);
    }

    private static ProgramRun inUnits(ProgramRun program, String... words) {
        String[] all = new String[words.length + 3];
        all[0] = "service";
        System.arraycopy(words, 0, all, 1, words.length);
        all[words.length + 1] = "--unit-dir";
        all[words.length + 2] = "units";
        return program.run(all);
    }

    @Test
    void whatIsWrittenNamesTheRightPlacesAndTheNextSteps() throws IOException {
        ProgramRun run = service("--as", "attic", "install");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("wrote " + units.resolve("holdfast-server.service"))
                .contains("systemctl daemon-reload\n", "systemctl enable --now holdfast-server\n");
        String quoted = folder.toString().replace("%", "%%");
        assertThat(units.resolve("holdfast-server.service"))
                .content()
                .contains("ReadWritePaths=\"" + quoted + "/state/attic\" \"" + quoted + "/store\"")
                .contains("\"" + quoted.replace("$", "$$") + "/holdfast.yaml\" --as attic --state")
                .contains(" server run\n")
                .contains("Type=notify\n");
    }

    @Test
    void theAgentOfAClientIsTheDefaultThereAndTheOtherRoleIsRefused() {
        assertThat(service("--as", "alice", "install", "--dry-run").out())
                .startsWith("# Holdfast agent 'alice'")
                .contains(" schedule run\n")
                .contains("CAP_DAC_READ_SEARCH");
        assertThat(units).doesNotExist();

        ProgramRun wrong = service("--as", "alice", "install", "server");
        assertThat(wrong.exitCode()).isEqualTo(USAGE);
        assertThat(wrong.err()).contains("'alice', is a client");
        assertThat(service("--as", "attic", "install", "agent").err()).contains("'attic', is a server");
    }

    @Test
    void whoeverIsNotRootIsToldWhatHeMayDoInstead() {
        ProgramRun run = site.run("--as", "attic", "service", "install");
        assertThat(run.exitCode()).isEqualTo(DENIED);
        assertThat(run.err()).contains("only root may install").contains("--user");
        assertThat(site.run("service", "uninstall", "server").exitCode()).isEqualTo(DENIED);

        ProgramRun own = site.run("--as", "attic", "service", "install", "--user");
        assertThat(own.exitCode()).as(own.err()).isZero();
        assertThat(own.out()).contains("systemctl --user enable --now holdfast-server");
        assertThat(folder.resolve(".config/systemd/user/holdfast-server.service"))
                .content()
                .contains("WantedBy=default.target")
                .doesNotContain("ProtectSystem", "User=");
    }

    @Test
    void aUnitThatSomebodyChangedIsLeftAloneUnlessForced() throws IOException {
        service("--as", "attic", "install");
        Path unit = units.resolve("holdfast-server.service");
        String written = Files.readString(unit);
        assertThat(service("--as", "attic", "install").out()).contains("is as it should be");
        String edited = written.replace("RestartSec=15", "RestartSec=1");
        Files.writeString(unit, edited);

        ProgramRun refused = service("--as", "attic", "install");
        assertThat(refused.exitCode()).isEqualTo(FAILED);
        assertThat(refused.err()).contains("was changed by somebody").contains("--force");
        assertThat(service("uninstall").exitCode()).isEqualTo(FAILED);
        assertThat(unit).hasContent(edited);
        assertThat(service("show").err()).contains("changed by hand");

        assertThat(service("--as", "attic", "install", "--force").out()).contains("systemctl restart holdfast-server");
        assertThat(unit).hasContent(written);
    }

    @Test
    void whatIsUninstalledIsGoneWithItsLinksAndItsPathNeedsNoConfiguration() throws IOException {
        service("--as", "attic", "install");
        Path link =
                Files.createDirectory(units.resolve("multi-user.target.wants")).resolve("holdfast-server.service");
        Files.createSymbolicLink(link, units.resolve("holdfast-server.service"));
        Files.writeString(folder.resolve("holdfast.yaml"), "broken: [");
        assertThat(service("show", "--json").out()).contains("\"edited\":false", "\"content\":\"# Holdfast server");

        ProgramRun run = service("uninstall");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("systemctl stop holdfast-server");
        assertThat(units.resolve("holdfast-server.service")).doesNotExist();
        assertThat(Files.isSymbolicLink(link)).isFalse();
        assertThat(service("uninstall").exitCode()).isEqualTo(NOT_FOUND);
        assertThat(service("show").exitCode()).isEqualTo(NOT_FOUND);
    }

    @Test
    void aDataFolderThatIsNotThereIsSaidBeforeSystemdStumblesOverIt() throws IOException {
        Files.delete(folder.resolve("store"));

        ProgramRun run = service("--as", "attic", "install");

        assertThat(run.exitCode()).isEqualTo(NOT_FOUND);
        assertThat(run.err()).contains("there is no folder " + folder.resolve("store"));
        assertThat(units).doesNotExist();
    }

    @Test
    void systemctlIsCalledOnlyWhenAskedForAndItsFailureIsTold() throws IOException {
        Path bin = Files.createDirectory(folder.resolve("bin"));
        Path log = folder.resolve("called");
        Path systemctl = Files.writeString(
                bin.resolve("systemctl"),
                "#!/bin/sh\necho \"$@\" >>'" + log + "'\n[ \"$1\" != stop ] || { echo no bus; exit 4; }\n");
        Files.setPosixFilePermissions(systemctl, PosixFilePermissions.fromString("rwxr-xr-x"));

        inUnits(site.program().with("PATH", bin.toString()), "--as", "attic", "install");
        assertThat(log).doesNotExist();
        ProgramRun now =
                inUnits(site.program().with("PATH", bin.toString()), "--as", "attic", "install", "--now", "--json");
        assertThat(now.out()).contains("\"message_type\":\"installed\"", "\"started\":true", "\"next\":[]");
        assertThat(log).hasContent("daemon-reload\nenable --now holdfast-server\n");

        ProgramRun failed = inUnits(site.program().with("PATH", bin.toString()), "uninstall", "--now");
        assertThat(failed.exitCode()).isEqualTo(FAILED);
        assertThat(failed.err()).contains("`systemctl stop holdfast-server` failed: no bus");
        assertThat(units.resolve("holdfast-server.service")).exists();
        ProgramRun absent = inUnits(site.program(), "uninstall", "--now");
        assertThat(absent.exitCode()).isEqualTo(NOT_FOUND);
        assertThat(absent.err()).contains("there is no `systemctl` here");
    }

    @Test
    void anAgentThatWouldHaveNothingToDoIsNotInstalledAsItIsNotStarted() throws IOException {
        ProgramRun install = service("--as", "bob", "install");

        assertThat(install.exitCode()).isEqualTo(NOT_FOUND);
        assertThat(install.err())
                .contains("nothing is scheduled for client 'bob'")
                .isEqualTo(site.run("--as", "bob", "schedule", "start").err());
        assertThat(units).doesNotExist();

        Path file = folder.resolve("holdfast.yaml");
        Files.writeString(file, Files.readString(file).replace("{name: bob,", "{name: bob, remote: backup,"));
        assertThat(service("--as", "bob", "install").exitCode()).isZero();
    }

    @Test
    void oneThatRunsBesideItsUnitIsToBeEndedHoweverOftenTheUnitIsInstalled() throws IOException {
        String warning = "It runs already, and not under systemd; end that one first: `holdfast schedule stop --exit`.";
        try (AgentStub agent = new AgentStub(site.state("alice"))) {
            assertThat(agent).isNotNull();
            assertThat(service("--as", "alice", "install").err()).contains(warning);

            ProgramRun again = service("--as", "alice", "install");

            assertThat(again.out()).contains("is as it should be");
            assertThat(again.err()).contains(warning);
        }
        assertThat(service("--as", "alice", "install").err()).doesNotContain("It runs already");
    }

    @Test
    void noSecretOfTheEnvironmentGetsIntoAUnit() {
        ProgramRun run = inUnits(
                site.program()
                        .with("VAULT_TOKEN", "s.secret")
                        .with("HOLDFAST_JAVA_OPTS", "-Xmx1g")
                        .with("DOCKER_HOST", "unix:///run/podman.sock"),
                "--as",
                "alice",
                "install",
                "--dry-run");

        assertThat(run.out())
                .contains(
                        "Environment=HOLDFAST_JAVA_OPTS=-Xmx1g\n", "Environment=DOCKER_HOST=unix:///run/podman.sock\n")
                .doesNotContain("s.secret");
    }
}
