package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The hooks that the cookbook shows for btrfs, on a btrfs, round a volume that is written to all the time. */
@Timeout(300)
final class FileSystemSnapshotTest {
    private static final Path COOKBOOK = Path.of("../docs/cookbook/filesystem-snapshots.md");
    private static final int FILES = 3000;

    @TempDir
    Path folder;

    private Path disk;

    @BeforeEach
    void mountDisk() throws Exception {
        assumeTrue(Trees.isRoot(), "NOT TESTED: snapshots of btrfs: mounting one needs root");
        Trees.assumeHas("snapshots of btrfs", "mkfs.btrfs", "btrfs");
        disk = Files.createDirectory(folder.resolve("disk"));
        Trees.shell(
                folder,
                "truncate -s 300M image && mkfs.btrfs -q image && mount -o loop image disk && mkdir disk/.holdfast &&"
                        + " btrfs -q subvolume create disk/documents");
    }

    @AfterEach
    void unmountDisk() throws Exception {
        if (disk != null) {
            Trees.shell(folder, "umount -l disk");
        }
    }

    /** The volume as the cookbook has it, on this disk. */
    private String volume() throws Exception {
        return Pattern.compile("(?s)## btrfs\n.*?```yaml\nvolumes:\n(.*?)```")
                .matcher(Files.readString(COOKBOOK))
                .results()
                .findFirst()
                .orElseThrow()
                .group(1)
                .replace("/srv", disk.toString())
                .replace("shop", "documents");
    }

    /** A backup as long as this walk would see the first file long before the last. */
    private Process startWriting() throws Exception {
        Path documents = disk.resolve("documents");
        Trees.shell(documents, "seq " + FILES + " | split -l 1 -a 4 - m; echo 0 >first; echo 0 >zlast");
        return new ProcessBuilder(
                        "timeout",
                        "120",
                        "sh",
                        "-c",
                        "i=0; while :; do i=$((i+1)); echo $i >first.new; mv first.new first; echo $i >zlast.new; mv zlast.new"
                                + " zlast; done")
                .directory(documents.toFile())
                .start();
    }

    private static long number(Path file) throws Exception {
        return Long.parseLong(Files.readString(file).strip());
    }

    @Test
    void theSnapshotIsOfOneMomentAndGoneAfterwards() throws Exception {
        try (RealSite site = RealSite.open(folder)) {
            String yaml = site.configuration();
            assertThat(yaml).contains("  - { name: documents }\n");
            site.configure(yaml.replace("  - { name: documents }\n", volume()));
            Process writer = startWriting();
            try {
                site.backUp("alice", "documents").well();
                Trees.shell(
                        disk,
                        "btrfs -q subvolume snapshot -r documents .holdfast/documents"); // as a killed run leaves it
                site.backUp("alice", "documents").well();
            } finally {
                writer.destroy();
                writer.waitFor();
            }

            assertThat(disk.resolve(".holdfast")).isEmptyDirectory();
            site.restore().well();
            long first = number(site.papers().resolve("first"));
            assertThat(first).isPositive();
            assertThat(first - number(site.papers().resolve("zlast"))).isBetween(0L, 1L);
            assertThat(Trees.shell(site.papers(), "ls m* | wc -l").strip()).isEqualTo(String.valueOf(FILES));
        }
    }
}
