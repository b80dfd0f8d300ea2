package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A large file is written to while it is backed up. */
@Timeout(600)
final class ChangingFileTest {
    private static final long MIB = 1 << 20;

    @TempDir
    Path folder;

    @Test
    void theSummaryAndTheListOfSnapshotsTellOfIt() throws Exception {
        try (RealSite site = RealSite.open(folder)) {
            Trees.shell(site.documents(), "head -c 100M /dev/urandom > log; echo calm > note");

            Said forPeople = backUpWhileItChanges(site).well();
            Trees.shell(site.documents(), "head -c 100M /dev/urandom > log");
            Said forPrograms = backUpWhileItChanges(site, "--json").well();

            assertThat(forPeople.out()).contains("fuzzy:  1 file changed while being read: log");
            assertThat(forPrograms.summary().number("files_fuzzy")).isEqualTo(1);
            assertThat(forPrograms.out()).contains("\"fuzzy\":[{\"path\":\"log\"}]");
            site.backUp("alice", "documents").well();
            assertThat(site.run("alice", "snapshots").well().out().lines())
                    .filteredOn(line -> line.contains("documents"))
                    .extracting(line -> line.endsWith("complete, fuzzy"))
                    .containsExactly(true, true, false);
        }
    }

    private static Said backUpWhileItChanges(RealSite site, String... options) throws Exception {
        Gate toServer = site.line().toServer();
        toServer.holdAfter(4 * MIB);
        String[] words = new String[options.length + 2];
        words[0] = "backup";
        words[1] = "documents";
        System.arraycopy(options, 0, words, 2, options.length);
        Running backup = site.start("alice", words);
        toServer.awaitHold();
        Trees.shell(site.documents(), "echo more >> log");
        toServer.release();
        return backup.await();
    }
}
