package dev.holdfast.system.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Makes trees with the system's own tools, and compares them with rsync, which nobody here wrote. */
final class Trees {
    private Trees() {}

    static boolean root() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** Runs a script in a folder; it must succeed. Returns what it printed. */
    static String shell(Path folder, String script) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        ProcessBuilder builder = new ProcessBuilder("bash", "-ec", script)
                .directory(folder.toFile())
                .redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        assertThat(process.waitFor(120, TimeUnit.SECONDS))
                .as("ended: " + script)
                .isTrue();
        assertThat(process.exitValue()).as(script + "\n" + output).isZero();
        return output.strip();
    }

    /** What differs between two trees, metadata and all; empty when nothing does. */
    static String differences(Path a, Path b) throws IOException, InterruptedException {
        return rsync(a, b) + listingDifferences(a, b);
    }

    static String rsync(Path a, Path b) throws IOException, InterruptedException {
        return shell(a, "rsync -n -aHAXS --numeric-ids --checksum --delete -i '" + a + "/' '" + b + "/'");
    }

    /** What rsync does not look at: nanoseconds of all times, link counts, device numbers. */
    private static String listingDifferences(Path a, Path b) throws IOException, InterruptedException {
        String list = "find . -printf '%P|%y|%m|%U|%G|%T@|%l|%n\\n' | sed 's/\\(|d|.*|\\)[0-9]*$/\\1/' | sort";
        String before = shell(a, list);
        String after = shell(b, list);
        return before.equals(after)
                ? ""
                : shell(a, "diff <(cd '" + a + "'; " + list + ") <(cd '" + b + "'; " + list + ") || true");
    }
}
