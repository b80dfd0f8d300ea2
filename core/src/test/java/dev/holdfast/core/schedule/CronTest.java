package dev.holdfast.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CronTest {
    private static final String BERLIN = "Europe/Berlin";

    @ParameterizedTest(name = "{0} in {1} asked from {2} is due {3}")
    @CsvSource({
        "30 2 * * *,      Europe/Berlin, 2026-03-28T03:00, 2026-03-29T03:30+02:00",
        "30 2 * * 0,      Europe/Berlin, 2026-03-28T03:00, 2026-03-29T03:30+02:00",
        "30 0 * * *,      Africa/Cairo,  2025-04-24T01:00, 2025-04-25T01:30+03:00",
        "30 2 * * *,      Europe/Berlin, 2026-10-24T03:00, 2026-10-25T02:30+02:00",
        "30 2 * * *,      Europe/Berlin, 2026-10-25T03:00, 2026-10-26T02:30+01:00",
        "@daily,          Europe/Berlin, 2026-11-20T10:00, 2026-11-21T00:00+01:00",
        "@midnight,       Europe/Berlin, 2026-11-20T10:00, 2026-11-21T00:00+01:00",
        "@hourly,         Europe/Berlin, 2026-11-20T10:00, 2026-11-20T11:00+01:00",
        "@weekly,         Europe/Berlin, 2026-11-20T10:00, 2026-11-22T00:00+01:00",
        "@monthly,        Europe/Berlin, 2026-11-20T10:00, 2026-12-01T00:00+01:00",
        "@yearly,         Europe/Berlin, 2026-11-20T10:00, 2027-01-01T00:00+01:00",
        "@annually,       Europe/Berlin, 2026-11-20T10:00, 2027-01-01T00:00+01:00",
        "daily at 02:00,  Europe/Berlin, 2026-11-20T10:00, 2026-11-21T02:00+01:00",
        "Daily  at 2:05,  Europe/Berlin, 2026-11-20T10:00, 2026-11-21T02:05+01:00",
        "every 6 hours,   Europe/Berlin, 2026-11-20T10:00, 2026-11-20T12:00+01:00",
        "every 24 hours,  Europe/Berlin, 2026-11-20T10:00, 2026-11-21T00:00+01:00",
        "every 15 minutes,Europe/Berlin, 2026-11-20T10:01, 2026-11-20T10:15+01:00",
        "every hour,      Europe/Berlin, 2026-11-20T10:01, 2026-11-20T11:00+01:00",
        "weekly on sunday at 03:00, Europe/Berlin, 2026-11-20T10:00, 2026-11-22T03:00+01:00",
        "0 0 29 2 *,      Europe/Berlin, 2025-03-01T00:00, 2028-02-29T00:00+01:00",
        "0 3 * * 7,       Europe/Berlin, 2026-11-20T10:00, 2026-11-22T03:00+01:00",
        "0 12 13 * 5,     Europe/Berlin, 2026-11-20T13:00, 2026-11-27T12:00+01:00",
    })
    void comesDueWhenPeopleExpectIt(String expression, String zone, String from, String due) throws Exception {
        ZonedDateTime asked = LocalDateTime.parse(from).atZone(ZoneId.of(zone));
        assertThat(Cron.parse(expression).nextAfter(asked).toOffsetDateTime()).hasToString(due);
    }

    @Test
    void theDoubledHourOfAutumnIsServedOnceEach() throws Exception {
        Cron cron = Cron.parse("*/30 * * * *");
        ZonedDateTime end = LocalDateTime.parse("2026-10-25T03:00").atZone(ZoneId.of(BERLIN));
        List<String> runs = new ArrayList<>();
        ZonedDateTime now = LocalDateTime.parse("2026-10-25T01:45").atZone(ZoneId.of(BERLIN));
        for (now = cron.nextAfter(now); now.isBefore(end); now = cron.nextAfter(now)) {
            runs.add(now.toOffsetDateTime().toString());
        }
        assertThat(runs).containsExactly("2026-10-25T02:00+02:00", "2026-10-25T02:30+02:00");
    }

    @Test
    void aRunInsideTheGapIsStillAheadWhenAskedJustAfterIt() throws Exception {
        ZonedDateTime justAfter = LocalDateTime.parse("2026-03-29T03:10").atZone(ZoneId.of(BERLIN));
        assertThat(Cron.parse("30 2 * * *").nextAfter(justAfter).toOffsetDateTime())
                .hasToString("2026-03-29T03:30+02:00");
    }

    @Test
    void runsOrderedDifferentlyByTheGapComeInTheOrderOfTime() throws Exception {
        ZonedDateTime before = LocalDateTime.parse("2026-03-29T01:50").atZone(ZoneId.of(BERLIN));
        Cron cron = Cron.parse("*/15 2-3 * * *");
        List<String> runs = new ArrayList<>();
        ZonedDateTime now = before;
        for (int i = 0; i < 5; i++) {
            now = cron.nextAfter(now);
            runs.add(now.toLocalDateTime().toString());
        }
        assertThat(runs)
                .containsExactly(
                        "2026-03-29T03:00",
                        "2026-03-29T03:15",
                        "2026-03-29T03:30",
                        "2026-03-29T03:45",
                        "2026-03-30T02:00");
    }

    @Test
    void everyAnswerLiesAheadAndNoneIsSkippedAtAnyHourOfTheYear() throws Exception {
        SplittableRandom random = new SplittableRandom(20261120);
        for (String zone : List.of(BERLIN, "Africa/Cairo", "Australia/Lord_Howe", "America/St_Johns", "UTC")) {
            Cron cron = Cron.parse("30 2 * * *");
            for (int i = 0; i < 200; i++) {
                ZonedDateTime now = ZonedDateTime.of(2026, 1, 1, 0, 0, 0, 0, ZoneId.of(zone))
                        .plusMinutes(random.nextInt(525_600));
                ZonedDateTime next = cron.nextAfter(now);
                assertThat(next).as("%s", now).isAfter(now);
                assertThat(next).as("%s", now).isBefore(now.plusHours(26));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0 12 31 2 *,      no such date ever comes",
        "0 12 30 2 *,      no such date ever comes",
        "every 5 hours,    every 5 hours does not divide a day evenly",
        "every 0 minutes,  every 0 minutes does not divide an hour evenly",
        "daily at 25:00,   there is no 25:00",
        "weekly on tag at 01:00, there is no day 'tag'",
        "whenever,         neither five cron fields nor words such as 'daily at 02:00' or 'every 6 hours'",
        "0 0 * * * *,      neither five cron fields nor words such as 'daily at 02:00' or 'every 6 hours'",
        "@fortnightly,     'unknown nickname; there are @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually'",
    })
    void whatCannotComeDueIsRefusedWithAReason(String expression, String reason) {
        assertThatThrownBy(() -> Cron.parse(expression))
                .isInstanceOf(InvalidScheduleException.class)
                .hasMessage(reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "61 * * * *",
                "* 24 * * *",
                "* * 0 * *",
                "* * * 13 *",
                "* * * * 9",
                "a b c d e",
                "*/0 * * * *",
                "5-1 * * * *",
                ", , , , ,",
                "- - - - -",
                "1/ * * * *",
                "* * L * *",
                "* * ? * *",
                "",
                "     ",
                "*/ * * * *",
                "1,,2 * * * *",
                "99999999999 * * * *"
            })
    void badFieldsAreRefusedAndNothingElseEscapes(String expression) {
        assertThatThrownBy(() -> Cron.parse(expression)).isInstanceOf(InvalidScheduleException.class);
    }

    @Test
    void twoOfTheSameTextAreEqual() throws Exception {
        assertThat(Cron.parse("@daily")).isEqualTo(Cron.parse("@daily")).hasToString("@daily");
        assertThat(Cron.parse("@daily")).isNotEqualTo(Cron.parse("@weekly"));
        assertThat(Cron.parse("@daily").hashCode())
                .isEqualTo(Cron.parse("@daily").hashCode());
        assertThat(Cron.parse("@daily").text()).isEqualTo("@daily");
    }
}
