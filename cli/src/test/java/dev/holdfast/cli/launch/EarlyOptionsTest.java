package dev.holdfast.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options before the name of their command, which privateer takes anywhere. */
final class EarlyOptionsTest {
    @TempDir
    Path folder;

    private String moved(String line) {
        return String.join(
                " ", EarlyOptions.moved(Program.commandLine(new ProgramRun(folder).session()), line.split(" ", -1)));
    }

    @ParameterizedTest
    @CsvSource({
        "--dry-run import a.tar v,import --dry-run a.tar v",
        "--server annex backup v,backup --server annex v",
        "--server=annex --as me backup v,--as me backup --server=annex v",
        "--as backup --dry-run backup v,--as backup backup --dry-run v",
        "server --dry-run start,server start --dry-run",
        "--dry-run --path=x server start --timeout 3,--path=x server start --dry-run --timeout 3",
        "-n -v restore v,-v restore -n v",
        "--all keygen,keygen --all",
    })
    void goBehindIt(String typed, String read) {
        assertThat(moved(typed)).isEqualTo(read);
    }

    @ParameterizedTest
    @CsvSource({
        "backup v --server annex",
        "--json version",
        "--version",
        "--dry-run",
        "--dry-run -- backup v",
        "--dry-run=no bakcup v",
        "server",
        "bakcup --dry-run v",
        "dump v -",
        "backup --help",
    })
    void whatIsInOrderOrBeyondUnderstandingStays(String typed) {
        assertThat(moved(typed)).isEqualTo(typed);
    }

    @Test
    void whatACommandDoesNotKnowIsRefusedThereToo() {
        ProgramRun run = new ProgramRun(folder).run("--connection", "keygen", "--all");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--connection", "holdfast keygen --help");
        assertThat(folder).isEmptyDirectory();
    }
}
