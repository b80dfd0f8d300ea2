package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.launch.ProgramRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A source that is in no configuration is told to be unknown, not that somebody has no backup. */
final class StrangeSourceTest {
    @TempDir
    Path folder;

    @Test
    void aSourceThatNobodyKnowsIsNamedWithTheClientsThereAreTheNearestFirst() throws IOException {
        SetupSite site = withTwoServers();
        Path file = folder.resolve("holdfast.yaml");

        ProgramRun run = site.run("--as", "alice", "restore", "photos", "--source", "bobb", "--to", "target");

        assertThat(run.err())
                .contains("no machine 'bobb' is in " + file, "not every server could be asked: cannot reach server")
                .contains("Clients of the configuration are bob, alice.");
        assertThat(run.exitCode()).isEqualTo(13);
    }

    private SetupSite withTwoServers() throws IOException {
        SetupSite site = new SetupSite(folder);
        Path file = folder.resolve("holdfast.yaml");
        Files.writeString(
                file,
                Files.readString(file)
                        .replace("clients:", "  - {name: annex, hostname: 127.0.0.1, port: 1, data: other}\nclients:"));
        site.setUp();
        return site;
    }

    @Test
    void allServersThatAreAwayAreNamed() throws IOException {
        SetupSite site = withTwoServers();

        ProgramRun restore = site.run("--as", "alice", "restore", "photos", "--to", "target");
        assertThat(restore.exitCode()).isEqualTo(13);
        assertThat(restore.err()).contains("cannot reach server 'attic'", "; cannot reach server 'annex'");

        ProgramRun snapshots = site.run("--as", "alice", "snapshots");
        assertThat(snapshots.exitCode()).isEqualTo(13);
        assertThat(snapshots.err())
                .contains("error: cannot reach server 'attic'", "WARNING: cannot reach server 'annex'");
    }
}
