package dev.holdfast.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The tour in {@code docs/tour.md} leads somewhere: its files exist, and so do the methods that it names. */
final class TourTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern FILE = Pattern.compile("`([a-z]+/src/main/java/[^`]+/([A-Za-z]+)\\.java)`");
    private static final Pattern METHOD = Pattern.compile("`([A-Z][A-Za-z]+)\\.([a-z][A-Za-z]+)`");

    @Test
    void everyStationExists() throws IOException {
        String tour = Files.readString(ROOT.resolve("docs/tour.md"));
        List<String> missing = new ArrayList<>();
        Map<String, Path> classes = new HashMap<>();
        Matcher files = FILE.matcher(tour);
        while (files.find()) {
            Path file = ROOT.resolve(files.group(1));
            classes.put(files.group(2), file);
            if (!Files.exists(file)) {
                missing.add(files.group(1));
            }
        }
        Matcher methods = METHOD.matcher(tour);
        while (methods.find()) {
            Path file = classes.get(methods.group(1));
            if (file == null || !Files.exists(file) || !declares(file, methods.group(2))) {
                missing.add(methods.group());
            }
        }
        assertThat(missing).as("stations of the tour that are not there").isEmpty();
        assertThat(classes).as("stations found in the tour").hasSizeGreaterThan(20);
    }

    private static boolean declares(Path file, String method) throws IOException {
        return Pattern.compile("[\\w>\\]] " + method + "\\(")
                .matcher(Files.readString(file))
                .find();
    }
}
