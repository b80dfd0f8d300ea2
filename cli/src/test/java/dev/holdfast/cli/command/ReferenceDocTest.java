package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.launch.ProgramRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/reference.md} is written from the command model. */
final class ReferenceDocTest {
    private static final Path PAGE = Path.of("../docs/reference.md");

    @TempDir
    Path folder;

    @Test
    void theReferenceTellsOfTheCommandsAsTheyAre() throws IOException {
        ProgramRun run = new ProgramRun(folder).run("manual", ".", "--quiet");
        assertThat(run.exitCode()).isZero();
        String written = Files.readString(folder.resolve("commands.md"));
        if (System.getProperty("golden.update") != null) {
            Files.writeString(PAGE, written);
        }

        assertThat(PAGE).as("write it with -Dgolden.update, then read it").exists();
        assertThat(Files.readString(PAGE)).isEqualTo(written);
    }
}
