package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.system.containers.DockerEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Volumes of one host's container engine come back into volumes of another's. */
final class ContainerVolumesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private DockerEngine alices;
    private DockerEngine bobs;
    private RealSite site;

    @BeforeEach
    void open() throws Exception {
        alices = DockerEngine.start(folder.resolve("engine-alice"));
        bobs = DockerEngine.start(folder.resolve("engine-bob"));
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
        if (bobs != null) {
            bobs.stop();
        }
        if (alices != null) {
            alices.stop();
        }
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

        site.restore("--stop").well();

        assertThat(bobs.state("reader")).isEqualTo("running");
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

    @Test
    void anEmptyMountpointIsNotTakenForTheVolume() throws Exception {
        alices.docker("volume", "rm", "documents");
        alices.docker("volume", "create", "-o", "type=tmpfs", "-o", "device=tmpfs", "documents");

        Said said = site.backUp("alice", "documents");

        assertThat(said.exitCode()).isEqualTo(10);
        assertThat(said.err()).contains("mounted only while a container uses it");
    }
}
