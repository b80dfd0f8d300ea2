package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.launch.ProgramRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Server and agent that stay, started by a person; a program in the place of {@code systemctl} starts what the unit says. */
@Timeout(120)
final class StartingTest {
    private static final int DAMAGE = 14;
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    @TempDir
    Path folder;

    private SetupSite site;

    @BeforeEach
    void setUp() throws IOException {
        site = new SetupSite(folder);
        String yaml = Files.readString(folder.resolve("holdfast.yaml"))
                .replace(
                        "backup: [photos]}",
                        "backup: [photos], schedule: {jobs: [{server: attic, volume: photos, schedule: daily at 02:00}]}}");
        Files.writeString(folder.resolve("holdfast.yaml"), yaml);
        site.setUp();
        Files.createDirectory(folder.resolve("store"));
    }

    @AfterEach
    void end() {
        site.run("--as", "alice", "schedule", "stop", "--exit");
        site.run("--as", "attic", "server", "stop");
    }

    private ProgramRun systemd() throws IOException {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path systemctl = Files.writeString(bin.resolve("systemctl"), """
                #!/bin/sh
                echo "$@" >> called
                unit=.config/systemd/user/$3.service
                [ "$2" = start ] && [ -f $unit ] || { echo no such unit; exit 5; }
                command=$(sed -n 's/^ExecStart=//p' $unit)
                eval "exec setsid $command" < /dev/null > by-systemd 2>&1 &
                """.replace(
                        "called", folder.resolve("called").toString())
                .replace("=.config", "=" + folder.resolve(".config"))
                .replace("by-systemd", folder.resolve("by-systemd").toString()));
        Files.setPosixFilePermissions(systemctl, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectories(folder.resolve("run/systemd"));
        return site.program()
                .with("PATH", bin + ":/usr/bin:/bin")
                .with("XDG_RUNTIME_DIR", folder.resolve("run").toString());
    }

    @Test
    void aServerThatHasAUnitIsStartedBySystemd() throws IOException {
        assertThat(site.run("--as", "attic", "service", "install", "--user").exitCode())
                .isZero();
        assertThat(systemd()
                        .run("--as", "attic", "server", "start", "--dry-run")
                        .out())
                .contains("would run   systemctl --user start holdfast-server");
        assertThat(systemd()
                        .run("--as", "attic", "server", "start", "--new-repository")
                        .exitCode())
                .isEqualTo(USAGE);
        ProgramRun run = systemd().run("--as", "attic", "server", "start");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).contains("systemd starts it: `systemctl --user start holdfast-server`");
        assertThat(run.out()).contains("server 'attic' listens on");
        assertThat(folder.resolve("called")).hasContent("--user start holdfast-server");
        assertThat(site.state("attic/server.out")).doesNotExist();
    }

    @Test
    void anAgentThatHasAUnitIsStartedBySystemdAndGoesOn() throws IOException {
        assertThat(site.run("--as", "alice", "service", "install", "--user").exitCode())
                .isZero();
        assertThat(site.run("--as", "alice", "schedule", "stop").exitCode()).isZero();
        assertThat(systemd()
                        .run("--as", "alice", "schedule", "start", "--dry-run")
                        .out())
                .startsWith("would run   systemctl --user start holdfast-agent\n")
                .contains("daily at 02:00");
        assertThat(site.run("--as", "alice", "schedule", "start", "--dry-run").out())
                .containsPattern("would run   .* schedule run --log-file ");
        ProgramRun run = systemd().run("--as", "alice", "schedule", "start");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(folder.resolve("called")).hasContent("--user start holdfast-agent");
        assertThat(site.run("--as", "alice", "schedule", "status", "--json").out())
                .contains("\"running\":true", "\"paused\":false");
        assertThat(site.state("alice/agent.out")).doesNotExist();
    }

    @Test
    void aUnitOfAnotherMachineOrWithoutASystemdIsNotMeant() throws IOException {
        site.run("--as", "attic", "service", "install", "--user");
        assertThat(site.run("--as", "attic", "server", "start", "--dry-run").out())
                .contains("server run");
        Path unit = folder.resolve(".config/systemd/user/holdfast-server.service");
        Files.writeString(unit, Files.readString(unit).replace("--state ", "--state /elsewhere"));
        assertThat(systemd()
                        .run("--as", "attic", "server", "start", "--dry-run")
                        .out())
                .contains("server run");
    }

    @Test
    void whatSystemdSaysIsPassedOn() throws IOException {
        site.run("--as", "attic", "service", "install", "--user");
        ProgramRun systemd = systemd();
        Files.writeString(folder.resolve("bin/systemctl"), "#!/bin/sh\necho no bus; exit 1\n");
        ProgramRun run = systemd.run("--as", "attic", "server", "start");
        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.err()).contains("`systemctl --user start holdfast-server` failed: no bus");
        assertThat(site.run("--as", "attic", "server", "status").out()).contains("is not running");
    }

    @Test
    void aPausedScheduleHasNoNextTime() {
        site.run("--as", "alice", "schedule", "start");
        site.run("--as", "alice", "schedule", "stop");
        assertThat(site.run("--as", "alice", "schedule", "status").out().lines())
                .anyMatch(line -> line.startsWith("photos") && line.endsWith("paused"));
    }

    @Test
    void aPersonHasNoScheduleAndIsNoServer() throws IOException {
        Files.writeString(folder.resolve("holdfast.yaml"), "operators: [olga]\n", StandardOpenOption.APPEND);
        ProgramRun run = site.run("--as", "olga", "schedule", "status");
        assertThat(run.exitCode()).isEqualTo(USAGE);
        assertThat(run.err()).contains("'olga' is no client but an operator or reader, who has no backups");
    }

    @Test
    void theCompletionServesTheLinkOfTheOldName() {
        assertThat(site.run("completion", "bash").out())
                .contains("complete -F _complete_holdfast -o default privateer\n");
    }

    @Test
    void aScheduleThatIsDamagedIsSetAsideByAStart() throws IOException {
        Path book = site.state("alice/schedule.json");
        Files.writeString(book, "");
        for (String word : new String[] {"status", "stop"}) {
            ProgramRun run = site.run("--as", "alice", "schedule", word);
            assertThat(run.exitCode()).isEqualTo(DAMAGE);
            assertThat(run.err()).contains("is damaged", "`holdfast schedule start` sets the file aside");
        }
        ProgramRun start = site.run("--as", "alice", "schedule", "start");
        assertThat(start.exitCode()).as(start.err()).isZero();
        assertThat(start.err())
                .contains("warning: the state of the schedule was damaged; it is now " + book + ".damaged");
        assertThat(site.run("--as", "alice", "schedule", "status").exitCode()).isZero();

        Files.writeString(book, "");
        assertThat(site.run("--as", "alice", "schedule", "start").exitCode()).isZero();
        assertThat(site.run("--as", "alice", "schedule", "status").exitCode())
                .as("the agent has written it anew")
                .isZero();
    }
}
