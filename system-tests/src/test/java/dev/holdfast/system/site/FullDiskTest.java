package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** No space left, at either end. */
@Timeout(600)
final class FullDiskTest {
    private static final int NO_SPACE = 15;
    /** What the server leaves alone on its disk. */
    private static final int RESERVED_MEGABYTES = 64;

    @TempDir
    Path folder;

    @BeforeEach
    void needsMounts() throws Exception {
        assumeTrue(SmallDisk.isPossible(), "a small file system cannot be mounted");
    }

    @Test
    void aServerWithoutRoomForABackupSaysSoAndGoesOnWhenThereIsRoom() throws Exception {
        Path data = folder.resolve("small");
        try (SmallDisk disk = SmallDisk.mount(data, RESERVED_MEGABYTES + 36);
                RealSite site = RealSite.open(folder, data)) {
            Trees.fill(site.documents(), 2, 4, 11);
            site.backUp("alice", "documents").well();
            Trees.fill(site.documents(), 8, 8, 12);

            Said full = site.backUp("alice", "documents").ending(NO_SPACE);

            assertThat(full.everything())
                    .contains("HF-NO-SPACE")
                    .contains("disk is full; the last 64MiB are kept free");
            site.assertServerIsWell();
            site.backUp("alice", "documents").ending(NO_SPACE);
            disk.grow(RESERVED_MEGABYTES + 200);
            site.backUp("alice", "documents").well();
            site.assertDocumentsComeBack();
        }
    }

    @Test
    void aDiskThatSomebodyElseFillsUpWhileABackupRunsHarmsNothingThatWasAcknowledged() throws Exception {
        Path data = folder.resolve("small");
        try (SmallDisk disk = SmallDisk.mount(data, RESERVED_MEGABYTES + 100);
                RealSite site = RealSite.open(folder, data)) {
            Trees.fill(site.documents(), 2, 4, 13);
            site.backUp("alice", "documents").well();
            Path kept = folder.resolve("as-it-was");
            Trees.shell(folder, "cp -a '" + site.documents() + "' '" + kept + "'");
            Trees.fill(site.documents(), 8, 6, 14);

            site.line().toServer().holdAfter(8 << 20);
            Running backup = site.startBackup("alice", "documents");
            site.line().toServer().awaitHold();
            disk.fill();
            site.line().toServer().release();
            backup.await().ending(NO_SPACE);

            site.restore().well();
            Trees.assertSame(kept, site.papers());
            site.killServer();
            site.startServer();
            site.restore().well();
            disk.empty();
            site.backUp("alice", "documents").well();
            site.assertDocumentsComeBack();
        }
    }

    @Test
    void aFullTargetSaysSoAndGoesOnWhenThereIsRoom() throws Exception {
        try (RealSite site = RealSite.open(folder);
                SmallDisk disk = SmallDisk.mount(site.papers(), 20)) {
            Trees.fill(site.documents(), 8, 5, 15);
            site.backUp("alice", "documents").well();

            Said full = site.restore().ending(NO_SPACE);

            assertThat(full.everything()).contains("HF-NO-SPACE");
            disk.grow(200);
            site.assertDocumentsComeBack();
        }
    }
}
