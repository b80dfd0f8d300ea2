package dev.holdfast.agent.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The system's own tools: they make what the tests read, and read what the tests make. */
final class Shell {
    private final Path directory;

    Shell(Path directory) {
        this.directory = directory;
    }

    /** Runs a script in the directory; it must succeed. Returns what it printed. */
    String run(String script) throws IOException, InterruptedException {
        Process process = start(script);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ended: " + script).isTrue();
        assertThat(process.exitValue()).as(script + "\n" + output).isZero();
        return output.strip();
    }

    boolean succeeds(String script) throws IOException, InterruptedException {
        Process process = start(script);
        process.getInputStream().readAllBytes();
        return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    private Process start(String script) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-ec", script)
                .directory(directory.toFile())
                .redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("TZ", "UTC");
        return builder.start();
    }
}
