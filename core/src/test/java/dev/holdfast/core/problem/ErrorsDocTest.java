package dev.holdfast.core.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** {@code docs/errors.md} tells of every code, in the order of the enum. */
final class ErrorsDocTest {
    private static final Path PAGE = Path.of("../docs/errors.md");
    private static final int COLUMNS = 5;

    private static List<List<String>> rows() throws IOException {
        return Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| `HF-"))
                .map(line -> Arrays.stream(line.split("\\|"))
                        .map(String::strip)
                        .filter(cell -> !cell.isEmpty())
                        .toList())
                .toList();
    }

    @Test
    void everyCodeIsDocumentedAsItIs() throws IOException {
        List<String> documented =
                rows().stream().map(row -> String.join(" ", row.subList(0, 3))).toList();

        assertThat(documented)
                .containsExactlyElementsOf(Arrays.stream(ProblemCode.values())
                        .map(code -> "`" + code.label() + "` " + code.exitCode() + " "
                                + code.retry().name().toLowerCase(Locale.ROOT))
                        .toList());
    }

    @Test
    void everyCodeHasAMeaningAndAWayOn() throws IOException {
        assertThat(rows()).allSatisfy(row -> assertThat(row).hasSize(COLUMNS));
    }
}
