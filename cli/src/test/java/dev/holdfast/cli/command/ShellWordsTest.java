package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ShellWordsTest {
    @Test
    void whatAShellWouldTakeApartIsQuoted() {
        String line = new ShellWords("holdfast", "restore", "docs")
                .option("--source", Optional.of("alice"))
                .option("--server", Optional.empty())
                .option("--to", Optional.of("/srv/it's here"))
                .flag("--special", true)
                .flag("--force", false)
                .word("a$b")
                .line();

        assertThat(line).isEqualTo("holdfast restore docs --source alice --to '/srv/it'\\''s here' --special 'a$b'");
    }
}
