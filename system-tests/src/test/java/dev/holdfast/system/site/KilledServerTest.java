package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of the server in the middle of its work, and started again while the host waits. */
@Timeout(600)
final class KilledServerTest {
    private static final long MIB = 1 << 20;

    @TempDir
    Path folder;

    @Test
    void theSameBackupCommandRidesOutServersThatDieAndWhatWasAcknowledgedStays() throws Exception {
        try (RealSite site = RealSite.open(folder)) {
            Trees.fill(site.documents(), 2, 3, 5);
            Path kept = folder.resolve("as-it-was");
            Trees.shell(folder, "cp -a '" + site.documents() + "' '" + kept + "'");
            String acknowledged =
                    site.backUp("alice", "documents").well().summary().text("snapshot_id");
            Trees.fill(site.documents(), 10, 8, 6);

            Gate toServer = site.line().toServer();
            toServer.holdAfter(5 * MIB);
            Running backup = site.startBackup("alice", "documents");
            for (long next : new long[] {30 * MIB, 30 * MIB}) {
                toServer.awaitHold();
                site.killServer();
                toServer.release();
                toServer.holdAfter(next);
                site.startServer();
            }
            toServer.release();
            backup.await().well();

            site.assertDocumentsComeBack();
            site.restore("--snapshot", acknowledged).well();
            Trees.assertSame(kept, site.papers());
            assertThat(site.serverStatus().well().out()).contains("\"warnings\":[]");
        }
    }

    @Test
    void aSnapshotThatWasAcknowledgedSurvivesAServerThatDiesInThatMoment() throws Exception {
        try (RealSite site = RealSite.open(folder)) {
            Trees.fill(site.documents(), 3, 5, 7);
            site.backUp("alice", "documents").well();
            site.killServer();
            site.startServer();
            site.assertDocumentsComeBack();

            Trees.shell(site.documents(), "echo more > more; rm file1");
            site.backUp("alice", "documents").well();
            site.killServer();
            site.startServer();
            site.assertDocumentsComeBack();
        }
    }

    @Test
    void theSameRestoreCommandRidesOutAServerThatDies() throws Exception {
        try (RealSite site = RealSite.open(folder)) {
            Trees.fill(site.documents(), 20, 3, 8);
            site.backUp("alice", "documents").well();

            Gate fromServer = site.line().fromServer();
            fromServer.holdAfter(20 * MIB);
            Running restore = site.startRestore();
            fromServer.awaitHold();
            site.killServer();
            fromServer.release();
            site.startServer();
            restore.await().well();

            Trees.assertSame(site.documents(), site.papers());
        }
    }
}
