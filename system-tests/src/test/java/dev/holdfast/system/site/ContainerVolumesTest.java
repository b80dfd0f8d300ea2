package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.system.containers.DockerEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Volumes of one host's container engine come back into volumes of another's. */
final class ContainerVolumesTest {
    private static final int BUSY = 11;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @TempDir
    static Path engines;

    private static DockerEngine alices;
    private static DockerEngine bobs;
    private RealSite site;

    @BeforeAll
    static void startEngines() throws Exception {
        alices = DockerEngine.start(engines.resolve("alice"));
        bobs = DockerEngine.start(engines.resolve("bob"));
    }

    @AfterAll
    static void stopEngines() throws Exception {
        if (bobs != null) {
            bobs.stop();
        }
        if (alices != null) {
            alices.stop();
        }
    }

    @BeforeEach
    void open() throws Exception {
        site = RealSite.open(Files.createDirectories(folder.resolve("site")));
        // Without a root of folders, volumes are the engine's.
        site.configure(site.configuration().replaceAll(", volume_root: \"[^\"]*\"", ""));
        site.give("alice", "DOCKER_HOST", alices.host());
        site.give("bob", "DOCKER_HOST", bobs.host());
        alices.docker("volume", "create", "--label", "team=blue sky", "documents");
    }

    @AfterEach
    void close() throws Exception {
        if (site != null) {
            site.close();
        }
        alices.clear();
        bobs.clear();
    }

    private Path fill() throws Exception {
        Path documents = alices.mountpoint("documents");
        Trees.shell(
                documents,
                "mkdir -p sub && echo one >sub/a && ln sub/a sub/b && ln -s a sub/c && truncate -s 3M holes"
                        + " && chown 999:998 sub/a . && chmod 2750 sub && setfattr -n user.note -v x sub/a");
        return documents;
    }

    @Test
    void aVolumeComesBackOnAnotherEngineWithItsLabels() throws Exception {
        Path documents = fill();
        alices.startIdle("app", "documents", "--label", "holdfast.consistency=stop");

        Said said = site.backUp("alice", "documents").well();
        site.restore().well();

        assertThat(said.err()).contains("stopping container 'app'", "started container 'app' again");
        assertThat(alices.state("app")).isEqualTo("running");
        Trees.assertSame(documents, bobs.mountpoint("papers"));
        assertThat(bobs.docker("volume", "inspect", "--format", "{{json .Labels}}", "papers"))
                .contains("\"team\":\"blue sky\"", "\"holdfast.restored-from\":\"alice/documents\"");
    }

    @Test
    void aVolumeInUseIsNotOverwrittenUnasked() throws Exception {
        Path documents = fill();
        site.backUp("alice", "documents").well();
        bobs.startIdle("reader", "papers");
        Path papers = bobs.mountpoint("papers");
        Files.writeString(papers.resolve("own"), "bob's");

        Said refused = site.restore();

        assertThat(refused.exitCode()).isEqualTo(11);
        assertThat(refused.err()).contains("volume 'papers' is in use by container reader");
        assertThat(papers.resolve("own")).hasContent("bob's");

        bobs.docker("rm", "-f", "reader");
        bobs.startIdle("sideways", papers.toString());
        assertThat(site.restore().ending(BUSY).err()).contains("volume 'papers' is in use by container sideways");
        String[] asFolder = {
            "restore", "documents", "--source", "alice", "--special", "--yes", "--to", papers.toString()
        };
        assertThat(site.run("bob", asFolder).ending(BUSY).err()).contains(papers + " is in use by container sideways");
        assertThat(papers.resolve("own")).hasContent("bob's");

        site.restore("--stop").well();

        assertThat(bobs.state("sideways")).isEqualTo("running");
        Trees.assertSame(documents, papers);
    }

    @Test
    void aVolumeOfTheServersOwnEngineIsBackedUpOnTheSpot() throws Exception {
        site.configure(site.configuration()
                .replaceAll(", volume_root: \"[^\"]*\"", "")
                .replace("- { name: papers }", "- { name: papers }\n  - { name: recover, local: true }")
                .replace("restore: [alice/documents]", "restore: [recover]"));
        site.run(RealSite.SERVER, "keygen", "--all").well();
        site.install(RealSite.SERVER);
        site.install("bob");
        site.run(RealSite.SERVER, "server", "stop").well();
        site.give(RealSite.SERVER, "DOCKER_HOST", alices.host());
        site.startServer();
        alices.docker("volume", "create", "--label", "team=red", "recover");
        alices.startIdle("base", "recover", "--label", "holdfast.consistency=stop");
        Path recover = alices.mountpoint("recover");
        Files.writeString(recover.resolve("file"), "one");

        site.run("bob", "restore", "recover", "--server=vault", "--to-volume", "papers", "--yes")
                .well();

        Trees.assertSame(recover, bobs.mountpoint("papers"));
        assertThat(site.serverLog()).contains("stopping container 'base'", "started container 'base' again");
        assertThat(alices.state("base")).isEqualTo("running");
        assertThat(bobs.docker("volume", "inspect", "--format", "{{json .Labels}}", "papers"))
                .contains("\"team\":\"red\"", "\"holdfast.restored-from\":\"vault/recover\"");
    }

