package dev.holdfast.system.site;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The line breaks for some seconds. */
@Timeout(600)
final class CutLineTest {
    private static final long MIB = 1 << 20;

    @TempDir
    Path folder;

    @Test
    void theSameBackupCommandSucceeds() throws Exception {
        try (RealSite site = RealSite.open(folder)) {
            Trees.fill(site.documents(), 8, 6, 9);
            site.line().toServer().holdAfter(20 * MIB);
            Running backup = site.startBackup("alice", "documents");

            site.line().toServer().awaitHold();
            breakForAWhile(site.line());
            backup.await().well();

            site.assertDocumentsComeBack();
        }
    }

    @Test
    void theSameRestoreCommandSucceeds() throws Exception {
        try (RealSite site = RealSite.open(folder)) {
            Trees.fill(site.documents(), 8, 6, 10);
            site.backUp("alice", "documents").well();
            site.line().fromServer().holdAfter(20 * MIB);
            Running restore = site.startRestore();

            site.line().fromServer().awaitHold();
            breakForAWhile(site.line());
            restore.await().well();

            Trees.assertSame(site.documents(), site.papers());
        }
    }

    @Test
    void aPoorLineThatBreaksAgainAndAgainIsEnoughAsLongAsSomethingGetsThrough() throws Exception {
        try (RealSite site = RealSite.open(folder)) {
            Trees.fill(site.documents(), 40, 2, 16);

            Running backup = site.startBackup("alice", "documents");
            breakAgainAndAgain(site.line(), site.line().toServer());
            backup.await().well();

            Running restore = site.startRestore();
            breakAgainAndAgain(site.line(), site.line().fromServer());
            restore.await().well();
            Trees.assertSame(site.documents(), site.papers());
        }
    }

    /** More often than a host tries in vain. */
    private static void breakAgainAndAgain(Line line, Gate gate) throws Exception {
        for (int i = 0; i < 10; i++) {
            gate.holdAfter(6 * MIB);
            gate.awaitHold();
            line.cut();
            gate.release();
            line.heal();
        }
    }

    /** Until the host has tried in vain twice, which takes it three seconds. */
    private static void breakForAWhile(Line line) throws Exception {
        long before = line.turnedAway();
        line.cut();
        line.toServer().release();
        line.fromServer().release();
        Wait.until("the host has tried again", Duration.ofMinutes(1), () -> line.turnedAway() >= before + 2);
        line.heal();
    }
}
