package dev.holdfast.server.notify;

import static dev.holdfast.server.notify.Things.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.config.Channel;
import dev.holdfast.core.fleet.RunReport;
import dev.holdfast.core.fleet.VolumeStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DigestTest {
    private static final Channel.Reach WHOLE = new Channel.Reach(List.of(), List.of(), List.of());

    @TempDir
    Path folder;

    private Notice digest(String reach) {
        LookoutBook book = LookoutBook.in(folder);
        Lookout lookout = new Lookout("annex", book, Things.configuration(""), ZoneOffset.UTC, NOON);
        Sighting sighting = new Sighting(
                List.of(
                        Things.orderly(Things.whole("a", NOON.minus(Duration.ofHours(30)))),
                        Things.backup("media", Things.partial("m", NOON.minus(Duration.ofDays(3)))),
                        Things.backup("<b>new")),
                Optional.of(List.of("pack 1 is damaged")),
                OptionalLong.of(100L << 30),
                5L << 30);
        lookout.look(sighting, NOON);
        lookout.failed("production", "media", new Cause("HF-IO", "no", ""), NOON, NOON);
        Channel channel = Things.configuration("notify:\n  - { webhook: $X" + reach + " }\n")
                .channels()
                .get(0);
        return Digest.of(
                "annex",
                lookout.wording(NOON),
                NOON,
                sighting,
                Map.of("production/orderly", new Observer.Runs(7, 0, 1536)),
                book,
                channel.reach());
    }

    @Test
    void everyVolumeHasALineThatLinesUp() {
        Notice digest = digest("");
        assertThat(digest.title()).isEqualTo("weekly summary of annex: 1 volume in trouble, stored data is damaged");
        assertThat(digest.text()).contains("""
                HOST        VOLUME   LAST GOOD     RUNS  FAILED  ADDED    STATE
                production  orderly  30 hours      7     0       1.5 KiB  well
                production  media    only partial  0     1       0 B      failed since 2026-11-21 12:00 UTC
                production  <b>new   none yet      0     0       0 B      well
                """);
        assertThat(digest.text()).contains("Stored data is damaged", "Stored: 5.0 GiB; free: 100.0 GiB.");
    }

    @Test
    void whatIsOverdueOrFailedIsInTroubleThoughNobodyWasToldYet() {
        Instant since = NOON.minus(Duration.ofHours(50));
        Sighting sighting = Things.sighting(
                standing("late", Optional.of(since), Optional.empty()),
                standing("broken", Optional.empty(), Optional.of(since)),
                standing("fine", Optional.empty(), Optional.empty()));

        Notice digest = Digest.of("annex", wording(), NOON, sighting, Map.of(), LookoutBook.in(folder), WHOLE);

        assertThat(digest.title()).isEqualTo("weekly summary of annex: 2 volumes in trouble");
        assertThat(digest.text())
                .containsPattern("late .* overdue since 2026-11-19 10:00 UTC\n")
                .containsPattern("broken .* failed since 2026-11-19 10:00 UTC\n")
                .containsPattern("fine .* well\n");
    }

    private static Wording wording() {
        return new Wording("annex", ZoneId.of("UTC"), NOON);
    }

    private static Sighting.Backup standing(String volume, Optional<Instant> overdue, Optional<Instant> failed) {
        return Things.standing(Things.backup(volume), new Sighting.Standing(overdue, failed, false));
    }

    @Test
    void whatIsThoughtOfAVolumeIsWhatItsStatusShows() {
        Instant due = NOON.minus(Duration.ofHours(10));
        VolumeStatus status = new VolumeStatus(
                "production",
                "orderly",
                "daily at 02:00",
                Optional.empty(),
                Optional.empty(),
                Optional.of(due),
                Optional.empty(),
                Optional.of(new VolumeStatus.Run(
                        RunReport.Result.FAILED,
                        NOON,
                        Duration.ZERO,
                        "schedule",
                        new RunReport.Failure("HF-IO", "no", ""))),
                new VolumeStatus.Agent(true, true, Optional.of(NOON)));
        assertThat(Sighting.Standing.of(status))
                .isEqualTo(new Sighting.Standing(Optional.of(due), Optional.of(NOON), true));
    }

    @Test
    void whereNoVolumeCanBeSeenNobodySaysThatAllIsWell() {
        Sighting blind = new Sighting(List.of(), Optional.empty(), OptionalLong.empty(), 0);
        assertThat(Digest.of("annex", wording(), NOON, blind, Map.of(), LookoutBook.in(folder), WHOLE)
                        .title())
                .isEqualTo("weekly summary of annex: no volume to be seen");
    }

    @Test
    void inHtmlNamesAreTextAndTheTableIsATable() {
        assertThat(digest("").html())
                .contains("<th scope=\"col\"", "<td style=\"padding:2px 12px 2px 0\">orderly</td>", "&lt;b&gt;new")
                .doesNotContain("<b>");
    }

    @Test
    void aChannelForOneVolumeGetsThatVolumeAlone() {
        assertThat(digest(", volumes: [orderly]").text())
                .contains("orderly", "all is well")
                .doesNotContain("media", "free:");
    }
}
