package dev.holdfast.system.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.backup.BackupOutcome;
import dev.holdfast.agent.browse.Change;
import dev.holdfast.agent.browse.LiveTree;
import dev.holdfast.agent.browse.TreeDiff;
import dev.holdfast.agent.link.ServerLink;
import dev.holdfast.agent.tree.Gap;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.core.config.PathFilter;
import dev.holdfast.core.progress.Progress;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.system.hosts.TwoHosts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A volume of {@code alice} and the server that keeps it. */
final class Volume implements AutoCloseable {
    final TwoHosts hosts;
    final Path root;

    Volume(Path temp) throws IOException {
        hosts = new TwoHosts(temp.resolve("hosts"));
        root = Files.createDirectory(temp.resolve("volume"));
    }

    /** Runs a script in the volume. */
    void change(String script) throws Exception {
        Process shell = new ProcessBuilder("sh", "-e", "-c", script)
                .directory(root.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(shell.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).as(said).isZero();
    }

    BackupOutcome backUp() {
        return hosts.backup("alice", "data", root);
    }

    BackupOutcome backUp(Progress progress) {
        return hosts.backup("alice", "data", root, false, progress);
    }

    BackupOutcome rehash() {
        return hosts.backup("alice", "data", root, true);
    }

    private static void whole(Gap gap) {
        throw gap.problem();
    }

    /** The differences between two snapshots, such as {@code "M file"}, and the bytes that were fetched to find them. */
    record Differences(List<String> lines, long fetched) {}

    Differences diff(BackupOutcome before, BackupOutcome after) {
        try (ServerLink link = hosts.connect("alice");
                SnapshotReader old = open(link, before);
                SnapshotReader now = open(link, after)) {
            return run(link, TreeDiff.between(old, now, Volume::whole, () -> false));
        }
    }

    /** The same between a snapshot and what is there now. */
    Differences diff(BackupOutcome before) throws IOException {
        try (ServerLink link = hosts.connect("alice");
                SnapshotReader old = open(link, before);
                LiveTree live = LiveTree.open(hosts.files(), root, PathFilter.everything(), hosts.realm(), reason -> {
                    throw new AssertionError(reason);
                })) {
            return run(link, TreeDiff.against(old, live, Volume::whole, () -> false));
        }
    }

    private SnapshotReader open(ServerLink link, BackupOutcome outcome) {
        SnapshotRecord record = outcome.record().orElseThrow();
        return SnapshotReader.open(link, hosts.realm(), record);
    }

    private static Differences run(ServerLink link, TreeDiff diff) {
        List<String> lines = new ArrayList<>();
        diff.run(change -> lines.add(line(change)));
        return new Differences(lines, link.bytesReceived());
    }

    private static String line(Change change) {
        return change.kind().mark() + " " + change.path();
    }

    @Override
    public void close() throws IOException {
        hosts.close();
    }
}
