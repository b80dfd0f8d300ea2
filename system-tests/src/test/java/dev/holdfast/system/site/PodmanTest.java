package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.system.containers.DockerEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Volumes of Podman, by the interface that it shares with Docker. */
@Timeout(300)
final class PodmanTest {
    @TempDir
    Path folder;

    private DockerEngine podman;
    private RealSite site;

    @BeforeEach
    void open() throws Exception {
        podman = DockerEngine.startPodman(folder.resolve("engine"));
        site = RealSite.open(Files.createDirectories(folder.resolve("site")));
        site.configure(site.configuration().replaceAll(", volume_root: \"[^\"]*\"", ""));
        site.give("alice", "DOCKER_HOST", podman.host());
        site.give("bob", "DOCKER_HOST", podman.host());
        podman.docker("volume", "create", "--label", "team=blue sky", "documents");
        Trees.shell(
                podman.mountpoint("documents"),
                "mkdir -p sub && echo one >sub/a && ln sub/a sub/b && ln -s a sub/c && truncate -s 3M holes"
                        + " && chown 999:998 sub/a . && chmod 2750 sub && setfattr -n user.note -v x sub/a");
    }

    @AfterEach
    void close() throws Exception {
        if (site != null) {
            site.close();
        }
        if (podman != null) {
            podman.stop();
        }
    }

    @Test
    void itsContainersHoldStillAndItsVolumeComesBackWithLabels() throws Exception {
        podman.startIdle("stopped", "documents", "--label", "holdfast.consistency=stop");
        podman.startIdle(
                "paused",
                "documents",
                "--label",
                "holdfast.consistency=pause",
                "--label",
                "holdfast.exec.before=echo dumped >/data/dump");

        Said said = site.backUp("alice", "documents").well();

        assertThat(said.err())
                .contains(
                        "stopping container 'stopped'",
                        "started container 'stopped' again",
                        "pausing container 'paused'");
        assertThat(podman.state("stopped")).isEqualTo("running");
        assertThat(podman.state("paused")).isEqualTo("running");
        site.restore().well();
        Trees.assertSame(podman.mountpoint("documents"), podman.mountpoint("papers"));
        assertThat(podman.mountpoint("papers").resolve("dump")).hasContent("dumped\n");
        assertThat(podman.docker("volume", "inspect", "--format", "{{json .Labels}}", "papers"))
                .contains("\"team\":\"blue sky\"", "\"holdfast.restored-from\":\"alice/documents\"");
    }

    /** Podman fills a new volume from the image when a container first uses it, if it is empty. */
    @Test
    void aVolumeThatARestoreMadeIsNotFilledFromAnImage() throws Exception {
        site.backUp("alice", "documents").well();
        site.restore().well();

        // The image has its own files there: passwd and group.
        String seen = podman.docker("run", "--rm", "--network", "none", "-v", "papers:/etc", "box", "ls", "/etc");
        assertThat(seen.split("\\s+")).contains("holes", "sub").doesNotContain("passwd", "group");
    }
}
