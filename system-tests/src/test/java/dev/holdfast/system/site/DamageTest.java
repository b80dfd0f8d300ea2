package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A byte that flipped on the server's disk. */
@Timeout(600)
final class DamageTest {
    private static final int DAMAGE = 14;

    @TempDir
    Path folder;

    @Test
    void aRestoreNamesTheDamagedFileAndBringsBackAllOthers() throws Exception {
        try (RealSite site = RealSite.open(folder)) {
            Trees.fill(site.documents(), 8, 3, 30);
            site.backUp("alice", "documents").well();
            flipByteInTheMiddle(largestFile(site.serverData()));

            Said said = site.restore().ending(DAMAGE);

            List<String> wrong = filesThatDiffer(site.documents(), site.papers());
            assertThat(wrong).as("files that did not come back: " + said).hasSize(1);
            assertThat(said.everything()).contains(wrong.get(0));
            assertThat(site.papers().resolve(wrong.get(0)))
                    .as("nothing half is left in its place")
                    .doesNotExist();
            assertThat(site.papers())
                    .isDirectoryNotContaining(
                            left -> !left.getFileName().toString().startsWith("file"));
            assertThat(site.serverStatus().well().out() + site.serverLog()).containsIgnoringCase("damage");

            site.run("alice", "backup", "documents", "--rehash").well();
            site.restore().well();
            assertThat(filesThatDiffer(site.documents(), site.papers())).isEmpty();
        }
    }

    @Test
    void whatStoodThereBeforeStaysWhenItsSuccessorIsDamaged() throws Exception {
        try (RealSite site = RealSite.open(folder)) {
            Trees.fill(site.documents(), 1, 6, 31);
            site.backUp("alice", "documents").well();
            Files.createDirectories(site.papers());
            Files.writeString(site.papers().resolve("file0"), "older, but whole");
            flipByteInTheMiddle(largestFile(site.serverData()));

            site.restore().ending(DAMAGE);

            assertThat(site.papers().resolve("file0")).hasContent("older, but whole");
        }
    }

    private static Path largestFile(Path folder) throws Exception {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        }
    }

    private static void flipByteInTheMiddle(Path file) throws Exception {
        try (RandomAccessFile pack = new RandomAccessFile(file.toFile(), "rw")) {
            long middle = pack.length() / 2;
            pack.seek(middle);
            int before = pack.read();
            pack.seek(middle);
            pack.write(before ^ 0x10);
        }
    }

    private static List<String> filesThatDiffer(Path source, Path restored) throws Exception {
        return Trees.shell(source, "for f in *; do cmp -s \"$f\" '" + restored + "'/\"$f\" || echo \"$f\"; done")
                .lines()
                .toList();
    }
}
