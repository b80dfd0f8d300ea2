package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot leaves the server as a tar file that GNU tar unpacks to the same tree, and comes back as a volume. */
@Timeout(600)
final class ArchiveTest {
    @TempDir
    Path folder;

    @Test
    void everyKindOfFileAndMetadataLeavesAndComesBack() throws Exception {
        assumeTrue(
                Trees.isRoot() && Trees.hasAll("exports", "tar", "setfattr", "getfattr", "setfacl", "setcap", "rsync"));
        try (RealSite site = RealSite.open(folder)) {
            Trees.shell(
                    site.documents(),
                    FidelityTest.FOR_EVERYBODY + FidelityTest.ATTRIBUTES + FidelityTest.FOR_ROOT
                            + "truncate -s 300000000 huge;"
                            + "for i in $(seq 0 70); do printf x | dd of=holes bs=1 seek=$((i * 70000)) conv=notrunc status=none; done;"
                            + FidelityTest.LAST);
            site.backUp("alice", "documents").well();
            Path out = Files.createDirectories(folder.resolve("out"));

            String archive = site.startUnder(
                            List.of("/usr/bin/env", "SUDO_UID=1234", "SUDO_GID=4321"),
                            "bob",
                            "export",
                            "documents",
                            "--source",
                            "alice",
                            "--to-dir",
                            out.toString(),
                            "--compress",
                            "zst",
                            "--json")
                    .await()
                    .well()
                    .summary()
                    .text("archive");

            assertThat(Trees.shell(out, "stat -c '%u:%g %a' '" + archive + "'")).isEqualTo("1234:4321 600\n");
            Path unpacked = folder.resolve("unpacked");
            Trees.shell(
                    unpacked,
                    "tar --numeric-owner --xattrs --xattrs-include='*' --acls --selinux -xpf '" + archive + "'");
            Trees.assertSame(site.documents(), unpacked);

            site.run("bob", "import", archive, "papers", "--special").well();
            Trees.assertSame(site.documents(), site.papers());
        }
    }
}
