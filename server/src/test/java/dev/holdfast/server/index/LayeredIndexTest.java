package dev.holdfast.server.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.object.ObjectId;
import dev.holdfast.server.disk.CrashingDisk;
import dev.holdfast.server.disk.RealDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayeredIndexTest extends ObjectIndexContract {
    private static final Path FOLDER = Path.of("/index");

    private final CrashingDisk disk = new CrashingDisk();
    private int runs;

    @TempDir
    Path real;

    @BeforeEach
    void makeFolder() throws IOException {
        disk.createDirectories(FOLDER);
    }

    @Override
    ObjectIndex open() {
        return new LayeredIndex(random::nextLong);
    }

    /** Every second entry stays in memory, the others go into a run. */
    @Override
    void rest(ObjectIndex index) throws IOException {
        LayeredIndex layered = (LayeredIndex) index;
        List<IndexEntry> frozen = layered.freeze();
        List<IndexEntry> half = frozen.subList(0, frozen.size() / 2);
        Path path = SampleRuns.write(disk, FOLDER.resolve(runs++ + ".run"), half);
        layered.thaw(frozen.subList(half.size(), frozen.size()), List.of(Run.open(disk, path, SampleRuns::number)));
    }

    @Test
    void whatIsFrozenIsFoundMeanwhile() throws IOException {
        LayeredIndex index = new LayeredIndex(random::nextLong);
        ObjectId before = randomId();
        ObjectId after = randomId();
        index.add(before, randomPlace());
        List<IndexEntry> frozen = index.freeze();
        index.add(after, randomPlace());
        assertThat(index.find(before)).hasSize(1);
        assertThat(index.find(after)).hasSize(1);
        index.thaw(frozen, List.of());
        assertThat(index.find(before)).hasSize(1);
        assertThat(index.find(after)).hasSize(1);
        assertThat(index.size()).isEqualTo(2);
    }

    @Test
    void aReaderFindsEverythingWhileRunsAreReplacedAndOthersAreInterrupted() throws Exception {
        RealDisk disk = new RealDisk();
        LayeredIndex index = new LayeredIndex(random::nextLong);
        List<IndexEntry> entries = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            entries.add(new IndexEntry(randomId(), randomPlace()));
        }
        Run first = Run.open(disk, SampleRuns.write(disk, real.resolve("0.run"), entries), SampleRuns::number);
        index.replace(List.of(), List.of(first));
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Integer> reader = CompletableFuture.supplyAsync(() -> {
            int missing = 0;
            try {
                while (!done.get()) {
                    for (IndexEntry entry : entries) {
                        missing += index.find(entry.id()).size() == 1 ? 0 : 1;
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return missing;
        });
        for (int i = 1; i <= 30; i++) {
            List<Run> old = index.runs();
            Path path = SampleRuns.write(disk, real.resolve(i + ".run"), entries);
            Thread interrupted = new Thread(() -> {
                Thread.currentThread().interrupt();
                try {
                    index.find(entries.get(0).id());
                } catch (IOException e) {
                    // that is what interruption does to this thread; the others must not notice
                }
            });
            interrupted.start();
            interrupted.join();
            index.replace(old, List.of(Run.open(disk, path, SampleRuns::number)));
            disk.delete(old.get(0).path());
        }
        done.set(true);
        assertThat(reader.get()).isZero();
        index.close();
    }
}
