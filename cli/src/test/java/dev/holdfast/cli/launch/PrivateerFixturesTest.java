package dev.holdfast.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A {@code privateer.json} of each shape that its documentation shows, as the commands take it. */
final class PrivateerFixturesTest {
    private static final Path FIXTURES = Path.of("src/test/fixtures/privateer");

    @TempDir
    Path folder;

    static List<Path> fixtures() throws IOException {
        try (Stream<Path> files = Files.list(FIXTURES)) {
            return files.sorted().toList();
        }
    }

    private ProgramRun run(Path fixture, String... words) throws IOException {
        Files.writeString(folder.resolve("privateer.json"), Files.readString(fixture));
        return new ProgramRun(folder).run(words);
    }

    @Test
    void everyShapeIsThere() throws IOException {
        assertThat(fixtures()).hasSize(6);
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void isValidAsItIs(Path fixture) throws IOException {
        ProgramRun run = run(fixture, "config", "validate");

        assertThat(run.err()).doesNotContain("[HF-");
        assertThat(run.exitCode()).isZero();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void isShownWithAllItsMachines(Path fixture) throws IOException {
        ProgramRun run = run(fixture, "config", "show");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).containsAnyOf("harbour", "north").contains("ship", "log");
    }

    @Test
    void aKeyThatPrivateerPassesOverIsNamed() throws IOException {
        Path fixture = FIXTURES.resolve("one-server.json");
        Files.writeString(
                folder.resolve("privateer.json"),
                Files.readString(fixture)
                        .replace("\"backup\": [\"log\"]", "\"backup\": [\"log\"], \"colour\": \"red\""));

        ProgramRun run = new ProgramRun(folder).run("config", "validate");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out() + run.err()).contains("unknown key 'colour'", "privateer.json:");
    }
}
