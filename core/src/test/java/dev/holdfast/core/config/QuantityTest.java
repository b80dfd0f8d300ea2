package dev.holdfast.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class QuantityTest {
    @ParameterizedTest
    @CsvSource({
        "4096, 4096",
        "0, 0",
        "20MiB, 20971520",
        "20 MiB, 20971520",
        "20mib, 20971520",
        "1.5GiB, 1610612736",
        "2GB, 2000000000",
        "3kB, 3000",
        "7B, 7",
        "9TiB, 9895604649984"
    })
    void sizesMeanWhatTheySay(String text, long bytes) {
        assertThat(Quantity.parseSize(text)).hasValue(bytes);
        assertThat(Quantity.parseRate(text + "/s")).hasValue(bytes);
        assertThat(Quantity.parseRate(text)).hasValue(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "MiB",
                "-1",
                "20M",
                "20Mb",
                "20MiB/s",
                "1e6",
                "20 MiB ",
                "9999999999999TiB",
                "1..5GiB",
                "٣MiB",
                "20XiB"
            })
    void whatIsNoSizeIsRefused(String text) {
        assertThat(Quantity.parseSize(text)).isEmpty();
    }

    @Test
    void whatIsShownIsReadBackAsTheSameNumber() {
        for (long bytes : new long[] {0, 1, 1023, 1024, 1025, 20L << 20, (20L << 20) + 1, 5L << 40, Long.MAX_VALUE}) {
            assertThat(Quantity.parseSize(Quantity.showSize(bytes))).hasValue(bytes);
            assertThat(Quantity.parseRate(Quantity.showRate(bytes))).hasValue(bytes);
        }
    }
}
