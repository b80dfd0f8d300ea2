package dev.holdfast.system.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.backup.BackupOutcome;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files whose content is as it was, however they look and in whatever form they are stored. */
class SameContentTest {
    private static final long MIB = 1 << 20;

    /** One of each form: small, large, large of whole pages, with holes, a database, a database of several spans. */
    private static final String FILES = """
            mkdir small
            for i in 1 2 3 4 5 6 7 8 9; do head -c 70000 /dev/urandom > small/$i; done
            head -c 6000001 /dev/urandom > odd
            head -c 6291456 /dev/urandom > even
            truncate -s 20M sparse; head -c 2000000 /dev/urandom | dd of=sparse bs=1M seek=9 conv=notrunc status=none
            (printf 'SQLite format 3\\0\\020\\0'; head -c 4194286 /dev/urandom) > database
            (printf 'SQLite format 3\\0\\020\\0'; head -c 83886062 /dev/urandom) > huge
            : > empty
            """;

    private static final int COUNT = 15;

    @TempDir
    Path temp;

    private Volume volume;

    @BeforeEach
    void open() throws Exception {
        volume = new Volume(temp);
        volume.change(FILES);
    }

    @AfterEach
    void close() throws Exception {
        volume.close();
    }

    private static void assertUnmodified(BackupOutcome outcome, int otherMetadata) {
        assertThat(outcome.files().filesChanged()).isZero();
        assertThat(outcome.files().filesNew()).isZero();
        assertThat(outcome.files().filesUnmodified()).isEqualTo(COUNT);
        assertThat(outcome.files().filesOtherMetadata()).isEqualTo(otherMetadata);
        assertThat(outcome.newBytes()).as("bytes stored").isLessThan(64 << 10);
    }

    private static void assertReadWhole(BackupOutcome outcome) {
        assertThat(outcome.bytesRead()).isGreaterThan(90 * MIB);
    }

    /** All forms that content takes in the course of time: pages changed, small files scattered over several chunks. */
    private void live() throws Exception {
        volume.backUp();
        volume.change("""
                printf changed | dd of=even bs=1 seek=5000000 conv=notrunc status=none
                for p in 5 900 17000; do printf page | dd of=huge bs=4096 seek=$p conv=notrunc status=none; done
                printf page | dd of=database bs=4096 seek=70 conv=notrunc status=none
                for i in 2 5 8; do head -c 60000 /dev/urandom > small/$i; done
                """);
        volume.backUp();
        volume.change("""
                printf again | dd of=even bs=1 seek=20 conv=notrunc status=none
                for i in 3 5; do head -c 60000 /dev/urandom > small/$i; done
                """);
    }

    @Test
    void aRehashOfAnUnchangedVolumeChangesNothingAndStoresNothing() throws Exception {
        live();
        BackupOutcome before = volume.backUp();

        BackupOutcome rehash = volume.rehash();

        assertReadWhole(rehash);
        assertUnmodified(rehash, 0);
        assertThat(volume.diff(before, rehash).lines()).isEmpty();
    }

    @Test
    void newTimesAndModesOfAllFilesAreNoNewContent() throws Exception {
        live();
        BackupOutcome before = volume.backUp();
        volume.change("find . -type f -exec touch -d 2001-02-03 {} + -exec chmod 600 {} +");

        assertThat(volume.diff(before).lines()).hasSize(COUNT).allMatch(line -> line.startsWith("U "));
        BackupOutcome touched = volume.backUp();

        assertReadWhole(touched);
        assertUnmodified(touched, COUNT);
        assertThat(volume.diff(before, touched).lines()).hasSize(COUNT).allMatch(line -> line.startsWith("U "));
    }

    @Test
    void aFileThatWasReplacedByACopyHasTheSameContent() throws Exception {
        live();
        BackupOutcome before = volume.backUp();
        volume.change(
                "for f in odd even sparse database huge small/4; do cp -p --sparse=never $f copy; mv copy $f; done");

        BackupOutcome copied = volume.backUp();

        assertUnmodified(copied, 0);
        assertThat(volume.diff(before, copied).lines()).isEmpty();
    }

    @Test
    void oneOtherByteIsOtherContentInEveryForm() throws Exception {
        // One in 256 random bytes would be the other already.
        volume.change("""
                for f in odd even database huge small/4; do
                  printf a | dd of=$f bs=1 seek=$(($(stat -c %s $f) - 2)) conv=notrunc status=none
                done""");
        live();
        BackupOutcome before = volume.backUp();
        volume.change("""
                for f in odd even sparse database huge small/4; do
                  printf x | dd of=$f bs=1 seek=$(($(stat -c %s $f) - 2)) conv=notrunc status=none
                done""");

        String[] changed = {"M database", "M even", "M huge", "M odd", "M small/4", "M sparse"};
        assertThat(volume.diff(before).lines()).containsExactlyInAnyOrder(changed);
        BackupOutcome after = volume.backUp();

        assertThat(after.files().filesChanged()).isEqualTo(changed.length);
        Volume.Differences differences = volume.diff(before, after);
        assertThat(differences.lines()).containsExactlyInAnyOrder(changed);
        assertThat(differences.fetched()).as("bytes fetched").isLessThan(40 * MIB);
    }
}
