package dev.holdfast.core.config;

import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where the configuration is. */
public final class ConfigurationFiles {
    /** The names looked for in a folder, in this order. */
    public static final List<String> NAMES = List.of("holdfast.yaml", "privateer.json");

    private ConfigurationFiles() {}

    /** The file meant by {@code --path}: itself, or the configuration in that folder. */
    public static Path locate(Path given) {
        if (!Files.isDirectory(given)) {
            if (Files.exists(given)) {
                return given;
            }
            throw missing("no configuration at " + given);
        }
        return NAMES.stream()
                .map(given::resolve)
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> missing("neither " + String.join(" nor ", NAMES) + " in " + given));
    }

    static HoldfastException missing(String message) {
        return Problem.of(
                        ProblemCode.NOT_FOUND,
                        message,
                        "Write one with `holdfast config sample > holdfast.yaml`, or name it with --path.")
                .asException();
    }
}
