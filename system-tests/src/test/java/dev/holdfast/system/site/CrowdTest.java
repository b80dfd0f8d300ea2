package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several at once. */
@Timeout(600)
final class CrowdTest {
    @TempDir
    Path folder;

    @Test
    void twoAgentsOfOneHostAtOnceBothSucceedAndTheChainHolds() throws Exception {
        try (RealSite site = RealSite.open(folder)) {
            Trees.fill(site.documents(), 6, 4, 40);
            Trees.fill(site.volume("alice", "pictures"), 6, 4, 41);

            List<Running> backups = List.of(
                    site.startBackup("alice", "documents"),
                    site.startBackup("alice", "documents"),
                    site.startBackup("alice", "pictures"));
            for (Running backup : backups) {
                backup.await().well();
            }

            site.killServer();
            site.startServer();
            assertThat(site.serverStatus().well().out()).contains("\"warnings\":[]");
            String snapshots = site.run("alice", "snapshots", "--json").well().out();
            assertThat(snapshots.split("\"volume\":\"documents\"", -1)).hasSize(3);
            assertThat(snapshots.split("\"volume\":\"pictures\"", -1)).hasSize(2);
            site.assertDocumentsComeBack();
        }
    }

    @Test
    void aBackupAndARestoreOfTheSameVolumeGoTogether() throws Exception {
        try (RealSite site = RealSite.open(folder)) {
            Trees.fill(site.documents(), 10, 4, 42);
            site.backUp("alice", "documents").well();
            Path kept = folder.resolve("as-it-was");
            Trees.shell(folder, "cp -a '" + site.documents() + "' '" + kept + "'");
            site.line().fromServer().holdAfter(10 << 20);
            Running restore = site.startRestore();
            site.line().fromServer().awaitHold();
            site.line().fromServer().release();

            Trees.fill(site.documents(), 10, 4, 43);
            site.backUp("alice", "documents").well();

            restore.await().well();
            Trees.assertSame(kept, site.papers());
        }
    }
}
