package dev.holdfast.server.notify;

import static dev.holdfast.server.notify.Things.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.config.Channel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DigestTest {
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
        assertThat(digest.title()).isEqualTo("weekly summary of annex: 1 volume in trouble");
        assertThat(digest.text()).contains("""
                HOST        VOLUME   LAST GOOD     RUNS  FAILED  ADDED    STATE
                production  orderly  30 hours      7     0       1.5 KiB  well
                production  media    only partial  0     1       0 B      failed since 2026-11-21 12:00 UTC
                production  <b>new   none yet      0     0       0 B      well
                """);
        assertThat(digest.text()).contains("Stored data is damaged", "Stored: 5.0 GiB; free: 100.0 GiB.");
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
