package dev.holdfast.agent.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.progress.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A parent foretells a run as long as the volume is about what it was; beyond that nothing is foretold, but counted. */
final class ForesightTest {
    private final List<String> told = new ArrayList<>();
    private final Foresight foresight = new Foresight(new Progress() {
        @Override
        public void total(long files, long bytes) {
            told.add(files + " files, " + bytes);
        }

        @Override
        public void atLeast(long files, long bytes) {
            told.add("at least " + files + " files, " + bytes);
        }
    });

    private void begin(long files, long bytes) {
        foresight.begin(files, bytes, () -> told.add("counting"));
    }

    @Test
    void aLittleThatIsNewIsAddedToTheTotal() {
        begin(10, 1000);
        foresight.met(Optional.empty(), 60);
        foresight.grew(40);

        assertThat(told).containsExactly("10 files, 1000", "11 files, 1060", "11 files, 1100");
    }

    @Test
    void aVolumeThatGrewMuchIsCountedAndTheParentSaysNoMore() {
        begin(10, 1000);
        foresight.met(Optional.empty(), 101);
        foresight.met(Optional.empty(), 5000);

        assertThat(told).containsExactly("10 files, 1000", "at least 11 files, 1101", "counting");
    }

    @Test
    void withoutAParentItIsCountedFromTheBeginning() {
        begin(0, 0);
        foresight.met(Optional.empty(), 5);

        assertThat(told).containsExactly("counting");
    }
}
