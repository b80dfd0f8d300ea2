package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the operator wants run around a backup is run, whatever happens to the backup. */
@Timeout(300)
final class HooksTest {
    private static final int FAILED = 1;
    private static final int ABSENT = 10;
    private static final int DENIED = 12;
    private static final long MIB = 1 << 20;

    @TempDir
    Path folder;

    private Path notes() {
        return folder.resolve("notes");
    }

    /** Alice's documents with hooks that note themselves. */
    private void configure(RealSite site, String before) throws Exception {
        String hooks = """
                { name: documents, hooks: {before: '%s', after: 'echo after >>%s',
                  on_failure: 'echo "$HOLDFAST_PROBLEM for $HOLDFAST_HOST/$HOLDFAST_VOLUME" >>%s', timeout: 1m } }""".formatted(before, notes(), notes());
        Files.createDirectories(site.documents());
        String yaml = site.configuration();
        assertThat(yaml).contains("{ name: documents }");
        site.configure(yaml.replace("{ name: documents }", hooks));
    }

    private List<String> noted() throws Exception {
        return Files.readAllLines(notes());
    }

    @Test
    void theyRunAroundTheReadingOfTheVolumeAndNotInADryRun() throws Exception {
        try (RealSite site = RealSite.open(folder)) {
            configure(site, "date >" + site.documents() + "/dump; echo before >>" + notes());
            site.run("alice", "backup", "documents", "--dry-run").well();
            assertThat(notes()).doesNotExist();

            Said backup = site.backUp("alice", "documents").well();

            assertThat(noted()).containsExactly("before", "after");
            assertThat(backup.err()).contains("running hook `before` of 'documents'");
            assertThat(site.run("bob", "ls", "documents", "--source", "alice")
                            .well()
                            .out())
                    .contains("dump");
        }
    }

    @Test
    void aBackupWhoseFirstCommandFailsMakesNoSnapshotAndSaysSoToTheLast() throws Exception {
        try (RealSite site = RealSite.open(folder)) {
            configure(site, "echo the disk is full; exit 7");

            Said backup = site.backUp("alice", "documents").ending(FAILED);

            assertThat(backup.err())
                    .contains("hook `before` of volume 'documents' ended with code 7: the disk is full");
            assertThat(noted()).containsExactly("after", "HF-FAILED for alice/documents");
            site.run("alice", "snapshots", "alice/documents").ending(ABSENT);
        }
    }

    @Test
    void whatAKilledBackupOwesIsRunByTheNextOfAnyVolume() throws Exception {
        try (RealSite site = RealSite.open(folder)) {
            Trees.fill(site.documents(), 8, 2, 91);
            configure(site, "echo before >>" + notes());
            Gate toServer = site.line().toServer();
            toServer.holdAfter(2 * MIB);
            Running backup = site.startBackup("alice", "documents");
            toServer.awaitHold();
            backup.kill();
            toServer.release();
            assertThat(noted()).containsExactly("before");

            assertThat(site.backUp("alice", "documents").well().err())
                    .contains("an interrupted backup of 'documents' has not run its hook `after`");

            assertThat(noted()).containsExactly("before", "after", "before", "after");
        }
    }

    @Test
    void aConfigurationThatOthersMayChangeRunsNothing() throws Exception {
        try (RealSite site = RealSite.open(folder)) {
            configure(site, "echo before >>" + notes());
            Trees.shell(folder, "chmod o+w hosts.yaml");

            Said backup = site.backUp("alice", "documents").ending(DENIED);

            assertThat(backup.err()).contains("hooks are not run from a configuration that somebody else may change");
            assertThat(notes()).doesNotExist();
        }
    }
}
