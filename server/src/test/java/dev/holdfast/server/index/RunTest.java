package dev.holdfast.server.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.ObjectKind;
import dev.holdfast.server.disk.CrashingDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RunTest {
    private static final Path FOLDER = Path.of("/index");
    private static final Path FILE = FOLDER.resolve("some.run");

    private final SplittableRandom random = new SplittableRandom(5);
    private final CrashingDisk disk = new CrashingDisk();
    private final List<IndexEntry> entries = new ArrayList<>();

    @BeforeEach
    void write() throws IOException {
        for (int i = 0; i < 200; i++) {
            Place place = new Place(i % 3, 60 + i * 200, 150, ObjectKind.CHUNK);
            entries.add(new IndexEntry(randomId(), place));
        }
        disk.createDirectories(FOLDER);
        SampleRuns.write(disk, FILE, entries);
    }

    private ObjectId randomId() {
        byte[] id = new byte[ObjectId.BYTES];
        random.nextBytes(id);
        return ObjectId.copyOf(id, 0);
    }

    private byte[] content() throws IOException {
        try (var file = disk.open(FILE)) {
            byte[] bytes = new byte[(int) file.size()];
            file.readFully(bytes, 0);
            return bytes;
        }
    }

    private void replace(byte[] content) throws IOException {
        disk.delete(FILE);
        try (var file = disk.create(FILE)) {
            file.write(ByteBuffer.wrap(content), 0);
        }
    }

    /** Whether the run says what was written; it may refuse, but not say anything else. */
    private boolean answers() throws IOException {
        try (Run run = Run.open(disk, FILE, SampleRuns::number)) {
            for (IndexEntry entry : entries) {
                assertThat(run.find(entry.id())).containsExactly(entry.place());
            }
            assertThat(run.find(randomId())).isEmpty();
            return true;
        } catch (CorruptRunException e) {
            return false;
        }
    }

    @Test
    void aFlippedByteAnywhereIsNoticed() throws IOException {
        byte[] good = content();
        assertThat(answers()).isTrue();
        for (int at = 0; at < good.length; at += 5) {
            byte[] bad = good.clone();
            bad[at] ^= (byte) (1 << at % 8);
            replace(bad);
            assertThat(answers()).as("flipped byte %d", at).isFalse();
        }
    }

    @Test
    void aRunCutAnywhereIsRefused() throws IOException {
        byte[] good = content();
        for (int length = 0; length < good.length; length += 13) {
            replace(Arrays.copyOf(good, length));
            assertThatThrownBy(() -> Run.open(disk, FILE, SampleRuns::number))
                    .as("cut at %d", length)
                    .isInstanceOf(CorruptRunException.class);
        }
    }

    @Test
    void entriesOfAPackThatIsGoneAreNotThere() throws IOException {
        try (Run run = Run.open(disk, FILE, pack -> SampleRuns.number(pack) == 1 ? Run.GONE : 40)) {
            for (IndexEntry entry : entries) {
                boolean gone = entry.place().pack() == 1;
                assertThat(run.find(entry.id())).hasSize(gone ? 0 : 1);
            }
            assertThat(run.present()).hasSize(2).allMatch(here -> here.number() == 40);
            assertThat(run.size()).isEqualTo(133);
            int count = 0;
            SortedEntries all = run.entries();
            while (all.next().isPresent()) {
                count++;
            }
            assertThat(count).isEqualTo(133);
        }
    }

    @Test
    void theFilterAnswersForNearlyAllAbsentIds() {
        IdFilter filter = IdFilter.forAtMost(100_000, random.nextLong());
        for (int i = 0; i < 100_000; i++) {
            filter.add(randomId());
        }
        int wrong = 0;
        for (int i = 0; i < 100_000; i++) {
            wrong += filter.mayContain(randomId()) ? 1 : 0;
        }
        assertThat(wrong).isLessThan(1000);
    }
}
