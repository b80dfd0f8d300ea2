package dev.holdfast.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ProgressPaintersTest {
    private final SettableClock clock = new SettableClock();
    private final ProgressMeter meter = new ProgressMeter(clock);

    private void step(Duration time, long files, long bytes) {
        clock.advance(time);
        meter.advanced(files, bytes);
        meter.sample();
    }

    @Test
    void aTerminalGetsOneRedrawnLine() {
        Screen screen = Screen.ofWidth(120);
        ProgressBar bar = new ProgressBar(screen.terminal(), meter);
        meter.total(10, 10 << 20);
        meter.phase("uploading");
        meter.current("photos/2026/a.jpg");
        step(Duration.ofSeconds(5), 5, 5 << 20);

        bar.tick();

        assertThat(screen.err())
                .isEqualTo("\r\u001b[K[##########----------]  50 %  uploading  5 files  5.0 MiB / 10.0 MiB  1.0 MiB/s"
                        + "  left 0:05  photos/2026/a.jpg");
        assertThat(screen.out()).isEmpty();
    }

    @Test
    void aTotalThatIsStillGrowingIsCalledSo() {
        Screen screen = Screen.ofWidth(120);
        ProgressBar bar = new ProgressBar(screen.terminal(), meter);
        meter.atLeast(10, 10 << 20);
        step(Duration.ofSeconds(5), 5, 5 << 20);

        bar.tick();

        assertThat(screen.err()).isEqualTo("\r\u001b[K5 files  5.0 MiB / at least 10.0 MiB  1.0 MiB/s");
    }

    @Test
    void onlyADisplayThatShowsSomethingWantsATotal() {
        for (ProgressDisplay.Style style : ProgressDisplay.Style.values()) {
            try (ProgressDisplay display =
                    ProgressDisplay.start("backup", style, Screen.pipes().terminal(), clock)) {
                assertThat(display.wantsTotal()).isEqualTo(style != ProgressDisplay.Style.NONE);
            }
        }
    }

    @Test
    void theLineNeverWraps() {
        Screen screen = Screen.ofWidth(60);
        ProgressBar bar = new ProgressBar(screen.terminal(), meter);
        meter.total(10, 10 << 20);
        meter.current("a/very/long/path/".repeat(20));
        step(Duration.ofSeconds(5), 5, 5 << 20);

        bar.tick();

        assertThat(screen.err().substring("\r\u001b[K".length())).hasSizeLessThan(60);
    }

    @Test
    void eightyColumnsHoldPercentBytesSpeedAndTimeLeft() {
        Screen screen = Screen.ofWidth(80);
        ProgressBar bar = new ProgressBar(screen.terminal(), meter);
        meter.total(1_000_000, 1023L << 30);
        meter.phase("uploading");
        meter.current("a/very/long/path");
        for (int second = 0; second < 60; second++) {
            step(Duration.ofSeconds(1), 12_345, (1023L << 20) + 600_000);
        }

        bar.tick();

        assertThat(screen.err().substring("\r\u001b[K".length()))
                .hasSizeLessThan(80)
                .startsWith("[----------]   5 %  ")
                .contains("60.0 GiB / 1023.0 GiB  1023.6 MiB/s  left 16:");
    }

    @Test
    void aPreparationIsNotToldUnlessItIsLong() {
        Screen screen = Screen.pipes();
        try (ProgressDisplay display =
                ProgressDisplay.startQuietly("compare", ProgressDisplay.Style.LINES, screen.terminal(), clock)) {
            display.notice("connection lost, trying again");
        }

        assertThat(screen.err()).isEqualTo("compare: connection lost, trying again\n");
    }

    @Test
    void aFileNameCannotCommandTheTerminal() {
        Screen screen = Screen.ofWidth(120);
        ProgressBar bar = new ProgressBar(screen.terminal(), meter);
        meter.current("a\u001b]0;pwned\u0007\nb");

        bar.tick();

        assertThat(screen.err().substring("\r\u001b[K".length())).doesNotContain("\u001b", "\u0007", "\n");
    }

    @Test
    void theEndLeavesACleanLine() {
        Screen screen = Screen.ofWidth(80);
        new ProgressBar(screen.terminal(), meter).end(true);

        assertThat(screen.err()).isEqualTo("\r\u001b[K");
    }

    @Test
    void aLogGetsALinePerTenthAndASummary() {
        Screen screen = Screen.pipes();
        ProgressLines lines = ProgressLines.ofRun("backup", screen.terminal(), meter);
        meter.total(100, 100 << 10);
        for (int percent = 0; percent < 100; percent++) {
            step(Duration.ofSeconds(1), 1, 1 << 10);
            lines.tick();
        }
        lines.end(true);

        List<String> written = screen.err().lines().toList();
        assertThat(written).hasSize(11);
        assertThat(written.get(0)).isEqualTo("backup: started");
        assertThat(written.get(5)).isEqualTo("backup: 50 %, 50 files, 50.0 KiB of 100.0 KiB, 1.0 KiB/s, 50s left");
        assertThat(written.get(10)).isEqualTo("backup: ended after 1m 40s, 100 files, 100.0 KiB, 1.0 KiB/s");
        assertThat(screen.err()).doesNotContain("\r");
    }

    @Test
    void whatFailsBeforeThereIsWorkHasNoStartAndNoEnd() {
        Screen screen = Screen.pipes();
        ProgressLines lines = ProgressLines.ofRun("import photos", screen.terminal(), meter);
        clock.advance(Duration.ofSeconds(2));
        lines.tick();
        lines.end(false);

        assertThat(screen.err()).isEmpty();
    }

    @Test
    void whatFailsIsNotSaidToHaveEnded() {
        Screen screen = Screen.pipes();
        ProgressLines lines = ProgressLines.ofRun("backup photos", screen.terminal(), meter);
        step(Duration.ofSeconds(2), 1, 1 << 10);
        lines.end(false);

        assertThat(screen.err())
                .contains("backup photos: broken off after 2.0s, 1 file, 1.0 KiB")
                .doesNotContain("ended");
    }

    @Test
    void aSlowRunSpeaksEveryFiveMinutes() {
        Screen screen = Screen.pipes();
        ProgressLines lines = ProgressLines.ofRun("backup", screen.terminal(), meter);
        for (int minute = 0; minute < 30; minute++) {
            step(Duration.ofMinutes(1), 1, 10);
            lines.tick();
        }

        assertThat(screen.err().lines()).hasSize(1 + 6);
    }

    @Test
    void programsGetStatusMessages() {
        Screen screen = Screen.pipes();
        ProgressJson json = new ProgressJson(screen.terminal(), meter);
        meter.total(4, 400);
        meter.phase("uploading");
        meter.current("a\nb");
        step(Duration.ofSeconds(10), 1, 100);

        json.tick();

        assertThat(screen.err())
                .isEqualTo("{\"message_type\":\"status\",\"seconds_elapsed\":10,\"seconds_remaining\":30,"
                        + "\"percent_done\":0.25,\"total_files\":4,\"files_done\":1,\"total_bytes\":400,\"bytes_done\":100,"
                        + "\"bytes_transferred\":0,\"phase\":\"uploading\",\"current_files\":[\"a\\nb\"]}\n");
    }

    @Test
    void quietIsQuiet() {
        Screen screen = Screen.pipes();
        try (ProgressDisplay display =
                ProgressDisplay.start("backup", ProgressDisplay.Style.NONE, screen.terminal(), clock)) {
            display.advanced(1, 1);
            display.notice("connection lost, trying again");
        }

        assertThat(screen.err()).isEmpty();
    }

    @Test
    void aNoticeStandsOnItsOwnLine() {
        Screen screen = Screen.pipes();
        try (ProgressDisplay display =
                ProgressDisplay.start("backup", ProgressDisplay.Style.LINES, screen.terminal(), clock)) {
            display.notice("connection lost, trying again");
        }

        assertThat(screen.err().lines()).contains("backup: connection lost, trying again");
    }
}
