package dev.holdfast.agent.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.config.Job;
import dev.holdfast.core.problem.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SchedulerTest {
    private static final String TWO_O_CLOCK = "jobs: [" + Desk.daily("photos", "02:00") + "]";

    @TempDir
    Path folder;

    private Desk desk(String now, String schedule) throws IOException {
        return new Desk(folder, now, schedule);
    }

    @ParameterizedTest(name = "{0} in {1} from {2} to {3} runs at {4}")
    @CsvSource({
        "30 2 * * *, Europe/Berlin, 2026-03-28T02:00:00Z, 2026-03-29T12:00:00Z, 2026-03-29T01:30:00Z",
        "30 2 * * 0, Europe/Berlin, 2026-03-28T02:00:00Z, 2026-04-04T12:00:00Z, 2026-03-29T01:30:00Z",
        "30 0 * * *, Africa/Cairo,  2025-04-23T23:00:00Z, 2025-04-25T12:00:00Z, 2025-04-24T22:30:00Z",
        "30 2 * * *, Europe/Berlin, 2026-10-24T01:00:00Z, 2026-10-25T12:00:00Z, 2026-10-25T00:30:00Z",
    })
    void noRunIsLostAndNoneIsDoubledWhereClocksAreChanged(
            String cron, String zone, String from, String to, String expected) throws IOException {
        Desk desk = desk(
                from, "time_zone: " + zone + ", jobs: [{ server: attic, volume: photos, schedule: '" + cron + "' }]");
        assertThat(desk.until(to)).containsExactly("photos " + expected);
    }

    @Test
    void jobsRunInTheOrderInWhichTheyAreDueAndOneAtATime() throws IOException {
        Desk desk = desk(
                "2026-11-20T12:00:00Z",
                "jobs: [" + Desk.daily("photos", "03:00") + ", " + Desk.daily("notes", "02:00") + ","
                        + " { server: cellar, volume: photos, schedule: daily at 03:00 } ]");
        assertThat(desk.until("2026-11-21T01:59:00Z")).containsExactly("notes 2026-11-21T01:00:00Z");
        desk.at("2026-11-21T02:00:00Z");
        Job first = desk.scheduler().begin().orElseThrow();
        assertThat(desk.scheduler().begin()).isEmpty();
        desk.succeed(first);
        assertThat(desk.scheduler().begin()).isPresent();
    }

    @Test
    void howManyRunsWereMissedWithoutAnAgentOneMakesUpForThem() throws IOException {
        Desk desk = desk("2026-11-20T12:00:00Z", TWO_O_CLOCK);
        desk.at("2026-11-25T12:00:00Z").restart();
        assertThat(desk.until("2026-11-26T12:00:00Z"))
                .containsExactly("photos 2026-11-25T12:00:00Z", "photos 2026-11-26T01:00:00Z");
    }

    @Test
    void aMachineThatSleptMakesUpToo() throws IOException {
        Desk desk = desk("2026-11-20T12:00:00Z", TWO_O_CLOCK);
        assertThat(desk.scheduler().begin()).isEmpty();
        desk.at("2026-11-22T12:00:00Z");
        assertThat(desk.until("2026-11-22T13:00:00Z")).containsExactly("photos 2026-11-22T12:00:00Z");
    }

    @Test
    void whatWasMissedIsLetGoWhereTheConfigurationSaysSoAndThatIsTold() throws IOException {
        Desk desk = desk("2026-11-20T12:00:00Z", "catch_up: false, " + TWO_O_CLOCK);
        desk.at("2026-11-25T12:00:00Z").restart();
        assertThat(desk.job().last().orElseThrow().result()).isEqualTo(RunRecord.Result.SKIPPED);
        assertThat(desk.until("2026-11-26T12:00:00Z")).containsExactly("photos 2026-11-26T01:00:00Z");
    }

    @Test
    void anotherJobThatTakesHoursIsNoReasonToLetOneGo() throws IOException {
        Desk desk = desk(
                "2026-11-20T12:00:00Z",
                "catch_up: false, jobs: [" + Desk.daily("photos", "02:00") + ", " + Desk.daily("notes", "03:00") + "]");
        desk.until("2026-11-21T00:59:59Z");
        desk.at("2026-11-21T01:00:00Z");
        Job slow = desk.scheduler().begin().orElseThrow();
        desk.at("2026-11-21T08:00:00Z");
        desk.succeed(slow);
        assertThat(desk.until("2026-11-21T09:00:00Z")).containsExactly("notes 2026-11-21T08:00:00Z");
    }

    @Test
    void runsStartLaterByASplayThatIsDrawnOnceAndDiffersFromHostToHost() throws IOException {
        Desk desk = desk("2026-11-20T12:00:00Z", "splay: 1h, " + TWO_O_CLOCK);
        Instant start = desk.job().next();
        assertThat(start)
                .isAfter(Instant.parse("2026-11-21T01:00:00Z"))
                .isBeforeOrEqualTo(Instant.parse("2026-11-21T02:00:00Z"));
        assertThat(desk.at("2026-11-20T23:00:00Z").restart().job().next()).isEqualTo(start);
        List<String> runs = desk.until("2026-11-23T00:00:00Z");
        assertThat(runs).hasSize(2).first().isEqualTo("photos " + start);
        assertThat(runs.get(1).substring(18)).isNotEqualTo(runs.get(0).substring(18));
    }

    @Test
    void noSplayMakesAFrequentJobMissItsNextTime() throws IOException {
        Desk desk = desk(
                "2026-11-20T12:00:01Z",
                "splay: 5h, jobs: [{ server: attic, volume: photos, schedule: every 10 minutes }]");
        assertThat(desk.until("2026-11-20T18:00:00Z")).hasSizeBetween(35, 36);
    }

    @Test
    void aRunThatIsDueOutsideTheWindowWaitsForIt() throws IOException {
        Desk desk = desk(
                "2026-11-20T08:00:00Z",
                "window: '22:00-06:00', jobs: [" + Desk.daily("photos", "12:00") + "," + Desk.daily("notes", "23:30")
                        + "]");
        assertThat(desk.until("2026-11-21T12:00:00Z"))
                .containsExactly("photos 2026-11-20T21:00:00Z", "notes 2026-11-20T22:30:00Z");
    }

    @Test
    void aFailedRunIsRetriedAtGrowingDistancesAndThenWaitsForItsTime() throws IOException {
        Desk desk = desk("2026-11-20T12:00:00Z", "jobs: [{ server: attic, volume: photos, schedule: '@monthly' }]");
        desk.until("2026-11-30T22:59:59Z");
        desk.at("2026-11-30T23:00:00Z");
        List<Duration> distances = new ArrayList<>();
        Instant last = desk.instant();
        for (Optional<Job> job = desk.scheduler().begin();
                job.isPresent();
                job = desk.scheduler().begin()) {
            distances.add(Duration.between(last, desk.instant()));
            last = desk.instant();
            desk.fail(job.get(), ProblemCode.UNREACHABLE);
            Instant next = desk.job().next();
            if (next.isAfter(last.plus(Duration.ofDays(2)))) {
                break;
            }
            desk.at(next.toString());
        }
        assertThat(distances.subList(0, 9).stream().map(Duration::toMinutes))
                .containsExactly(0L, 1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L);
        assertThat(distances).hasSize(66);
        assertThat(desk.job().next()).isEqualTo("2026-12-31T23:00:00Z");
        assertThat(desk.job().owedSince()).hasValue(Instant.parse("2026-11-30T23:00:00Z"));
    }

    @Test
    void whatTryingAgainCannotHelpIsNotRetried() throws IOException {
        Desk desk = desk("2026-11-20T12:00:00Z", TWO_O_CLOCK);
        desk.at("2026-11-21T01:00:00Z");
        desk.fail(desk.scheduler().begin().orElseThrow(), ProblemCode.DENIED);
        assertThat(desk.job().next()).isEqualTo("2026-11-22T01:00:00Z");
        assertThat(desk.job().retryAt()).isEmpty();
    }

    @Test
    void retriesKeepToTheWindow() throws IOException {
        Desk desk = desk("2026-11-20T12:00:00Z", "window: '02:00-03:00', " + TWO_O_CLOCK);
        desk.at("2026-11-21T01:59:30Z");
        desk.fail(desk.scheduler().begin().orElseThrow(), ProblemCode.UNREACHABLE);
        assertThat(desk.job().next()).isEqualTo("2026-11-22T01:00:00Z");
    }

    @Test
    void aClockThatIsSetBackRunsNothingTwice() throws IOException {
        Desk desk = desk("2026-11-20T12:00:00Z", TWO_O_CLOCK);
        assertThat(desk.until("2026-11-21T01:05:00Z")).hasSize(1);
        desk.at("2026-11-20T22:05:00Z");
        assertThat(desk.until("2026-11-22T12:00:00Z")).containsExactly("photos 2026-11-22T01:00:00Z");
    }

    @Test
    void aClockThatIsSetBackWhileNoAgentRunsDoesNotEither() throws IOException {
        Desk desk = desk("2026-11-20T12:00:00Z", TWO_O_CLOCK);
        assertThat(desk.until("2026-11-21T01:05:00Z")).hasSize(1);
        desk.at("2026-11-20T22:05:00Z").restart();
        assertThat(desk.until("2026-11-22T12:00:00Z")).containsExactly("photos 2026-11-22T01:00:00Z");
    }

    @Test
    void aClockThatIsSetBackCostsAFrequentJobNoMoreThanOneRun() throws IOException {
        Desk desk = desk("2026-11-20T11:30:00Z", "jobs: [{ server: attic, volume: photos, schedule: every hour }]");
        assertThat(desk.until("2026-11-20T15:05:00Z")).hasSize(4);
        desk.at("2026-11-20T12:05:00Z");
        assertThat(desk.until("2026-11-20T15:05:00Z"))
                .containsExactly("photos 2026-11-20T14:00:00Z", "photos 2026-11-20T15:00:00Z");
    }

    @Test
    void aClockThatWasAYearAheadKeepsNothingWaitingForAYear() throws IOException {
        Desk desk = desk("2027-11-20T12:00:00Z", TWO_O_CLOCK);
        desk.until("2027-11-22T12:00:00Z");
        desk.at("2026-11-22T12:00:00Z");
        assertThat(desk.until("2026-11-23T12:00:00Z")).containsExactly("photos 2026-11-23T01:00:00Z");
    }

    @Test
    void aRunThatWasKilledIsBegunAgainAtOnceAndLaterEachTime() throws IOException {
        Desk desk = desk("2026-11-20T12:00:00Z", "catch_up: false, " + TWO_O_CLOCK);
        desk.until("2026-11-21T00:59:59Z");
        desk.at("2026-11-21T01:00:00Z");
        assertThat(desk.scheduler().begin()).isPresent();
        desk.at("2026-11-21T01:00:10Z").restart();
        assertThat(desk.job().last().orElseThrow().result()).isEqualTo(RunRecord.Result.INTERRUPTED);
        assertThat(desk.scheduler().begin()).isPresent();
        desk.restart();
        assertThat(desk.scheduler().begin()).isEmpty();
        assertThat(desk.job().next()).isEqualTo("2026-11-21T01:01:10Z");
        assertThat(desk.until("2026-11-21T12:00:00Z")).hasSize(1);
    }

    @Test
    void aPauseOutlivesTheAgentAndEndsWithOneMakeUpRun() throws IOException {
        Desk desk = desk("2026-11-20T12:00:00Z", TWO_O_CLOCK);
        desk.scheduler().pause();
        assertThat(desk.restart().until("2026-11-24T12:00:00Z")).isEmpty();
        desk.scheduler().resume();
        assertThat(desk.until("2026-11-24T13:00:00Z")).hasSize(1);
    }

    @Test
    void aChangedConfigurationKeepsThePastOfItsJobs() throws IOException {
        Desk desk = desk("2026-11-20T12:00:00Z", TWO_O_CLOCK);
        desk.until("2026-11-22T12:00:00Z");
        desk.reconfigure("jobs: [" + Desk.daily("photos", "04:00") + "," + Desk.daily("notes", "05:00") + "]");
        assertThat(desk.job().lastGood()).hasValue(Instant.parse("2026-11-22T01:00:00Z"));
        assertThat(desk.until("2026-11-23T12:00:00Z"))
                .containsExactly("photos 2026-11-23T03:00:00Z", "notes 2026-11-23T04:00:00Z");
        desk.reconfigure("jobs: []");
        assertThat(ScheduleBook.read(desk.book).jobs()).isEmpty();
        assertThat(desk.until("2026-11-25T12:00:00Z")).isEmpty();
    }

    @Test
    void aJobThatIsTakenOutOfTheConfigurationWhileItRunsEndsQuietly() throws IOException {
        Desk desk = desk("2026-11-20T12:00:00Z", TWO_O_CLOCK);
        desk.at("2026-11-21T01:00:00Z");
        Job job = desk.scheduler().begin().orElseThrow();
        desk.reconfigure("jobs: []");
        desk.succeed(job);
        assertThat(ScheduleBook.read(desk.book).jobs()).isEmpty();
    }

    @Test
    void aReloadDuringARunNeitherStartsItAgainNorTakesItForKilled() throws IOException {
        Desk desk = desk("2026-11-20T12:00:00Z", TWO_O_CLOCK);
        desk.at("2026-11-21T01:00:00Z");
        Job job = desk.scheduler().begin().orElseThrow();
        desk.reconfigure(TWO_O_CLOCK);
        assertThat(desk.job().runningSince()).isPresent();
        assertThat(desk.job().last()).isEmpty();
        assertThat(desk.scheduler().begin()).isEmpty();
        desk.succeed(job);
        assertThat(desk.until("2026-11-21T12:00:00Z")).isEmpty();
    }

    @Test
    void aBookThatMakesNoSenseIsSetAside() throws IOException {
        Desk desk = desk("2026-11-20T12:00:00Z", TWO_O_CLOCK);
        for (String nonsense : List.of("", "{", "[]", "{\"version\":1,\"jobs\":[{}]}", "{\"version\":2}")) {
            Files.writeString(desk.book, nonsense);
            desk.restart();
            assertThat(desk.job().next()).as(nonsense).isEqualTo("2026-11-21T01:00:00Z");
            assertThat(folder.resolve("schedule.json.damaged")).content().isEqualTo(nonsense);
        }
    }

    @Test
    void aJobIsOverdueWhenItsRunHasNotSucceededAQuarterOfAnHourAfterItsTime() throws IOException {
        Desk desk = desk("2026-11-20T12:00:00Z", TWO_O_CLOCK);
        assertThat(overdue(desk, "2026-11-21T01:14:00Z")).isFalse();
        assertThat(overdue(desk, "2026-11-21T01:16:00Z")).isTrue();
        desk.at("2026-11-21T01:20:00Z");
        Job job = desk.scheduler().begin().orElseThrow();
        assertThat(overdue(desk, "2026-11-21T08:20:00Z")).as("while it runs").isFalse();
        desk.fail(job, ProblemCode.UNREACHABLE);
        assertThat(overdue(desk, "2026-11-21T01:21:00Z")).isTrue();
        desk.until("2026-11-21T02:00:00Z");
        assertThat(overdue(desk, "2026-11-21T02:00:00Z")).isFalse();
    }

    private static boolean overdue(Desk desk, String now) {
        return ScheduleReport.of("alice", ScheduleBook.read(desk.book), Optional.empty(), true, Instant.parse(now))
                .anyOverdue();
    }
}
