package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Very many files, and a very large one that is nearly empty. {@code -Dholdfast.files=N} asks for another number of them. */
@Timeout(1200)
final class ManyAndLargeTest {
    private static final int FILES = Integer.getInteger("holdfast.files", 30_000);

    @TempDir
    Path folder;

    @Test
    void eightGibibytesOfHolesStaySparseAndAreQuick() throws Exception {
        String islands = "0 1 1000 4095 4096 5000 8190";
        try (RealSite site = RealSite.open(folder)) {
            Trees.shell(
                    site.documents(),
                    "truncate -s 8G image; for at in " + islands + "; do head -c 100000 /dev/urandom"
                            + " | dd of=image bs=1M seek=$at conv=notrunc status=none; done");
            long began = System.nanoTime();
            Said backup = site.backUp("alice", "documents").well();
            site.restore().well();

            // Generous: on an idle machine it is three seconds.
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMinutes(1));
            assertThat(backup.summary().number("total_bytes_processed")).isEqualTo(8L << 30);
            assertThat(backup.summary().number("bytes_sent")).isLessThan(2 << 20);
            // The same stretches of data, down to the block; then only those need to be compared byte by byte.
            assertThat(stretches(site.papers())).isEqualTo(stretches(site.documents()));
            assertThat(blocks(site.papers())).isLessThanOrEqualTo(blocks(site.documents()) + 64);
            Trees.shell(
                    site.papers(),
                    "for at in " + islands + "; do cmp -n 1M -i $((at << 20)) image '" + site.documents()
                            + "/image'; done");
            Trees.assertSameMetadata(site.documents(), site.papers());
        }
    }

    /** Where the file system has data, from SEEK_DATA and SEEK_HOLE; the last hole ends with the file. */
    private static String stretches(Path tree) throws Exception {
        return Trees.shell(tree, """
                python3 - <<'END'
                import errno, os
                file = os.open('image', os.O_RDONLY)
                at = 0
                while True:
                    try:
                        at = os.lseek(file, at, os.SEEK_DATA)
                    except OSError as e:
                        assert e.errno == errno.ENXIO
                        break
                    end = os.lseek(file, at, os.SEEK_HOLE)
                    print(at, end)
                    at = end
                print(os.fstat(file).st_size)
                END
                """);
    }

    private static long blocks(Path tree) throws Exception {
        return Long.parseLong(Trees.shell(tree, "stat -c %b image").strip());
    }

    @Test
    void tensOfThousandsOfSmallFilesComeBackWithAllTheirMetadata() throws Exception {
        try (RealSite site = RealSite.open(folder)) {
            // One awk that writes them all: a shell would need minutes.
            Trees.shell(
                    site.documents(),
                    "for d in $(seq 0 " + (FILES / 500 - 1)
                            + "); do mkdir -p $((d / 20))/$d; done; awk 'BEGIN { for (i = 0; i < "
                            + FILES + "; i++) { d = int(i / 500); f = int(d / 20) \"/\" d \"/\" i \".txt\";"
                            + " printf \"file %d, %d\\n\", i, i * i > f; close(f) } }'");

            Trees.shell(
                    site.documents(),
                    "find . -name '*7.txt' -exec chmod 640 {} +; find . -name '*8.txt' -exec touch -d '2001-02-03 04:05:06.789' {} +;"
                            + " ln 0/0/1.txt 0/0/one; ln -s 0/0 link");
            Said first = site.backUp("alice", "documents").well();
            assertThat(first.summary().number("files_new")).isEqualTo(FILES + 1);
            Trees.shell(site.documents(), "echo changed > 0/0/7.txt; rm 0/1/501.txt; echo new > 0/2/new.txt");
            Said second = site.backUp("alice", "documents").well();
            assertThat(second.summary().number("files_unmodified")).isEqualTo(FILES - 1);
            assertThat(second.summary().number("bytes_sent")).isLessThan(1 << 20);

            site.restore().well();
            Trees.assertSameContent(site.documents(), site.papers());
            Trees.assertSameMetadata(site.documents(), site.papers());
        }
    }
}
