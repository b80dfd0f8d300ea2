package dev.holdfast.agent.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.agent.files.FileSystemView;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A disk that is full under the archive is no fault of the volume: there is one error, of the archive, and no file. */
final class FullDiskTest {
    private static final String NAME = "local-photos-20261120-120000.tar";

    @TempDir
    Path folder;

    private final List<String> notices = new ArrayList<>();
    private Path source;
    private Path small;

    @BeforeEach
    void moreThanTheDiskHolds() throws IOException, InterruptedException {
        small = Files.createDirectory(folder.resolve("small"));
        assumeTrue(Programs.has("archives on a full disk", "mount", "umount"));
        Programs.shell(folder, "mount -t tmpfs -o size=1m tmpfs small");
        source = Files.createDirectory(folder.resolve("source"));
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(11);
        for (int i = 0; i < 300; i++) {
            Files.write(source.resolve("small" + i), noise(random, 5000));
        }
        Files.write(source.resolve("large"), noise(random, 2 << 20));
    }

    private static byte[] noise(RandomGenerator random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    @AfterEach
    void unmount() throws IOException, InterruptedException {
        Programs.shell(folder, "! mountpoint -q small || umount small");
    }

    private ExportRun run(Compression compression) {
        ExportRun.Target target = new ExportRun.Target(small, NAME, compression, Optional.empty());
        Progress progress = new Progress() {
            @Override
            public void notice(String message) {
                notices.add(message);
            }
        };
        return new ExportRun(FileSystemView.open(), target, () -> false, progress);
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void aFullDiskIsOneErrorOfTheArchiveAndLeavesNoFile(Compression compression) {
        assertThatThrownBy(() -> run(compression).folder(source))
                .isInstanceOfSatisfying(
                        HoldfastException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.NO_SPACE))
                .hasMessageContaining("archive " + small.resolve(NAME) + " cannot be written: ")
                .hasMessageContaining("no space left on device");

        assertThat(notices).isEmpty();
        assertThat(small).isEmptyDirectory();
    }

    @Test
    void aDiskThatIsFullOnlyAtTheVeryEndIsOneToo() throws IOException {
        // Less than is gathered before it is written, so that nothing fails until the archive is closed.
        Path little = Files.createDirectory(folder.resolve("little"));
        Files.write(little.resolve("file"), new byte[100_000]);
        Files.write(small.resolve("filler"), new byte[1_000_000]);

        assertThatThrownBy(() -> run(Compression.NONE).folder(little))
                .isInstanceOfSatisfying(
                        HoldfastException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.NO_SPACE));

        assertThat(small).isDirectoryNotContaining("glob:**.tar").isDirectoryNotContaining("glob:**.partial");
    }
}
