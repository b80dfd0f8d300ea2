package dev.holdfast.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sizes, durations, ages and text from outside. */
final class WordsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1.0 KiB",
        "1536, 1.5 KiB",
        "1048524, 1023.9 KiB",
        "1048575, 1.0 MiB",
        "1073741824, 1.0 GiB",
        "9223372036854775807, 8.0 EiB",
        "-2048, -2.0 KiB"
    })
    void sizesAreShownInBinaryUnits(long bytes, String text) {
        assertThat(Sizes.show(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "12 B, 12",
        "10G, 10737418240",
        "10 GiB, 10737418240",
        "1.5k, 1536",
        "10 GB, 10000000000",
        "2 kb, 2000",
        "7 EiB, 8070450532247928832"
    })
    void sizesAreReadAsPeopleWriteThem(String text, long bytes) {
        assertThat(Sizes.parse(text)).contains(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GiB", "-1", "1 X", "1iB", "1.2.3", "1 GiBB", "8 EiB", "99999999999999999999"})
    void whatIsNoSizeIsRefused(String text) {
        assertThat(Sizes.parse(text)).isEmpty();
    }

    @Test
    void whatIsShownCanBeRead() {
        long seed = 20261120;
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 1000; round++) {
            long bytes = random.nextLong(1L << random.nextInt(1, 62));
            assertThat(Sizes.parse(Sizes.show(bytes)))
                    .as("seed %d, %d bytes", seed, bytes)
                    .hasValueSatisfying(
                            read -> assertThat((double) Math.abs(read - bytes)).isLessThanOrEqualTo(bytes * 0.051));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0.0s",
        "PT0.42S, 0.4s",
        "PT35S, 35s",
        "PT60S, 1m",
        "PT190S, 3m 10s",
        "PT7500S, 2h 5m",
        "PT99H, 4d 3h"
    })
    void durationsHaveAtMostTwoUnits(Duration duration, String text) {
        assertThat(Durations.words(duration)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"PT0S, 0:00", "PT35S, 0:35", "PT725S, 12:05", "PT11220S, 3:07:00"})
    void theClockFormKeepsItsWidth(Duration duration, String text) {
        assertThat(Durations.clock(duration)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "PT10S, just now",
        "PT60S, 1 minute ago",
        "PT59M, 59 minutes ago",
        "PT26H, 26 hours ago",
        "P3D, 3 days ago",
        "P90D, 3 months ago",
        "P800D, 2 years ago",
        "-PT2H, in 2 hours"
    })
    void agesHaveOneUnit(Duration age, String text) {
        Instant now = Instant.parse("2026-11-20T12:00:00Z");
        assertThat(new Ages(InstantSource.fixed(now)).of(now.minus(age))).isEqualTo(text);
    }

    @Test
    void whatIsToComeIsNeverSaidToBeNow() {
        Instant now = Instant.parse("2026-11-20T12:00:00Z");
        Ages ages = new Ages(() -> now);
        assertThat(ages.until(now.plusSeconds(59))).isEqualTo("in less than a minute");
        assertThat(ages.until(now.plusSeconds(60))).isEqualTo("in 1 minute");
        assertThat(ages.until(now.minusSeconds(120))).isEqualTo("2 minutes ago");
    }

    @ParameterizedTest
    @CsvSource({
        "plain.txt, plain.txt",
        "Grüße 写真.txt, Grüße 写真.txt",
        "'a\u001b[31mb', a\\x1b[31mb",
        "'a\u009bb', a\\x9bb",
        "'a\u202eb', a\\u202eb",
        "'a\nb\tc', a\\nb\\tc"
    })
    void harmfulCharactersAreShownAsEscapes(String raw, String safe) {
        assertThat(SafeText.of(raw)).isEqualTo(safe);
    }

    @Test
    void loneSurrogatesAreHarmless() {
        assertThat(SafeText.of("a\ud800b")).isEqualTo("a\\ud800b");
    }
}
