package dev.holdfast.system.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The Javas of this machine that Holdfast runs on: one of each release, the one that runs the tests among them. */
final class Javas {
    private static final int OLDEST = 17;
    private static final Path INSTALLED = Path.of("/usr/lib/jvm");
    private static final Pattern RELEASE = Pattern.compile("JAVA_VERSION=\"(\\d+)");

    private Javas() {}

    static Stream<Path> all() throws IOException {
        Map<Integer, Path> homes = new TreeMap<>();
        if (Files.isDirectory(INSTALLED)) {
            try (Stream<Path> found = Files.list(INSTALLED)) {
                for (Path home : found.sorted().toList()) {
                    int release = release(home);
                    if (release >= OLDEST) {
                        homes.putIfAbsent(release, home);
                    }
                }
            }
        }
        homes.put(Runtime.version().feature(), Path.of(System.getProperty("java.home")));
        if (homes.size() == 1) {
            System.err.println(
                    "NOT TESTED: any Java but " + homes.keySet() + ", because " + INSTALLED + " has no other");
        }
        return homes.values().stream();
    }

    private static int release(Path home) throws IOException {
        Path file = home.resolve("release");
        if (!Files.isExecutable(home.resolve("bin/java")) || !Files.isRegularFile(file)) {
            return 0;
        }
        Matcher release = RELEASE.matcher(Files.readString(file));
        return release.find() ? Integer.parseInt(release.group(1)) : 0;
    }
}
