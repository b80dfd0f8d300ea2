package dev.holdfast.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files in {@code src/test/golden}: the format as it is for ever. {@code -Dgolden.update=true} writes them anew. */
public final class Golden {
    private static final Path FOLDER = Path.of("src", "test", "golden");

    private Golden() {}

    public static String read(String name) {
        try {
            return Files.readString(FOLDER.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void check(String name, String actual) {
        if (Boolean.getBoolean("golden.update")) {
            try {
                Files.writeString(FOLDER.resolve(name), actual);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        assertThat(actual).as("golden file %s", name).isEqualTo(read(name));
    }
}
