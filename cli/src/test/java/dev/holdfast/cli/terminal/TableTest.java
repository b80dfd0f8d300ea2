package dev.holdfast.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class TableTest {
    private static Table table() {
        return new Table(Table.Column.text("volume"), Table.Column.number("size"), Table.Column.text("last"));
    }

    @Test
    void columnsLineUpAndNumbersLeanRight() {
        Screen screen = Screen.pipes();
        table().row("orderly", "1.5 GiB", "2 hours ago")
                .row("m", "12 B", "never")
                .print(screen.terminal());

        assertThat(screen.out()).isEqualTo("""
                        volume      size  last
                        orderly  1.5 GiB  2 hours ago
                        m           12 B  never
                        """);
    }

    @Test
    void onATerminalTheWidestTextGivesWay() {
        Screen screen = Screen.ofWidth(30);
        table().row("a-volume-with-a-very-long-name", "12 B", "never").print(screen.terminal());

        assertThat(screen.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(30));
        assertThat(screen.out()).contains("...", "12 B", "never");
    }

    @Test
    void inAPipeNothingIsCut() {
        Screen screen = Screen.pipes();
        table().row("x".repeat(500), "12 B", "never").print(screen.terminal());

        assertThat(screen.out()).contains("x".repeat(500));
    }

    @Test
    void wideCharactersTakeTwoColumns() {
        Screen screen = Screen.pipes();
        table().row("写真", "1 B", "x").row("abcd", "1 B", "x").print(screen.terminal());

        assertThat(screen.out()).contains("写真     1 B  x", "abcd     1 B  x");
    }

    @Test
    void cellsCannotCommandTheTerminal() {
        Screen screen = Screen.ofWidth(80);
        table().row("a\u001b[2Jb", "1 B", "x").print(screen.terminal());

        assertThat(screen.out()).contains("a\\x1b[2Jb").doesNotContain("\u001b");
    }

    @Test
    void aRowHasACellForEachColumn() {
        assertThatThrownBy(() -> table().row("one")).isInstanceOf(IllegalArgumentException.class);
    }
}