    @Test
    void aDryRunMakesNothing() throws Exception {
        fill();
        site.backUp("alice", "documents").well();

        site.restore("--dry-run").well();

        assertThat(bobs.docker("volume", "ls", "-q")).doesNotContain("papers");
    }

    @Test
    void aVolumeTravelsAsATarFileToo() throws Exception {
        Path documents = fill();
        Path archives = Files.createDirectory(folder.resolve("archives"));
        site.run("alice", "export", "documents", "--source", "local", "--to-dir", archives.toString())
                .well();
        String archive;
        try (Stream<Path> files = Files.list(archives)) {
            archive = files.findFirst().orElseThrow().toString();
        }

        site.run("bob", "import", archive, "papers", "--special", "--dry-run").well();
        assertThat(bobs.docker("volume", "ls", "-q")).doesNotContain("papers");
        site.run("bob", "import", archive, "papers", "--special").well();

        Trees.assertSame(documents, bobs.mountpoint("papers"));
        Said again = site.run("bob", "import", archive, "papers");
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).contains("'papers' exists in the container engine already");
    }

    @Test
    void aFailedImportLeavesNoVolume() throws Exception {
        Path archive = Files.writeString(folder.resolve("broken.tar"), "no archive at all");

        Said said = site.run("bob", "import", archive.toString(), "papers");

        assertThat(said.exitCode()).isNotZero();
        assertThat(bobs.docker("volume", "ls", "-q")).doesNotContain("papers");
    }

    @Test
    void containersThatAKilledBackupStoppedRunAgainWithTheNext() throws Exception {
        fill();
        alices.startIdle("base", "documents", "--label", "holdfast.exec.before=sleep 100");
        alices.startIdle("app", "documents", "--label", "holdfast.consistency=stop");
        Running backup = site.startBackup("alice", "documents");
        Wait.until(
                "the backup has stopped the container",
                PATIENCE,
                () -> alices.state("app").equals("exited"));

        backup.kill();

        assertThat(alices.state("app")).isEqualTo("exited");
        alices.docker("rm", "-f", "base");
        Said said = site.backUp("alice", "documents").well();
        assertThat(said.err()).contains("an interrupted run left containers stopped");
        assertThat(alices.state("app")).isEqualTo("running");
    }

    /** The engine goes on with a stop whose asker is gone. The name is this test's own: the engine remembers what befell others. */
    @Test
    void aContainerThatWasStillBeingStoppedWhenTheBackupWasKilledRunsAgain() throws Exception {
        fill();
        alices.docker(
                "run",
                "-d",
                "--name",
                "stubborn",
                "--network",
                "none",
                "-v",
                "documents:/data",
                "--label",
                "holdfast.consistency=stop",
                "box",
                "sleep",
                "600");
        Running backup = site.startBackup("alice", "documents");
        Wait.until(
                "the engine is stopping it",
                PATIENCE,
                () -> alices.docker("events", "--since", "5m", "--until", "0s", "--filter", "event=kill")
                        .contains("name=stubborn"));
        backup.kill();
        assertThat(alices.state("stubborn")).isEqualTo("running");

        Running agent = site.start("alice", "schedule", "run");
        Wait.until("it is started again", PATIENCE, () -> agent.soFar().contains("started container 'stubborn' again"));
        assertThat(alices.state("stubborn")).isEqualTo("running");
        agent.signal("TERM");
        agent.await(PATIENCE);
    }

    @Test
    void anAgentThatIsKilledDuringABackupStartsTheContainersWhenItIsStartedAgain() throws Exception {
        Trees.fill(fill(), 4, 4, 82);
        alices.startIdle("app", "documents", "--label", "holdfast.consistency=stop");
        Running agent = site.start("alice", "schedule", "run");
        Wait.until("the agent answers", PATIENCE, () -> scheduleStatus().out().contains("\"running\":true"));
        site.line().toServer().holdAfter(2 << 20);
        Running typed = site.startBackup("alice", "documents");
        site.line().toServer().awaitHold();

        agent.kill();
        typed.await(PATIENCE);
        site.line().toServer().release();

        assertThat(alices.state("app")).isEqualTo("exited");
        String owed = "has not put back as it was: container app";
        assertThat(site.run("alice", "check").out()).contains(owed);
        assertThat(scheduleStatus().out()).contains(owed);
        Running next = site.start("alice", "schedule", "run");
        Wait.until("the container runs", PATIENCE, () -> alices.state("app").equals("running"));
        Wait.until("nothing is owed", PATIENCE, () -> !scheduleStatus().out().contains(owed));
        next.signal("TERM");
        next.await(PATIENCE);
    }

    private Said scheduleStatus() throws Exception {
        return site.run("alice", "schedule", "status", "--json");
    }

    @Test
    void whatAKilledRestoreLeftIsNeitherBackedUpNorRunUntilTheRestoreIsDone() throws Exception {
        Path documents = fill();
        Trees.fill(documents, 8, 2, 83);
        site.backUp("alice", "documents").well();
        bobs.startIdle("reader", "papers");
        bobs.docker("volume", "create", "documents");
        site.line().fromServer().holdAfter(6 << 20);
        Running restore = site.startRestore("--stop");
        site.line().fromServer().awaitHold();
        restore.kill();
        site.line().fromServer().release();

        Said other = site.backUp("bob", "documents").well();
        assertThat(other.err()).contains("container 'reader' stays stopped: the restore of snapshot");
        assertThat(bobs.state("reader")).isEqualTo("exited");
        assertThat(site.backUp("bob", "papers").ending(BUSY).err())
                .contains("volume 'papers' cannot be read as it is: the restore of snapshot", "is not finished");
        String again =
                "Give `holdfast restore documents .*--source alice --snapshot [0-9a-f]{8} --to-volume papers --special"
                        + " --stop` and let it end";
        assertThat(site.run("bob", "check").ending(1).out())
                .contains("of alice/documents into", "is not finished; until it is, container reader stays stopped")
                .containsPattern(again);
        assertThat(site.run("bob", "schedule", "status").ending(1).out())
                .contains("container reader stays stopped")
                .containsPattern(again);

        site.restore("--stop").well();
        assertThat(bobs.state("reader")).isEqualTo("running");
        Trees.assertSame(documents, bobs.mountpoint("papers"));
        site.backUp("bob", "papers").well();
    }

    @Test
    void anEngineThatIsRestartedDuringABackupCostsNeitherTheBackupNorAContainer() throws Exception {
        Trees.fill(fill(), 4, 4, 81);
        alices.startIdle("app", "documents", "--label", "holdfast.consistency=stop");
        site.line().toServer().holdAfter(2 << 20);
        Running backup = site.startBackup("alice", "documents");
        site.line().toServer().awaitHold();
        assertThat(alices.state("app")).isEqualTo("exited");

        alices.shutDown();
        alices.startAgain();
        site.line().toServer().release();

        assertThat(backup.await(PATIENCE).well().err()).contains("started container 'app' again");
        assertThat(alices.state("app")).isEqualTo("running");
        site.restore().well();
        Trees.assertSame(alices.mountpoint("documents"), bobs.mountpoint("papers"));
    }

    @Test
    void anEmptyMountpointIsNotTakenForTheVolume() throws Exception {
        alices.docker("volume", "rm", "documents");
        alices.docker("volume", "create", "-o", "type=tmpfs", "-o", "device=tmpfs", "documents");

        Said said = site.backUp("alice", "documents");

        assertThat(said.exitCode()).isEqualTo(10);
        assertThat(said.err()).contains("mounted only while a container uses it");
    }

    @Test
    void aVolumeThatIsMountedOnlyInUseIsNotMadeButCanBeFilledAsTheHintSays() throws Exception {
        alices.docker("volume", "rm", "documents");
        alices.docker("volume", "create", "-o", "type=tmpfs", "-o", "device=tmpfs", "documents");
        alices.startIdle("app", "documents");
        fill();
        site.backUp("alice", "documents").well();

        Said refused = site.restore();

        assertThat(refused.exitCode()).isEqualTo(10);
        assertThat(refused.err())
                .contains("docker volume create --driver local --opt device=tmpfs --opt type=tmpfs papers");
        assertThat(bobs.docker("volume", "ls", "-q")).doesNotContain("papers");

        bobs.docker("volume", "create", "--driver", "local", "--opt", "device=tmpfs", "--opt", "type=tmpfs", "papers");
        bobs.startIdle("reader", "papers");
        site.restore("--force").well();
        Trees.assertSame(alices.mountpoint("documents"), bobs.mountpoint("papers"));
    }

    @Test
    void aVolumeWithOtherOptionsIsRefused() throws Exception {
        fill();
        site.backUp("alice", "documents").well();
        Path device = Files.createDirectory(folder.resolve("device"));
        bobs.docker("volume", "create", "-o", "type=none", "-o", "o=bind", "-o", "device=" + device, "documents");
        String[] words = {"restore", "documents", "--source", "alice", "--special", "--yes"};

        Said refused = site.run("bob", words).ending(1);

        assertThat(refused.err())
                .contains("it has driver local with device=" + device + " o=bind type=none")
                .contains("the one that was backed up had driver local without options");
        assertThat(device).isEmptyDirectory();
        site.run(
                        "bob",
                        Stream.concat(Stream.of(words), Stream.of("--keep-options"))
                                .toArray(String[]::new))
                .well();
        Trees.assertSame(alices.mountpoint("documents"), device);
    }
}
