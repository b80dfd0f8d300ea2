package dev.holdfast.system.site;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process that a test has started. Its output goes to files, so that it never waits for a reader. */
final class Running {
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final String command;
    private final Process process;
    private final Path out;
    private final Path err;

    private Running(String command, Process process, Path out, Path err) {
        this.command = command;
        this.process = process;
        this.out = out;
        this.err = err;
    }

    static Running start(Path folder, Map<String, String> environment, List<String> command) throws IOException {
        return start(folder, environment, Path.of("/dev/null"), command);
    }

    static Running start(Path folder, Map<String, String> environment, Path in, List<String> command)
            throws IOException {
        Path said = Files.createDirectories(folder.resolve("said"));
        Path out = Files.createTempFile(said, "out", "");
        Path err = Files.createTempFile(said, "err", "");
        // Whoever runs the tests may ignore hang-ups (nohup does) or interrupts (a shell's `&` does), and children
        // would inherit that.
        List<String> plain = new ArrayList<>(List.of("env", "--default-signal=HUP,INT"));
        plain.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(plain)
                .directory(folder.toFile())
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        return new Running(String.join(" ", command), builder.start(), out, err);
    }

    /** Waits for its end. */
    Said await() throws IOException, InterruptedException {
        return await(LONGEST);
    }

    /** Waits for its end, which must come in time. */
    Said await(Duration atMost) throws IOException, InterruptedException {
        if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            kill();
            throw new AssertionError(command + " does not end\n" + Files.readString(out) + Files.readString(err));
        }
        return new Said(command, process.exitValue(), text(out), text(err));
    }

    /** What it has said until now, on both streams. */
    String soFar() throws IOException {
        return text(out) + text(err);
    }

    /** Sends it a signal, such as {@code "INT"}. */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /** Ends it as {@code kill -9} does; returns when it is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    private static String text(Path file) throws IOException {
        // Not every child writes UTF-8, and none may make this fail.
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
