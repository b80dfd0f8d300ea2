package dev.holdfast.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.command.Commands;
import dev.holdfast.core.problem.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What holds for every command, asked of the command model, so that a new one cannot forget it. */
final class EveryCommandTest {
    private static final Path GOLDEN = Path.of("src/test/golden/help");

    /** Commands that need no {@code --json}, with the reason. */
    private static final Map<String, String> WITHOUT_JSON = Map.of();

    @TempDir
    static Path folder;

    static Stream<CommandSpec> commands() {
        return all(Program.commandLine(new ProgramRun(folder).session())).stream();
    }

    private static List<CommandSpec> all(CommandLine command) {
        List<CommandSpec> found = new ArrayList<>(List.of(command.getCommandSpec()));
        command.getSubcommands().values().forEach(below -> found.addAll(all(below)));
        return found;
    }

    @ParameterizedTest
    @MethodSource("commands")
    void helpIsAsWritten(CommandSpec command) throws IOException {
        String[] words = command.qualifiedName().split(" ");
        String[] args = Arrays.copyOfRange(words, 1, words.length + 1);
        args[words.length - 1] = "--help";
        ProgramRun run = new ProgramRun(folder).run(args);

        Path golden = GOLDEN.resolve(command.qualifiedName("-") + ".txt");
        if (System.getProperty("golden.update") != null) {
            Files.createDirectories(GOLDEN);
            Files.writeString(golden, run.out());
        }
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(golden).as("write it with -Dgolden.update, then read it").exists();
        assertThat(run.out()).isEqualTo(Files.readString(golden));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandSpeaksJson(CommandSpec command) {
        boolean exempt = WITHOUT_JSON.containsKey(command.qualifiedName());
        assertThat(command.findOption("--json") == null).isEqualTo(exempt);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandAndOptionIsExplained(CommandSpec command) {
        assertThat(command.usageMessage().description()).isNotEmpty();
        assertThat(command.options())
                .allSatisfy(option -> assertThat(option.description())
                        .as(option.longestName())
                        .isNotEmpty());
        assertThat(command.positionalParameters())
                .allSatisfy(parameter -> assertThat(parameter.description())
                        .as(parameter.paramLabel())
                        .isNotEmpty());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void optionsAreLowerCaseWithDashes(CommandSpec command) {
        assertThat(command.options())
                .extracting(OptionSpec::longestName)
                .allMatch(name -> name.matches("--[a-z][a-z0-9-]+"));
    }

    @Test
    void theListAndTheCommandsAgreeOnNames() {
        for (Commands.Entry entry : Commands.ALL) {
            CommandLine.Command annotation = entry.type().getAnnotation(CommandLine.Command.class);
            assertThat(annotation).as(entry.type().getName()).isNotNull();
            assertThat(annotation.name()).isEqualTo(entry.name());
        }
    }

    @Test
    void noGoldenTextOutlivesItsCommand() throws IOException {
        List<String> names =
                commands().map(command -> command.qualifiedName("-") + ".txt").toList();
        try (Stream<Path> files = Files.list(GOLDEN)) {
            assertThat(files.map(file -> file.getFileName().toString())).allMatch(names::contains);
        }
    }

    @Test
    void helpListsEveryExitCode() {
        Map<String, String> listed = Program.commandLine(new ProgramRun(folder).session())
                .getCommandSpec()
                .usageMessage()
                .exitCodeList();
        for (ProblemCode code : ProblemCode.values()) {
            assertThat(listed.keySet().stream().map(String::strip)).contains(Integer.toString(code.exitCode()));
        }
    }
}
