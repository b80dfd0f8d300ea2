package dev.holdfast.server.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.fleet.Announcement;
import dev.holdfast.core.fleet.RunReport;
import dev.holdfast.core.fleet.VolumeStatus;
import dev.holdfast.core.schedule.Cron;
import dev.holdfast.core.schedule.DailyWindow;
import dev.holdfast.core.schedule.InvalidScheduleException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Of {@code alice/photos}, which is due daily at two, seen from noon on. */
final class JudgementTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final Instant YESTERDAY = NOON.minus(Duration.ofDays(1));
    private static final Instant DUE = Instant.parse("2026-11-22T02:00:00Z");

    private List<Cron> schedules = List.of(cron("daily at 02:00"));
    private Expected.Timing timing = Expected.Timing.in(ZoneOffset.UTC);
    private Optional<Instant> last = Optional.of(YESTERDAY);
    private Optional<Instant> running = Optional.empty();
    private Optional<HostRecord> host = Optional.empty();

    private static Cron cron(String text) {
        try {
            return Cron.parse(text);
        } catch (InvalidScheduleException e) {
            throw new AssertionError(e);
        }
    }

    private Expected photos() {
        return new Expected(
                "alice",
                "photos",
                schedules,
                timing,
                last.map(moment -> new VolumeStatus.Snapshot("1a2b", moment, false, false, 3, 4)),
                running);
    }

    private Verdict at(Instant now) {
        return new Judgement(now).of(photos(), host, host.isPresent(), Optional.empty(), Optional.empty(), any -> NOON);
    }

    private Verdict afterAFailure(Instant now, Instant failed) {
        RunReport report = new RunReport(
                "photos",
                RunReport.Result.FAILED,
                1,
                "",
                Duration.ZERO,
                Duration.ofSeconds(3),
                RunReport.Made.NOTHING,
                new RunReport.Failure("HF-BUSY", "a restore is not finished", "Remove a file that is gone."));
        return new Judgement(now)
                .of(photos(), host, true, Optional.empty(), Optional.of(new LastRun(report, failed)), any -> NOON);
    }

    @Test
    void theReasonOfAFailureIsShownUntilThereIsASnapshotAgain() {
        assertThat(afterAFailure(NOON, YESTERDAY.plusSeconds(1)).status().run()).isPresent();
        assertThat(afterAFailure(NOON, YESTERDAY.minusSeconds(1)).status().run())
                .isEmpty();
        VolumeStatus overdue =
                afterAFailure(DUE.plusSeconds(7200), YESTERDAY.minusSeconds(1)).status();
        assertThat(overdue.overdue()).isTrue();
        assertThat(overdue.run()).as("it does not tell why this one is missing").isEmpty();
    }

    /** At noon its agent says that it is due next after so long. */
    private void announce(Duration next) {
        Announcement.Job job = new Announcement.Job("photos", "daily at 02:00", Optional.empty(), List.of(next));
        host = Optional.of(
                HostRecord.fresh("alice", NOON).announced(new Announcement(false, "UTC", List.of(job)), NOON));
    }

    @Test
    void whatIsDueIsOwedAtOnceAndOverdueAQuarterOfAnHourLater() {
        assertThat(at(DUE.minusSeconds(1)).owedSince()).isEmpty();
        assertThat(at(DUE).owedSince()).hasValue(DUE);
        assertThat(at(DUE.plusSeconds(899)).status().overdue()).isFalse();
        assertThat(at(DUE.plusSeconds(901)).status().overdueSince()).hasValue(DUE);
    }

    @Test
    void whatIsOnItsWayIsOwedButNotOverdue() {
        running = Optional.of(DUE);
        assertThat(at(DUE.plusSeconds(7200)).owedSince()).hasValue(DUE);
        assertThat(at(DUE.plusSeconds(7200)).status().overdue()).isFalse();
    }

    @Test
    void aSnapshotOfAHostWhoseClockIsAheadCounts() {
        last = Optional.of(DUE.minusSeconds(120));
        assertThat(at(DUE.plusSeconds(7200)).owedSince()).isEmpty();
        schedules = List.of(cron("every 5 minutes"));
        assertThat(at(DUE.plusSeconds(301)).owedSince())
                .as("half of the time between two runs at most")
                .hasValue(DUE.plusSeconds(300));
    }

    @Test
    void aJobThatIsNewIsNotAskedForWhatWasDueBefore() {
        last = Optional.empty();
        assertThat(at(NOON).owedSince()).isEmpty();
        assertThat(at(DUE.plusSeconds(60)).owedSince()).hasValue(DUE);
    }

    @Test
    void whatIsNotDueByItselfIsNeverOwed() {
        schedules = List.of();
        assertThat(at(DUE.plus(Duration.ofDays(40))).owedSince()).isEmpty();
        assertThat(at(DUE).status().next()).isEmpty();
    }

    @Test
    void aHostIsGivenItsWindowAndItsSplay() {
        timing = new Expected.Timing(ZoneOffset.UTC, DailyWindow.parse("04:00-06:00"), Duration.ofMinutes(5));
        Instant latest = DUE.plus(Duration.ofMinutes(125));
        assertThat(at(latest.minusSeconds(1)).owedSince()).isEmpty();
        assertThat(at(latest.minusSeconds(1)).status().next()).hasValue(latest);
        assertThat(at(latest).owedSince()).hasValue(latest);
    }

    @Test
    void whatAHostHasAnnouncedCountsBeforeTheConfiguration() {
        announce(Duration.ofHours(20));
        assertThat(at(DUE.plus(Duration.ofHours(5))).owedSince()).isEmpty();
        Instant promised = NOON.plus(Duration.ofHours(20));
        assertThat(at(promised).owedSince()).hasValue(promised);
        last = Optional.of(promised.plusSeconds(1));
        assertThat(at(promised.plusSeconds(2)).owedSince()).isEmpty();
        assertThat(at(promised.plusSeconds(2)).status().next()).hasValue(DUE.plus(Duration.ofDays(1)));
    }

    @Test
    void aHostCannotAnnounceThatNothingIsEverDue() {
        announce(Duration.ofDays(400));
        assertThat(at(DUE.plus(Duration.ofDays(1))).owedSince()).isEmpty();
        Instant later = DUE.plus(Duration.ofDays(1)).plusSeconds(1);
        assertThat(at(later).owedSince()).hasValue(DUE);
        assertThat(at(later).status().overdueSince()).hasValue(DUE);
    }

    @Test
    void theScheduleOfAnAgentThatHasGoneCountsOnWithItsWindow() {
        timing = new Expected.Timing(ZoneOffset.UTC, DailyWindow.parse("04:00-06:00"), Duration.ZERO);
        announce(Duration.ofHours(16));
        last = Optional.of(NOON.plus(Duration.ofHours(16)).plusSeconds(30));
        Instant next = NOON.plus(Duration.ofHours(40));
        assertThat(at(next.minusSeconds(1)).owedSince()).isEmpty();
        assertThat(at(next).owedSince()).hasValue(next);
    }
}
