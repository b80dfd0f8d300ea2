package dev.holdfast.system.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.backup.BackupOutcome;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Database files: only the pages that changed are stored, wherever the file is cut and however it grows and shrinks. */
class PagedFilesTest {
    private static final int SPAN = 64 << 20;
    private static final int CHUNK = 2 << 20;

    @TempDir
    Path temp;

    private final SplittableRandom random = new SplittableRandom(2011);
    private Volume volume;
    private Path file;

    @BeforeEach
    void open() throws Exception {
        volume = new Volume(temp);
        file = volume.root.resolve("database");
    }

    @AfterEach
    void close() throws Exception {
        volume.close();
    }

    /** An SQLite file of random pages of this size. */
    private void make(int pageBytes, int length) throws Exception {
        byte[] content = new byte[length];
        random.nextBytes(content);
        byte[] magic = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(magic, 0, content, 0, magic.length);
        content[16] = (byte) (pageBytes == 1 << 16 ? 0 : pageBytes >>> 8);
        content[17] = (byte) (pageBytes == 1 << 16 ? 1 : pageBytes);
        Files.write(file, content);
    }

    private void overwrite(long position, int length) throws Exception {
        byte[] content = new byte[length];
        random.nextBytes(content);
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(position);
            open.write(content);
        }
    }

    private BackupOutcome backUpAndCompare() throws Exception {
        BackupOutcome outcome = volume.backUp();
        Path back = Files.createTempDirectory(temp, "back");
        volume.hosts.restore("alice", outcome.record().orElseThrow(), back);
        assertThat(Files.mismatch(file, back.resolve("database"))).isEqualTo(-1);
        return outcome;
    }

    @Test
    void onlyChangedPagesAreStoredOnBothSidesOfEveryBoundary() throws Exception {
        make(8192, SPAN + 5 * CHUNK);
        backUpAndCompare();
        int[] changed = {
            8192, CHUNK - 8192, CHUNK, 3 * CHUNK - 8192, 3 * CHUNK, SPAN - 8192, SPAN, SPAN + 5 * CHUNK - 8192
        };
        for (int position : changed) {
            overwrite(position + 100, 50);
        }

        BackupOutcome outcome = backUpAndCompare();

        assertThat(outcome.newBytes()).isBetween(changed.length * 8192L, changed.length * 8192L + (160 << 10));
    }

    @Test
    void pagesChangeWhileTheFileGrowsAndShrinksByAnyLength() throws Exception {
        for (int pageBytes : new int[] {4096, 1 << 16}) {
            make(pageBytes, 7_000_001);
            backUpAndCompare();
            for (int round = 0; round < 6; round++) {
                long size = Files.size(file);
                for (int i = 0; i < 5; i++) {
                    overwrite(100 + random.nextLong(size - 70_100), 1 + random.nextInt(70_000));
                }
                try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
                    if (round % 2 == 0) {
                        open.setLength(size - random.nextInt(3_000_000));
                    }
                }
                if (round % 2 == 1) {
                    overwrite(Files.size(file), 1 + random.nextInt(5_000_000));
                }
                backUpAndCompare();
            }
        }
    }

    @Test
    void aNewFileOfPagesIsStoredOnceHoweverOftenItIsCopied() throws Exception {
        make(4096, 3 * CHUNK + 4096);
        backUpAndCompare();
        Files.copy(file, volume.root.resolve("copy"));

        assertThat(volume.backUp().newBytes()).isLessThan(64 << 10);
    }
}
