package dev.holdfast.cli.launch;

import dev.holdfast.cli.command.Session;
import dev.holdfast.cli.command.Surroundings;
import dev.holdfast.cli.daemon.Logging;
import dev.holdfast.cli.terminal.ProgressDisplay;
import dev.holdfast.cli.terminal.Terminal;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs harmless command lines with nobody listening, so that the JVM can note which classes commands load; the launcher makes the
 * class archive from that list. Nothing is read or written.
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
        NativeLibraries.locate();
        Logging.none();
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
        // The streams of a process, and how its end is watched, belong to every command too.
        Terminal.ofProcess(Map.of()).flush();
    }

    private static Session session() {
        Terminal terminal = new Terminal(
                OutputStream.nullOutputStream(), OutputStream.nullOutputStream(), new Silence(), Terminal.Shape.PIPES);
        Path nowhere = Path.of("/nonexistent");
        return new Session(
                terminal,
                new Surroundings(Map.of(), nowhere, nowhere, false),
                InstantSource.system(),
                new SecureRandom());
    }

    private static final class Silence implements Terminal.Keyboard {
        @Override
        public Optional<String> line(String prompt) {
            return Optional.empty();
        }

        @Override
        public Optional<char[]> secret(String prompt) {
            return Optional.empty();
        }
    }
}
