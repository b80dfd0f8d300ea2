package dev.holdfast.core.config;

import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Something that nobody may see, or where it is to be found: {@code $NAME} is an environment variable, {@code file:PATH} the content of
 * a file. It is looked up when it is needed, so that one that was changed counts at once.
 */
public final class Secret {
    static final String FILE = "file:";
    private static final Pattern VARIABLE = Pattern.compile("\\$[A-Za-z_][A-Za-z0-9_]*");
    private static final int MOST_BYTES = 64 << 10;

    private final String written;
    private final Path folder;

    private Secret(String written, Path folder) {
        this.written = written;
        this.folder = folder;
    }

    /** Relative paths start from {@code folder}. */
    static Secret of(String written, Path folder) {
        return new Secret(written, folder);
    }

    static Secret inFile(Path file) {
        return new Secret(FILE + file, file);
    }

    /** Whether it stands in the configuration itself. */
    public boolean isWritten() {
        return !isVariable() && !isFile();
    }

    private boolean isVariable() {
        return VARIABLE.matcher(written).matches();
    }

    private boolean isFile() {
        return written.startsWith(FILE);
    }

    /** The secret itself; a problem that says where it should have been when it is not there. */
    public String reveal(Map<String, String> environment) {
        if (isVariable()) {
            String value = environment.getOrDefault(written.substring(1), "").strip();
            return value.isEmpty()
                    ? missing(
                            "environment variable " + written.substring(1) + " is not set",
                            "Set it for the server, as `Environment=` or `EnvironmentFile=` of its unit does, and start it again.")
                    : oneLine(value);
        }
        return isFile() ? oneLine(content(folder.resolve(written.substring(FILE.length())))) : written;
    }

    private static String content(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            String text = new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8).strip();
            return text.isEmpty() ? missing("the file " + file + " is empty", "Write the secret into it.") : text;
        } catch (IOException e) {
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.CONFIG,
                            "cannot read the secret in " + file + ": "
                                    + e.getClass().getSimpleName(),
                            "Make it readable for the user of the server."),
                    e);
        }
    }

    private String oneLine(String value) {
        return value.chars().anyMatch(Character::isISOControl)
                ? missing("the secret in " + shown() + " is more than one line", "Put nothing else there.")
                : value;
    }

    private static String missing(String message, String hint) {
        throw Problem.of(ProblemCode.CONFIG, message, hint).asException();
    }

    /** What may be shown of it: where it is, or only that there is one. */
    public String shown() {
        return isWritten() ? "(set)" : written;
    }

    /** As it is in the configuration: only to be checked or cut down to what may be shown. */
    String written() {
        return written;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && secret.written.equals(written) && secret.folder.equals(folder);
    }

    @Override
    public int hashCode() {
        return Objects.hash(written, folder);
    }

    @Override
    public String toString() {
        return shown();
    }
}
