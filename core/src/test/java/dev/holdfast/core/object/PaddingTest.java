package dev.holdfast.core.object;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PaddingTest {
    @Test
    void neverShrinksNeverGoesBackAndStaysWhereItIs() {
        int last = 0;
        for (int bytes = 0; bytes < 1 << 20; bytes++) {
            int padded = Padding.padded(bytes);
            assertThat(padded).isGreaterThanOrEqualTo(Math.max(bytes, last));
            assertThat(Padding.padded(padded)).isEqualTo(padded);
            last = padded;
        }
    }

    @Test
    void costsLittle() {
        for (int bytes = 1; bytes < 1 << 20; bytes++) {
            assertThat(Padding.padded(bytes) - bytes).isLessThanOrEqualTo(bytes / 32);
        }
        for (int bytes = 1 << 20; bytes <= Sealer.MAX_PLAIN_BYTES + Sealer.PREFIX_BYTES; bytes += 997) {
            assertThat(Padding.padded(bytes) - bytes).isLessThanOrEqualTo(bytes / 128);
        }
        assertThat(Padding.padded(Sealer.MAX_PLAIN_BYTES + Sealer.PREFIX_BYTES) + Sealer.TAG_BYTES)
                .isLessThanOrEqualTo(SealedObject.MAX_PAYLOAD_BYTES);
    }

    @Test
    void leavesFewDifferentLengths() {
        TreeSet<Integer> lengths = new TreeSet<>();
        for (int bytes = 1 << 20; bytes < 2 << 20; bytes++) {
            lengths.add(Padding.padded(bytes));
        }
        assertThat(lengths).hasSize(129);
    }

    @Test
    void hasTheValuesOfTheDocument() {
        assertThat(Padding.padded(0)).isZero();
        assertThat(Padding.padded(9)).isEqualTo(9);
        assertThat(Padding.padded(1000)).isEqualTo(1000);
        assertThat(Padding.padded(1001)).isEqualTo(1008);
        assertThat(Padding.padded(1_000_000)).isEqualTo(1_003_520);
    }
}
