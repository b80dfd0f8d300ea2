package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.system.containers.DockerEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent in a container backs up and restores volumes of the engine whose socket and folder are mounted into it. */
final class AgentImageTest {
    private static final int TERMINATED = 143;
    private static final int MIB = 1 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    static Path shared;

    private static DockerEngine docker;
    private static RealSite site;
    private static AgentImage agent;

    private Path documents;
    private Path papers;

    @BeforeAll
    static void open() throws Exception {
        docker = DockerEngine.start(shared.resolve("engine"));
        agent = AgentImage.load(docker, Files.createDirectories(shared.resolve("agent")));
        site = RealSite.open(Files.createDirectories(shared.resolve("site")));
        agent.configure(site);
    }

    @AfterAll
    static void close() throws Exception {
        if (site != null) {
            site.close();
        }
        if (docker != null) {
            docker.stop();
        }
    }

    @BeforeEach
    void makeVolumes() throws Exception {
        docker.docker("volume", "create", "documents");
        docker.docker("volume", "create", "papers");
        documents = docker.mountpoint("documents");
        papers = docker.mountpoint("papers");
        Trees.shell(
                documents,
                "mkdir -p sub && echo one >sub/a && ln sub/a sub/b && ln -s a sub/c && chown 999:998 sub/a . && chmod 2750 sub"
                        + " && chmod 600 sub/a");
    }

    @AfterEach
    void removeVolumes() throws Exception {
        Trees.shell(shared, "docker -H " + docker.host() + " ps -aq | xargs -r docker -H " + docker.host() + " rm -f");
        docker.docker("volume", "rm", "documents", "papers");
    }

    private String volumes() {
        return documents.resolve("../..").normalize().toString();
    }

    private static List<String> withSocket(String... more) {
        List<String> options = new ArrayList<>(List.of("-v", docker.socket() + ":/var/run/docker.sock"));
        options.addAll(List.of(more));
        return options;
    }

    private List<String> forBackups(String... more) {
        List<String> options = withSocket("-v", volumes() + ":" + volumes() + ":ro");
        options.addAll(List.of(more));
        return options;
    }

    private void restore() throws Exception {
        List<String> options = withSocket("-v", volumes() + ":" + volumes());
        for (String capability : List.of("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID")) {
            options.addAll(List.of("--cap-add", capability));
        }
        agent.run(options, "restore", "documents", "--to-volume", "papers", "--yes")
                .well();
    }

    @Test
    void aVolumeIsBackedUpWhileItsContainerIsPausedAndComesBack() throws Exception {
        docker.startIdle("app", "documents", "--label", "holdfast.consistency=pause");

        Said said = agent.run(forBackups(), "backup", "documents", "--server", "vault")
                .well();

        assertThat(said.err()).contains("pausing container 'app'");
        assertThat(docker.state("app")).isEqualTo("running");
        restore();
        Trees.assertSame(documents, papers);
    }

    @Test
    void withoutTheFolderOfVolumesItSaysWhatToMountAndBacksUpNothing() throws Exception {
        docker.startIdle("app", "documents", "--label", "holdfast.consistency=stop");

        Said said = agent.run(withSocket(), "backup", "documents", "--server", "vault", "--json");

        said.ending(10);
        assertThat(said.err())
                .contains("the files of volume 'documents' are not in this container", documents.toString())
                .contains("-v " + volumes() + ":" + volumes() + ":ro");
        assertThat(said.out()).doesNotContain("summary");
        assertThat(docker.state("app")).isEqualTo("running");
    }

    @Test
    void aFolderOfTheImageIsNotTakenForABoundVolume() throws Exception {
        docker.docker("volume", "rm", "papers");
        docker.docker("volume", "create", "-o", "type=none", "-o", "o=bind", "-o", "device=/opt", "papers");

        Said restored = agent.run(forBackups(), "restore", "documents", "--to-volume", "papers", "--dry-run", "--yes");
        assertThat(restored.ending(10).err()).contains("-v /opt:/opt:ro");
    }

    @Test
    void itsOwnContainerIsNeverHeldStill() throws Exception {
        docker.startIdle("app", "documents", "--label", "holdfast.consistency=stop");

        Said said = agent.run(
                withSocket("--name", "agent", "--label", "holdfast.consistency=stop", "-v", "documents:" + documents),
                "backup",
                "documents");

        said.well();
        assertThat(said.err())
                .contains("container 'agent' is left as it is", "stopping container 'app'")
                .doesNotContain("stopping container 'agent'");
        assertThat(docker.state("app")).isEqualTo("running");
    }

    @Test
    void dockerStopEndsABackupCleanlyAndTheNextGoesOn() throws Exception {
        Trees.fill(documents, 8, 8, 18);
        long source = Trees.bytes(documents);
        docker.startIdle("app", "documents", "--label", "holdfast.consistency=pause");
        Gate toServer = site.line().toServer();
        long before = toServer.passed();
        toServer.holdAfter(40L * MIB);
        Running backup = agent.start(forBackups("--name", "agent"), "backup", "documents");
        toServer.awaitHold();
        assertThat(docker.state("app")).isEqualTo("paused");

        docker.docker("stop", "-t", "60", "agent");
        Said said = backup.await();
        toServer.release();

        said.ending(TERMINATED);
        assertThat(said.err()).contains("the same command goes on from there");
        assertThat(docker.state("app")).isEqualTo("running");
        agent.run(forBackups(), "backup", "documents").well();
        assertThat(toServer.passed() - before)
                .as("bytes that both runs sent together for %d bytes of files", source)
                .isLessThan(source * 11 / 10 + 16 * MIB);
        restore();
        Trees.assertSame(documents, papers);
    }

    @Test
    void theScheduleRunsAsProcessOneAndAnswersAProbe() throws Exception {
        Running schedule = agent.start(forBackups("--name", "agent"), "schedule", "run");
        Wait.until("the agent answers", PATIENCE, () -> probe().exitCode() == 0);

        docker.docker("stop", "-t", "30", "agent");

        schedule.await().ending(TERMINATED);
    }

    private static Said probe() throws Exception {
        return Running.start(
                        shared,
                        Map.of(),
                        List.of(
                                "docker",
                                "-H",
                                docker.host(),
                                "exec",
                                "agent",
                                "java",
                                "@/opt/holdfast/resources/agent.flags",
                                "dev.holdfast.cli.launch.Main",
                                "schedule",
                                "status"))
                .await();
    }

    @Test
    void theSameFilesMakeTheSameImage() throws Exception {
        Path again = AgentImage.make(Files.createDirectories(shared.resolve("again")));

        assertThat(again).hasSameBinaryContentAs(shared.resolve("agent/agent.tar"));
    }
}
