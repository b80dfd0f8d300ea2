package dev.holdfast.server.notify;

import static dev.holdfast.server.notify.Things.NOON;
import static dev.holdfast.server.notify.Things.orderly;
import static dev.holdfast.server.notify.Things.partial;
import static dev.holdfast.server.notify.Things.sighting;
import static dev.holdfast.server.notify.Things.whole;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.config.NotifyEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LookoutTest {
    private static final Cause CAUSE = new Cause("HF-NO-SPACE", "the quota is used up", "Raise the quota.");
    private static final Instant YESTERDAY = NOON.minus(Duration.ofDays(1));
    private static final Instant DUE = Instant.parse("2026-11-22T02:00:00Z");
    /** When the backup that was due at two is missed. */
    private static final Instant MISSED = Instant.parse("2026-11-22T03:01:00Z");

    private static final Sighting.Standing PAUSED = new Sighting.Standing(Optional.of(DUE), Optional.empty(), true);

    @TempDir
    Path folder;

    private Lookout lookout;

    @BeforeEach
    void lookForTheFirstTime() {
        lookout = lookout("");
        assertThat(lookout.look(sighting(orderly(whole("a", YESTERDAY))), NOON)).isEmpty();
    }

    private Lookout lookout(String more) {
        return new Lookout(
                "annex",
                LookoutBook.in(folder.resolve("notify")),
                Things.configuration(more),
                ZoneOffset.UTC,
                NOON.minus(Duration.ofHours(2)));
    }

    private List<Notice> look(Instant now, Sighting.Snapshot last) {
        return lookout.look(sighting(at(now, last)), now);
    }

    private static Sighting.Backup at(Instant now, Sighting.Snapshot last) {
        boolean owed = !now.isBefore(DUE) && last.received().isBefore(DUE);
        return owed ? Things.owed(DUE, last) : orderly(last);
    }

    private static Instant days(int days) {
        return MISSED.plus(Duration.ofDays(days));
    }

    @Test
    void aBackupThatDoesNotComeIsToldOnceThenDailyAndWhenItCameItIsOver() {
        Sighting.Snapshot last = whole("a", YESTERDAY);
        assertThat(look(MISSED.minusSeconds(120), last)).isEmpty();

        Notice missed = only(look(MISSED, last));
        assertThat(missed.kind()).isEqualTo(Notice.Kind.MISSED);
        assertThat(missed.title()).isEqualTo("backup of production/orderly did not come");
        assertThat(missed.since()).hasValue(Instant.parse("2026-11-22T02:00:00Z"));
        assertThat(missed.text())
                .contains(
                        "was due at 2026-11-22 02:00",
                        "The last good snapshot is a of 2026-11-20 12:00",
                        "39 hours old")
                .contains("holdfast schedule status");

        assertThat(look(MISSED.plusSeconds(60), last)).isEmpty();
        assertThat(look(days(1).minusSeconds(1), last)).isEmpty();
        Notice reminder = only(look(days(1), last));
        assertThat(reminder.isReminder()).isTrue();
        assertThat(reminder.title()).startsWith("still: ");
        assertThat(look(days(1).plusSeconds(60), last)).isEmpty();

        Sighting.Snapshot fresh = whole("b", days(1).plusSeconds(90));
        List<Notice> over = look(days(1).plusSeconds(120), fresh);
        assertThat(over).extracting(Notice::kind).containsExactly(Notice.Kind.RECOVERED, Notice.Kind.DONE);
        assertThat(over.get(0).over()).containsExactly(Notice.Kind.MISSED);
        assertThat(look(days(1).plusSeconds(180), fresh)).isEmpty();
    }

    private static Notice only(List<Notice> notices) {
        assertThat(notices).hasSize(1);
        return notices.get(0);
    }

    @Test
    void oneThatIsComingIsNotMissed() {
        Sighting.Backup running = new Sighting.Backup(
                "production",
                "orderly",
                Optional.of(whole("a", YESTERDAY)),
                true,
                true,
                Optional.of(DUE),
                Sighting.Standing.WELL);
        assertThat(lookout.look(sighting(running), MISSED)).isEmpty();
        assertThat(look(MISSED.plusSeconds(60), whole("a", YESTERDAY))).hasSize(1);
    }

    @Test
    void ofAHostWhoseScheduleIsPausedItIsSaidHowItGoesOnAsLongAsItIs() {
        Sighting.Backup idle = Things.owed(DUE, whole("a", YESTERDAY));
        Notice missed = only(lookout.look(sighting(Things.standing(idle, PAUSED)), MISSED));
        String hint = "its schedule is paused; `holdfast schedule start` on 'production' lets it go on.";
        assertThat(missed.text()).contains("What to do: " + hint);
        assertThat(NoticeJson.values(missed)).containsEntry("hint", hint);

        Notice later = only(lookout.look(sighting(idle), days(1)));
        assertThat(NoticeJson.values(later).get("hint")).startsWith("see whether 'production' is up");
    }

    @Test
    void oneOfWhichThereIsNoneYetIsMissedToo() {
        Lookout fresh = new Lookout(
                "annex", LookoutBook.in(folder.resolve("other")), Things.configuration(""), ZoneOffset.UTC, YESTERDAY);
        assertThat(only(fresh.look(sighting(Things.owed(DUE)), MISSED)).text())
                .contains("There is no good snapshot of it yet.");
    }

    @Test
    void howLongToWaitIsSaidByTheConfiguration() {
        lookout.adopt(Things.configuration("watch: { grace: 1m }\n"));
        assertThat(look(DUE.plusSeconds(59), whole("a", YESTERDAY))).isEmpty();
        assertThat(only(look(DUE.plusSeconds(61), whole("a", YESTERDAY))).kind())
                .isEqualTo(Notice.Kind.MISSED);
    }

    @Test
    void whatIsNotDueByItselfAnyMoreIsNotMissedAnyMore() {
        assertThat(look(MISSED, whole("a", YESTERDAY))).hasSize(1);
        Sighting without = sighting(new Sighting.Backup(
                "production",
                "orderly",
                Optional.of(whole("a", YESTERDAY)),
                false,
                false,
                Optional.empty(),
                Sighting.Standing.WELL));
        assertThat(lookout.look(without, days(1))).isEmpty();
    }

    @Test
    void aServerThatWasAwayWaitsUntilHostsHaveHadTimeToComeBack() {
        Lookout back = new Lookout(
                "annex", lookout.book(), Things.configuration(""), ZoneOffset.UTC, MISSED.plus(Duration.ofDays(3)));
        Sighting sighting = sighting(at(MISSED, whole("a", YESTERDAY)));
        assertThat(back.look(sighting, days(3).plusSeconds(60))).isEmpty();
        assertThat(only(back.look(sighting, days(3).plus(Duration.ofHours(1)))).kind())
                .isEqualTo(Notice.Kind.MISSED);
    }

    @Test
    void aPartialSnapshotIsToldOnceAndFollowedByThoseWhoFollowRuns() {
        Notice partly = only(look(NOON.plusSeconds(60), partial("b", NOON)));
        assertThat(partly.kind()).isEqualTo(Notice.Kind.PARTIAL);
        assertThat(partly.occasion()).isEqualTo(Notice.Occasion.FIRST);
        assertThat(partly.lastGood()).hasValue(new Notice.LastGood("a", YESTERDAY));

        Notice again = only(look(NOON.plusSeconds(120), partial("c", NOON.plusSeconds(100))));
        assertThat(again.occasion()).isEqualTo(Notice.Occasion.REPEAT);
        assertThat(look(NOON.plusSeconds(180), whole("d", NOON.plusSeconds(170))))
                .extracting(Notice::kind)
                .containsExactly(Notice.Kind.RECOVERED, Notice.Kind.DONE);
    }

    @Test
    void aFailureIsToldWithItsReasonAndNotAgainByTheNextOne() {
        Notice failed = only(lookout.failed("production", "orderly", CAUSE, NOON, NOON));
        assertThat(failed.kind()).isEqualTo(Notice.Kind.FAILED);
        assertThat(failed.occasion()).isEqualTo(Notice.Occasion.FIRST);
        assertThat(failed.text())
                .contains("Reason: the quota is used up [HF-NO-SPACE]", "What to do: Raise the quota.");
        assertThat(only(lookout.failed("production", "orderly", CAUSE, NOON.plusSeconds(60), NOON.plusSeconds(60)))
                        .occasion())
                .isEqualTo(Notice.Occasion.REPEAT);

        assertThat(look(MISSED, whole("a", YESTERDAY)))
                .as("it is known to fail")
                .isEmpty();
        assertThat(only(look(NOON.plus(Duration.ofHours(24)), whole("a", YESTERDAY)))
                        .text())
                .contains("the quota is used up");
    }

    @Test
    void aPartialSnapshotAfterAFailureEndsItForThoseWhoDoNotCareForPartialOnes() {
        lookout.failed("production", "orderly", CAUSE, NOON, NOON);
        Notice partly = only(look(NOON.plusSeconds(60), partial("b", NOON.plusSeconds(50))));

        assertThat(partly.over()).containsExactly(Notice.Kind.FAILED);
        assertThat(partly.isFor(EnumSet.of(NotifyEvent.FAILED, NotifyEvent.RECOVERED)))
                .isTrue();
        assertThat(partly.isFor(EnumSet.of(NotifyEvent.MISSED, NotifyEvent.RECOVERED)))
                .isFalse();
        assertThat(partly.isFor(EnumSet.of(NotifyEvent.PARTIAL))).isTrue();
    }

    @Test
    void theEndOfTroubleIsForThoseWhoHeardOfIt() {
        lookout.failed("production", "orderly", CAUSE, NOON, NOON);
        Notice recovered =
                look(NOON.plusSeconds(60), whole("b", NOON.plusSeconds(50))).get(0);

        assertThat(recovered.kind()).isEqualTo(Notice.Kind.RECOVERED);
        assertThat(recovered.isFor(EnumSet.of(NotifyEvent.FAILED, NotifyEvent.RECOVERED)))
                .isTrue();
        assertThat(recovered.isFor(EnumSet.of(NotifyEvent.FAILED))).isFalse();
        assertThat(recovered.isFor(EnumSet.of(NotifyEvent.MISSED, NotifyEvent.RECOVERED)))
                .isFalse();
    }

    @Test
    void aFailureThatIsToldLateIsNoTroubleWhenAGoodSnapshotCameAfterIt() {
        assertThat(lookout.failed("production", "orderly", CAUSE, YESTERDAY.minusSeconds(60), NOON))
                .isEmpty();
        assertThat(lookout.book().of("production", "orderly").failuresSince(YESTERDAY.minusSeconds(90)))
                .isEqualTo(1);
    }

    @Test
    void whatCannotBeSeenForAWhileIsNotForgotten() {
        assertThat(look(MISSED, whole("a", YESTERDAY))).hasSize(1);
        Sighting blind = new Sighting(List.of(), Optional.empty(), OptionalLong.empty(), 0);
        assertThat(lookout.look(blind, MISSED.plusSeconds(60))).isEmpty();
        assertThat(look(MISSED.plusSeconds(120), whole("a", YESTERDAY))).isEmpty();
    }

    @Test
    void whatWasToldIsRememberedOverARestart() throws Exception {
        assertThat(look(MISSED, whole("a", YESTERDAY))).hasSize(1);
        lookout.book().write();
        lookout = lookout("");
        assertThat(look(MISSED.plusSeconds(60), whole("a", YESTERDAY))).isEmpty();
        assertThat(look(MISSED.plusSeconds(120), whole("b", MISSED.plusSeconds(100))))
                .extracting(Notice::kind)
                .contains(Notice.Kind.RECOVERED);

        lookout.book().write();
        Files.writeString(folder.resolve("notify/book.json"), "{ \"backups\": [ { \"name\": 7 } ] }");
        lookout = lookout("");
        assertThat(look(MISSED.plusSeconds(180), whole("b", MISSED.plusSeconds(100))))
                .isEmpty();
    }

    @Test
    void damageIsToldWhenItIsNewAndNotWhenACountGrows() {
        String lost = "3 stored objects were found damaged, in pack a1b2.pack";
        Notice told = only(lookout.look(damaged(lost), NOON));
        assertThat(told.kind()).isEqualTo(Notice.Kind.DAMAGE);
        assertThat(told.text()).contains(lost, "--rehash");
        assertThat(lookout.look(damaged(lost.replace("3", "4")), NOON.plusSeconds(900)))
                .isEmpty();
        assertThat(only(lookout.look(damaged(lost, "log of host 'uat' is gone"), NOON.plusSeconds(1800)))
                        .occasion())
                .isEqualTo(Notice.Occasion.FIRST);
        assertThat(only(lookout.look(damaged(lost), NOON.plus(Duration.ofHours(25))))
                        .isReminder())
                .isTrue();
        assertThat(only(lookout.look(sighting(Things.backup("media")), NOON.plus(Duration.ofHours(26))))
                        .kind())
                .isEqualTo(Notice.Kind.RECOVERED);
    }

    private static Sighting damaged(String... findings) {
        return new Sighting(
                List.of(Things.backup("media")), Optional.of(List.of(findings)), OptionalLong.of(1L << 40), 0);
    }

    @Test
    void wantOfSpaceIsOverWhenThereIsClearlyEnough() {
        lookout = lookout("watch: { space: 10GiB }\n");
        assertThat(only(lookout.look(free(9L << 30), NOON)).kind()).isEqualTo(Notice.Kind.SPACE);
        assertThat(lookout.look(free(8L << 30), NOON.plusSeconds(60))).isEmpty();
        assertThat(lookout.look(free((10L << 30) + 1), NOON.plusSeconds(60))).isEmpty();
        assertThat(only(lookout.look(free(12L << 30), NOON.plusSeconds(120))).title())
                .isEqualTo("there is room again on annex");
    }

    private static Sighting free(long bytes) {
        return new Sighting(List.of(orderly(whole("a", YESTERDAY))), Optional.empty(), OptionalLong.of(bytes), 0);
    }
}
