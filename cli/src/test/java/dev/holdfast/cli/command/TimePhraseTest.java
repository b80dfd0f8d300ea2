package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.problem.HoldfastException;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TimePhraseTest {
    /** A Friday, one o'clock in the afternoon in Berlin. */
    private final TimePhrase phrase = new TimePhrase(Instant.parse("2026-11-20T12:00:00Z"), ZoneId.of("Europe/Berlin"));

    @ParameterizedTest
    @CsvSource({
        "2026-11-18, 2026-11-18T22:59:59.999999999Z",
        "2026-07-01, 2026-07-01T21:59:59.999999999Z",
        "2026-11-18 14:30, 2026-11-18T13:30:59.999999999Z",
        "2026-11-18T14:30:05, 2026-11-18T13:30:05.999999999Z",
        "2026-11-18 14:30:05.25, 2026-11-18T13:30:05.259999999Z",
        "2026-11-18T14:30Z, 2026-11-18T14:30:59.999999999Z",
        "2026-11-18T14:30:05+05:30, 2026-11-18T09:00:05.999999999Z",
        "9:15, 2026-11-20T08:15:59.999999999Z",
        "today, 2026-11-20T12:00:00Z",
        "now, 2026-11-20T12:00:00Z",
        "Yesterday, 2026-11-19T22:59:59.999999999Z",
        "tuesday, 2026-11-17T22:59:59.999999999Z",
        "last Tuesday, 2026-11-17T22:59:59.999999999Z",
        "friday, 2026-11-13T22:59:59.999999999Z",
        "2h, 2026-11-20T10:00:00Z",
        "90m ago, 2026-11-20T10:30:00Z",
        "3d, 2026-11-17T12:00:00Z",
        "1w ago, 2026-11-13T12:00:00Z"
    })
    void timesMeanTheirEnd(String text, Instant expected) {
        assertThat(phrase.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        // The doubled hour of autumn: the second; the missing one of spring: moved forward.
        "2026-10-25 02:30, 2026-10-25T01:30:59.999999999Z",
        "2026-03-29 02:30, 2026-03-29T01:30:59.999999999Z",
        "2026-10-25, 2026-10-25T22:59:59.999999999Z"
    })
    void clockChangesAreSurvived(String text, Instant expected) {
        assertThat(phrase.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "2026-13-01", "2026-02-30", "25:00", "3 parsecs", "20261120", "999999999999d"})
    void whatIsNoTimeIsRefusedWithExamples(String text) {
        assertThatThrownBy(() -> phrase.parse(text))
                .isInstanceOfSatisfying(
                        HoldfastException.class,
                        e -> assertThat(e.problem().hint()).contains("2026-11-20 14:30"));
    }
}
