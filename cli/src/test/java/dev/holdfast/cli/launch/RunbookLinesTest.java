package dev.holdfast.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** What people type who come from privateer is understood as it stands; nothing is carried out here. */
final class RunbookLinesTest {
    private static final Path COMMANDS = Path.of("../docs/cookbook/privateer-commands.md");

    @TempDir
    static Path folder;

    /** The runbook as the cookbook prints it. */
    static List<String> lines() throws IOException {
        String block = Pattern.compile("(?s)```runbook\n(.*?)```")
                .matcher(Files.readString(COMMANDS))
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);
        return block.lines()
                .flatMap(line -> Stream.of(line.replaceFirst("^#.*?: ", "").split(" ; ", -1)))
                .map(String::strip)
                .toList();
    }

    /** The words of the deepest command that a line calls. */
    private static List<String> parse(String line) {
        String[] words = line.split(" +", -1);
        CommandLine program = Program.commandLine(new ProgramRun(folder).session());
        ParseResult parsed = program.parseArgs(EarlyOptions.moved(program, Arrays.copyOfRange(words, 1, words.length)));
        List<String> names = new ArrayList<>();
        while (parsed.hasSubcommand()) {
            parsed = parsed.subcommand();
            names.add(parsed.commandSpec().name());
        }
        return names;
    }

    @Test
    void theRunbookIsThere() throws IOException {
        assertThat(lines())
                .contains("privateer keygen --all", "privateer --version")
                .hasSizeGreaterThan(18)
                .allMatch(line -> line.startsWith("privateer "));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void everyLineOfTheRunbookIsUnderstood(String line) {
        List<String> called = parse(line);

        String[] words = line.split(" ", -1);
        int depth = words[1].equals("server") || words[1].equals("schedule") ? 2 : 1;
        assertThat(called)
                .isEqualTo(
                        words[1].equals("--version")
                                ? List.of()
                                : Arrays.asList(words).subList(1, 1 + depth));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "privateer --path=/etc/ship keygen annex",
                "privateer --path /etc/ship/privateer.json configure annex",
                "privateer --as=live check",
                "privateer --as live --dry-run backup reports --server north",
                "privateer --dry-run restore reports --server=north --source live",
                "privateer restore reports",
                "privateer --dry-run export reports --to-dir=/tmp --source=live",
                "privateer export reports --to-dir /tmp --source local",
                "privateer --dry-run import reports.tar reports",
                "privateer import --dry-run reports.tar reports",
                "privateer server start --dry-run",
                "privateer --dry-run server start",
                "privateer --dry-run schedule start",
                "privateer schedule start --dry-run --as=live",
            })
    void optionsStandWhereverPrivateerTakesThem(String line) {
        assertThat(parse(line)).isNotEmpty();
    }

    @Test
    void theVersionIsTold() {
        ProgramRun run = new ProgramRun(folder).run("--version");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("holdfast ");
    }
}
