package dev.holdfast.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/** Files in {@code src/test/golden}: the format as it is for ever. {@code -Dgolden.update=true} writes them anew. */
public final class Golden {
    private static final Path FOLDER = Path.of("src", "test", "golden");
    private static final int BYTES_PER_LINE = 32;

    private Golden() {}

    public static void checkText(String name, String actual) {
        if (updating()) {
            write(name, actual);
        }
        assertThat(actual).as("golden file %s", name).isEqualTo(readText(name));
    }

    public static void check(String name, byte[] actual) {
        checkText(name, hex(actual));
    }

    /** The bytes of a golden file; when updating, {@code fresh} is written there first. */
    public static byte[] frozen(String name, byte[] fresh) {
        if (updating()) {
            write(name, hex(fresh));
        }
        return HexFormat.of().parseHex(readText(name).replace("\n", ""));
    }

    private static boolean updating() {
        return Boolean.getBoolean("golden.update");
    }

    private static String hex(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bytes.length; i += BYTES_PER_LINE) {
            text.append(HexFormat.of().formatHex(bytes, i, Math.min(bytes.length, i + BYTES_PER_LINE)))
                    .append('\n');
        }
        return text.toString();
    }

    private static String readText(String name) {
        try {
            return Files.readString(FOLDER.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(String name, String text) {
        try {
            Files.createDirectories(FOLDER);
            Files.writeString(FOLDER.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
