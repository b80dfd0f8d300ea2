package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a backup could not read is missing from its snapshot, and nobody takes that for removed. */
@Timeout(300)
final class PartialSnapshotTest {
    private static final int PARTIAL = 3;

    @TempDir
    Path folder;

    private Said asNobody(RealSite site, String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--state", folder.resolve("state-nobody").toString()));
        return site.startUnder(
                        List.of("/usr/bin/setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"),
                        "alice",
                        all.toArray(String[]::new))
                .await();
    }

    private static Said restore(RealSite site, Path target, String... more) throws Exception {
        List<String> words =
                new ArrayList<>(List.of("restore", "documents", "--source", "alice", "--to", target.toString()));
        words.addAll(List.of(more));
        return site.run("bob", words.toArray(String[]::new));
    }

    @Test
    void aRestoreDeletesNothingThatTheBackupCouldNotRead() throws Exception {
        assumeTrue(Trees.isRoot(), "NOT TESTED: what an ordinary user may not read: that needs root");
        Trees.assumeHas("backups of an ordinary user", "setpriv");
        Path target = folder.resolve("target");
        try (RealSite site = RealSite.open(folder)) {
            Trees.shell(
                    site.documents(),
                    "mkdir -p sec/deep open; echo 1 > sec/one; echo 2 > sec/deep/two; echo 3 > no; echo 4 > gone;"
                            + " echo 5 > ok; echo 6 > open/hidden; chown -R 65534 .");
            site.backUp("alice", "documents").well();
            restore(site, target, "--yes").well();
            Trees.shell(target, "echo stray > stray; mkdir open/strays; echo x > open/strays/x");
            Trees.shell(
                    folder,
                    "chmod 755 .; cp -a '" + site.state("alice") + "' state-nobody; chown -R 65534:65534 state-nobody");
            Trees.shell(
                    site.documents(),
                    "chown -R 0 sec no open/hidden; chmod 0700 sec; chmod 0600 no open/hidden; rm gone");

            asNobody(site, "backup", "documents").ending(PARTIAL);

            Said plan = restore(site, target, "--delete", "--dry-run").well();
            assertThat(plan.out()).contains("delete gone", "delete stray", "delete open/strays");
            assertThat(plan.out()).doesNotContain("delete no", "delete sec", "delete open/hidden");
            assertThat(plan.err())
                    .contains(" is partial: 3 paths could not be read when it was made")
                    .contains("not in it: 'no': ", "not in it: 'sec': ", "not in it: 'open/hidden': ")
                    .contains("what is there now under these paths stays");

            Said json = restore(site, target, "--delete", "--yes", "--json").well();
            assertThat(json.summary().number("unreadable_count")).isEqualTo(3);
            assertThat(json.summary().number("files_deleted")).isEqualTo(3);
            assertThat(Trees.shell(target, "find . -type f | sort; cat no sec/one sec/deep/two open/hidden"))
                    .isEqualTo("./no\n./ok\n./open/hidden\n./sec/deep/two\n./sec/one\n3\n1\n2\n6\n");

            assertThat(site.run("bob", "ls", "documents", "--source", "alice", "-R")
                            .well()
                            .err())
                    .contains("not in it: 'sec': ");
        }
    }
}
