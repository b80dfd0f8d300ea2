package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of the agent in the middle of its work. */
@Timeout(600)
final class KilledAgentTest {
    private static final long MIB = 1 << 20;
    private static final long IN_FLIGHT = 16 * MIB;

    @TempDir
    Path folder;

    @Test
    void aFirstBackupThatIsKilledAgainAndAgainGoesOnWhereItWas() throws Exception {
        try (RealSite site = RealSite.open(folder)) {
            Trees.fill(site.documents(), 12, 8, 3);
            long source = Trees.bytes(site.documents());
            Gate toServer = site.line().toServer();

            for (long point : new long[] {2 * MIB, 40 * MIB, 30 * MIB}) {
                toServer.holdAfter(point);
                Running backup = site.startBackup("alice", "documents");
                toServer.awaitHold();
                backup.kill();
                toServer.release();
            }
            site.backUp("alice", "documents").well();

            assertThat(toServer.passed())
                    .as("bytes that all runs sent together for %d bytes of files", source)
                    .isLessThan(source * 11 / 10 + IN_FLIGHT);
            site.assertDocumentsComeBack();
        }
    }

    @Test
    void aRestoreThatIsKilledAgainAndAgainGoesOnWhereItWas() throws Exception {
        try (RealSite site = RealSite.open(folder)) {
            Trees.fill(site.documents(), 48, 2, 4);
            long source = Trees.bytes(site.documents());
            site.backUp("alice", "documents").well();
            Gate fromServer = site.line().fromServer();
            long before = fromServer.passed();

            for (long point : new long[] {2 * MIB, 40 * MIB, 30 * MIB}) {
                fromServer.holdAfter(point);
                Running restore = site.startRestore();
                fromServer.awaitHold();
                restore.kill();
                fromServer.release();
            }
            site.assertDocumentsComeBack();

            assertThat(fromServer.passed() - before)
                    .as("bytes that all runs fetched together for %d bytes of files", source)
                    .isLessThan(source * 11 / 10 + 3 * IN_FLIGHT);
        }
    }

    /** Size and time of a file can reach the disk before its content does. */
    @Test
    void aRestoreThatEndedWithTheWholeMachineTrustsNoFileThatItFinds() throws Exception {
        try (RealSite site = RealSite.open(folder)) {
            Trees.fill(site.documents(), 48, 2, 17);
            site.backUp("alice", "documents").well();
            killRestoreAfter(60 * MIB, site);
            Trees.shell(
                    site.papers(),
                    "for f in *; do touch -r $f ../stamp; s=$(stat -c %s $f); : > $f; truncate -s $s $f; touch -r ../stamp $f;"
                            + " done; rm ../stamp");
            Trees.shell(site.state("bob"), "sed -i 's/^boot .*/boot of-yesterday/' bob/restore-*.unfinished");

            killRestoreAfter(4 * MIB, site);
            assertThat(zeros(site)).as("files that no run has looked at again").isGreaterThan(1);

            site.assertDocumentsComeBack();
            assertThat(site.state("bob").resolve("bob")).isDirectoryNotContaining("glob:**.unfinished");
        }
    }

    private static void killRestoreAfter(long bytes, RealSite site) throws Exception {
        site.line().fromServer().holdAfter(bytes);
        Running restore = site.startRestore();
        site.line().fromServer().awaitHold();
        restore.kill();
        site.line().fromServer().release();
    }

    private static long zeros(RealSite site) throws Exception {
        return Long.parseLong(Trees.shell(
                        site.papers(), "for f in *; do if cmp -s -n 1M $f /dev/zero; then echo $f; fi; done | wc -l")
                .strip());
    }
}
