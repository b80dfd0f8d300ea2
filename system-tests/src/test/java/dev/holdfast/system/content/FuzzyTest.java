package dev.holdfast.system.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.backup.BackupOutcome;
import dev.holdfast.core.progress.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that change in the moment in which they are read. */
class FuzzyTest {
    @TempDir
    Path temp;

    private Volume volume;

    @BeforeEach
    void open() throws Exception {
        volume = new Volume(temp);
        volume.change("head -c 8M /dev/urandom > busy; head -c 8M /dev/urandom > quiet; echo small > small");
    }

    @AfterEach
    void close() throws Exception {
        volume.close();
    }

    /** Writes to a file whenever part of it was read. */
    private Progress writingTo(Path file) {
        return new Progress() {
            private boolean reading;

            @Override
            public void current(String path) {
                reading = path.equals(file.getFileName().toString());
            }

            @Override
            public void advanced(long files, long bytes) {
                if (reading && files == 0) {
                    write();
                }
            }

            private void write() {
                try {
                    Files.write(file, new byte[] {1}, StandardOpenOption.APPEND);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    @Test
    void theyAreNamedAndTheRecordTellsThatThereAreSome() throws Exception {
        BackupOutcome outcome = volume.backUp(writingTo(volume.root.resolve("busy")));

        assertThat(outcome.fuzzyCount()).isEqualTo(1);
        assertThat(outcome.fuzzy()).extracting(Object::toString).containsExactly("busy");
        assertThat(outcome.record().orElseThrow().summary().fuzzy()).isTrue();
        assertThat(outcome.partial()).isFalse();
    }

    @Test
    void whenTheyHoldStillTheNextRecordTellsOfNone() throws Exception {
        volume.backUp(writingTo(volume.root.resolve("busy")));

        BackupOutcome calm = volume.backUp();

        assertThat(calm.fuzzyCount()).isZero();
        assertThat(calm.fuzzy()).isEmpty();
        assertThat(calm.record().orElseThrow().summary().fuzzy()).isFalse();
    }
}
