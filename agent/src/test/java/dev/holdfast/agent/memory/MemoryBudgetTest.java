package dev.holdfast.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class MemoryBudgetTest {
    private static final long MIB = 1L << 20;
    private static final long HEAP = 144 * MIB;

    private static int threads(OptionalInt wanted, OptionalLong memory, int processors) {
        return MemoryBudget.threads(wanted, memory, processors, HEAP);
    }

    @Test
    void everyProcessorGetsAThreadAsLongAsTheyFitIntoTheHeap() {
        assertThat(threads(OptionalInt.empty(), OptionalLong.empty(), 2)).isEqualTo(2);
        assertThat(threads(OptionalInt.empty(), OptionalLong.empty(), 64)).isEqualTo(5);
    }

    @Test
    void aLimitOfThreadsIsKeptAndNeverRaisedBeyondTheHeap() {
        assertThat(threads(OptionalInt.of(1), OptionalLong.empty(), 8)).isEqualTo(1);
        assertThat(threads(OptionalInt.of(1024), OptionalLong.empty(), 8)).isEqualTo(5);
    }

    @Test
    void lessMemoryMeansFewerThreadsDownToOne() {
        assertThat(threads(OptionalInt.empty(), OptionalLong.of(120 * MIB), 8)).isEqualTo(4);
        assertThat(threads(OptionalInt.empty(), OptionalLong.of(MemoryBudget.LEAST_BYTES), 8))
                .isEqualTo(1);
        assertThat(threads(OptionalInt.empty(), OptionalLong.of(32 * MIB), 8)).isEqualTo(1);
    }
}
