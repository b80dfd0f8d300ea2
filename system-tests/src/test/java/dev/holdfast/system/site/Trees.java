package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;

/** Makes trees with the system's own tools, and compares them with those: rsync, find, getfattr, cksum. */
final class Trees {
    private static final String LISTING =
            "find . -printf '%P|%y|%m|%U|%G|%T@|%l|%n\\0' | sed -z 's/\\(|d|.*|\\)[0-9]*$/\\1/' | sort -z | tr '\\0' '\\n'";
    private static final String ATTRIBUTES =
            "getfattr -R -P -h -d -m - -e hex . 2>&1 | sed 's/^# file: //' | awk 'BEGIN{RS=\"\";ORS=\"\\n\\n\"}"
                    + "{gsub(/\\n/,\"|\");print}' | sort";

    private Trees() {}

    /** Runs a script in a folder; it must succeed. Returns what it printed. */
    static String shell(Path folder, String script) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Path output = Files.createTempFile("holdfast-shell", "");
        try {
            Process process = start(folder, script, output);
            int exit = process.waitFor();
            String text = new String(Files.readAllBytes(output), StandardCharsets.ISO_8859_1);
            assertThat(exit).as(script + "\n" + text).isZero();
            return text;
        } finally {
            Files.delete(output);
        }
    }

    private static Process start(Path folder, String script, Path output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("timeout", "240", "bash", "-ec", "set -o pipefail; " + script)
                .directory(folder.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(Map.of("LC_ALL", "C", "TZ", "UTC"));
        return builder.start();
    }

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    static boolean has(String program) {
        return Stream.of("/usr/bin", "/usr/sbin", "/bin", "/sbin")
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** Whether all are there; says loudly which are not. */
    static boolean hasAll(String purpose, String... programs) {
        List<String> missing =
                Stream.of(programs).filter(program -> !has(program)).toList();
        if (!missing.isEmpty()) {
            System.err.println("NOT TESTED: " + purpose + ", because these programs are missing: " + missing);
        }
        return missing.isEmpty();
    }

    /** Skips the test, and says why, unless these programs are there. */
    static void assumeHas(String purpose, String... programs) {
        List<String> missing =
                Stream.of(programs).filter(program -> !has(program)).toList();
        assumeTrue(missing.isEmpty(), "NOT RUN: " + purpose + ", because these programs are missing: " + missing);
    }

    /** Insists that two trees are the same: names, types, content and all metadata. */
    static void assertSame(Path source, Path restored) throws IOException, InterruptedException {
        assertSameContent(source, restored);
        assertSameByAttributesAndRsync(source, restored, "--checksum");
    }

    /** The same without reading the content of files. */
    static void assertSameMetadata(Path source, Path restored) throws IOException, InterruptedException {
        assertEqualOutput(source, restored, LISTING);
        assertSameByAttributesAndRsync(source, restored, "");
    }

    private static void assertSameByAttributesAndRsync(Path source, Path restored, String more)
            throws IOException, InterruptedException {
        if (hasAll("extended attributes compared with getfattr", "getfattr")) {
            assertEqualOutput(source, restored, ATTRIBUTES);
        }
        if (hasAll("trees compared with rsync", "rsync")) {
            String privileges = isRoot() ? "-aHAXS" : "-rlptHAXS";
            assertThat(shell(
                            source,
                            "rsync -n " + privileges + " --numeric-ids " + more + " --delete -i '" + source + "/' '"
                                    + restored + "/'"))
                    .as("what rsync would change in %s to make it %s", restored, source)
                    .isEmpty();
        }
    }

    /** Names, types, modes, owners, times to the nanosecond, links, and bytes. */
    static void assertSameContent(Path source, Path restored) throws IOException, InterruptedException {
        assertEqualOutput(source, restored, LISTING);
        assertEqualOutput(source, restored, "find . -type f -print0 | sort -z | xargs -0 -r cksum");
    }

    private static void assertEqualOutput(Path source, Path restored, String script)
            throws IOException, InterruptedException {
        String before = shell(source, script);
        String after = shell(restored, script);
        if (!before.equals(after)) {
            Path a = Files.writeString(Files.createTempFile("a", ""), before, StandardCharsets.ISO_8859_1);
            Path b = Files.writeString(Files.createTempFile("b", ""), after, StandardCharsets.ISO_8859_1);
            throw new AssertionError(restored + " is not " + source + ":\n"
                    + shell(source, "diff '" + a + "' '" + b + "' | head -40; rm '" + a + "' '" + b + "'"));
        }
    }

    /** Bytes of all files in a folder, however deep. */
    static long bytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(Path::toFile)
                    .filter(File::isFile)
                    .mapToLong(File::length)
                    .sum();
        }
    }

    /** Incompressible files of {@code megabytes} each, the same for the same seed. */
    static void fill(Path folder, int files, int megabytes, long seed) throws IOException {
        Files.createDirectories(folder);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        byte[] buffer = new byte[1 << 20];
        for (int i = 0; i < files; i++) {
            try (OutputStream out = Files.newOutputStream(folder.resolve("file" + i))) {
                for (int written = 0; written < megabytes; written++) {
                    random.nextBytes(buffer);
                    out.write(buffer);
                }
            }
        }
    }
}
