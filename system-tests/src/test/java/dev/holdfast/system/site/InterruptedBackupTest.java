package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C or SIGTERM in the middle of a backup. */
@Timeout(600)
final class InterruptedBackupTest {
    private static final long MIB = 1 << 20;
    private static final long IN_FLIGHT = 16 * MIB;
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    @Test
    void itStopsSoonSaysWhatIsKeptAndTheNextRunGoesOn() throws Exception {
        try (RealSite site = RealSite.open(folder)) {
            Trees.fill(site.documents(), 12, 8, 3);
            long source = Trees.bytes(site.documents());
            Gate toServer = site.line().toServer();
            toServer.holdAfter(40 * MIB);
            Running backup = site.start("alice", "backup", "documents");
            toServer.awaitHold();

            backup.signal("INT");
            Said said = backup.await(SOON);
            toServer.release();

            said.ending(130);
            assertThat(said.err())
                    .contains("stopping; what was sent so far is kept")
                    .contains("the backup was cancelled")
                    .contains("the same command goes on from there");
            site.backUp("alice", "documents").well();
            assertThat(toServer.passed())
                    .as("bytes that both runs sent together for %d bytes of files", source)
                    .isLessThan(source * 11 / 10 + IN_FLIGHT);
            site.assertDocumentsComeBack();
        }
    }

    @Test
    void aProgramLearnsTheExitCodeOfSigtermInJsonToo() throws Exception {
        try (RealSite site = RealSite.open(folder)) {
            Trees.fill(site.documents(), 4, 8, 31);
            Gate toServer = site.line().toServer();
            toServer.holdAfter(8 * MIB);
            Running backup = site.startBackup("alice", "documents");
            toServer.awaitHold();

            backup.signal("TERM");
            Said said = backup.await(SOON);
            toServer.release();

            said.ending(143);
            assertThat(said.err())
                    .contains("{\"message_type\":\"exit_error\",\"code\":143,\"problem\":\"HF-CANCELLED\",");
        }
    }
}
