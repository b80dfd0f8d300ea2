package dev.holdfast.cli.launch;

import dev.holdfast.cli.command.Session;
import dev.holdfast.cli.command.Surroundings;
import dev.holdfast.cli.daemon.NoLogging;
import dev.holdfast.cli.terminal.ProgressDisplay;
import dev.holdfast.cli.terminal.Terminal;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Runs harmless command lines with nobody listening, so that the JVM can note which classes commands load; the launcher makes the
 * class archive from that list. Whatever is written goes into a temporary folder.
 */
public final class Rehearsal {
    private static final List<String[]> LINES = List.of(
            new String[] {"--help"},
            new String[] {"version"},
            new String[] {"version", "--json"},
            new String[] {"version", "--no-such-option"},
            new String[] {"completion", "bash"});

    private Rehearsal() {}

    public static void main(String[] args) {
        Selectors.choose();
        NativeLibraries.locate();
        NoLogging.choose();
        for (String[] line : LINES) {
            Program.run(session(), line);
        }
        for (ProgressDisplay.Style style : ProgressDisplay.Style.values()) {
            try (ProgressDisplay display =
                    ProgressDisplay.start("rehearsal", style, session().terminal(), InstantSource.system())) {
                display.total(1, 1);
                display.advanced(1, 1);
                display.notice("rehearsal");
            }
        }
        rehearseTheMainJob();
        // The streams of a process, and how its end is watched, belong to every command too.
        Terminal.ofProcess(Terminal.Shape.ofProcess(Map.of())).flush();
    }

    /** Keys, a server on loopback, a backup, a change, a restore: in a temporary folder, and no harm if it cannot be. */
    private static void rehearseTheMainJob() {
        try {
            Path folder = Files.createTempDirectory("holdfast-rehearsal-");
            try {
                MainJob.rehearse(folder, line -> Program.run(session(folder), line));
                AgentsPart.rehearse(folder, surroundings(folder));
            } finally {
                delete(folder);
            }
        } catch (IOException | RuntimeException e) {
            Terminal.ofProcess(Terminal.Shape.ofProcess(Map.of()))
                    .err()
                    .println("the rehearsal is incomplete, commands will start more slowly: " + e);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static Session session() {
        return session(Path.of("/nonexistent"));
    }

    private static Session session(Path folder) {
        Terminal terminal = new Terminal(
                OutputStream.nullOutputStream(),
                OutputStream.nullOutputStream(),
                Terminal.Keyboard.NOBODY,
                Terminal.Shape.PIPES);
        return new Session(terminal, surroundings(folder), InstantSource.system(), new SecureRandom());
    }

    private static Surroundings surroundings(Path folder) {
        return new Surroundings(Map.of("HOLDFAST_STATE", folder.resolve("state").toString()), folder, folder, false);
    }
}
