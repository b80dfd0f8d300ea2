package dev.holdfast.cli.launch;

import dev.holdfast.cli.command.Session;
import dev.holdfast.cli.command.Surroundings;
import dev.holdfast.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One run of the program inside the test's own process: {@code new ProgramRun(folder).answering("y").run("restore", "v")}, then
 * {@link #exitCode}, {@link #out} and {@link #err}.
 */
public final class ProgramRun {
    private final Path workingDirectory;
    private final Map<String, String> environment = new HashMap<>();
    private final Deque<String> answers = new ArrayDeque<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-20T12:00:00Z"));
    private Terminal.Shape shape = Terminal.Shape.PIPES;
    private int exitCode = -1;

    /** The folder is working directory and home at once. */
    public ProgramRun(Path workingDirectory) {
        this.workingDirectory = workingDirectory;
    }

    public ProgramRun with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    public ProgramRun at(InstantSource newClock) {
        clock = newClock;
        return this;
    }

    /** What the person types, line by line; stdin is then a terminal. */
    public ProgramRun answering(String... lines) {
        answers.addAll(List.of(lines));
        shape = new Terminal.Shape(true, shape.outIsTerminal(), shape.errIsTerminal(), shape.width(), shape.colours());
        return this;
    }

    public ProgramRun on(Terminal.Shape newShape) {
        shape = newShape;
        return this;
    }

    public ProgramRun run(String... args) {
        exitCode = Program.run(session(), args);
        return this;
    }

    Session session() {
        Terminal terminal = new Terminal(out, err, new Answers(), shape);
        Surroundings surroundings = new Surroundings(environment, workingDirectory, workingDirectory, false);
        return new Session(terminal, surroundings, clock, new SecureRandom());
    }

    public int exitCode() {
        return exitCode;
    }

    public String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    public byte[] outBytes() {
        return out.toByteArray();
    }

    public String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private final class Answers implements Terminal.Keyboard {
        @Override
        public Optional<String> line(String prompt) {
            return Optional.ofNullable(answers.poll());
        }

        @Override
        public Optional<char[]> secret(String prompt) {
            return line(prompt).map(String::toCharArray);
        }
    }
}
