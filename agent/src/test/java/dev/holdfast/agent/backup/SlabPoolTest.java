package dev.holdfast.agent.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

final class SlabPoolTest {
    private final SlabPool pool = new SlabPool(1);

    @Test
    void anInterruptedRunGetsNoSlabSoThatItEndsInTheMiddleOfALargeFile() {
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> pool.take(() -> {}));
    }

    @Test
    void whoeverWaitsGetsThingsMovingFirstAndTheSlabThatComesBack() throws Exception {
        Slab only = pool.take(() -> {});
        assertThat(pool.take(only::release)).isSameAs(only);
    }
}
