package dev.holdfast.cli.terminal;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The standard streams of one run. Results go to {@link #out}, everything else to {@link #err}; both are UTF-8 whatever the
 * locale says.
 *
 * <p>Which stream is a terminal is asked of the kernel, stream by stream: {@code System.console()} knows only about stdin and
 * stdout together, and progress is written to stderr.
 */
public final class Terminal {
    /** What is known about the streams. */
    public record Shape(
            boolean inIsTerminal, boolean outIsTerminal, boolean errIsTerminal, int width, boolean colours) {
        /** Pipes all round, as in cron. */
        public static final Shape PIPES = new Shape(false, false, false, 80, false);

        /** What this process has. */
        public static Shape ofProcess(Map<String, String> environment) {
            boolean colours = environment.getOrDefault("NO_COLOR", "").isEmpty()
                    && !environment.getOrDefault("TERM", "dumb").equals("dumb");
            return new Shape(
                    isTerminal(0, environment),
                    isTerminal(1, environment),
                    isTerminal(2, environment),
                    Terminal.width(environment),
                    colours);
        }
    }

    /** Where answers come from. */
    public interface Keyboard {
        /** There is nobody who could be asked. */
        Keyboard NOBODY = new Keyboard() {
            @Override
            public Optional<String> line(String prompt) {
                return Optional.empty();
            }

            @Override
            public Optional<char[]> secret(String prompt) {
                return Optional.empty();
            }
        };

        /** A line, empty when there is no more input. */
        Optional<String> line(String prompt);

        /** A line that is not shown while typed; the caller wipes it. */
        Optional<char[]> secret(String prompt);
    }

    private static final int NARROWEST = 20;

    private final PrintStream out;
    private final PrintStream err;
    private final Keyboard keyboard;
    private final Shape shape;

    public Terminal(OutputStream out, OutputStream err, Keyboard keyboard, Shape shape) {
        this.out = new PrintStream(out, false, StandardCharsets.UTF_8);
        this.err = new PrintStream(err, true, StandardCharsets.UTF_8);
        this.keyboard = keyboard;
        this.shape = shape;
    }

    /** The streams of this process. */
    public static Terminal ofProcess(Shape shape) {
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        return new Terminal(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)),
                err,
                new ProcessKeyboard(err, shape.inIsTerminal()),
                shape);
    }

    private static boolean isTerminal(int descriptor, Map<String, String> environment) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            // No /proc here (or the stream is closed): then the launcher, a shell, has asked for us.
            return environment.getOrDefault("HOLDFAST_TERMINALS", "").contains(Integer.toString(descriptor));
        }
    }

    /** The launcher measures the window; the JDK cannot. */
    private static int width(Map<String, String> environment) {
        String columns = environment.getOrDefault("HOLDFAST_COLUMNS", environment.getOrDefault("COLUMNS", ""));
        if (!columns.matches("[0-9]{1,4}")) {
            return Shape.PIPES.width();
        }
        return Math.max(NARROWEST, Integer.parseInt(columns));
    }

    public PrintStream out() {
        return out;
    }

    public PrintStream err() {
        return err;
    }

    public Keyboard keyboard() {
        return keyboard;
    }

    public Shape shape() {
        return shape;
    }

    /** Whether escape sequences for colour may go to {@link #out}. */
    public boolean coloursOut() {
        return shape.outIsTerminal() && shape.colours();
    }

    /** Whether escape sequences for colour may go to {@link #err}. */
    public boolean coloursErr() {
        return shape.errIsTerminal() && shape.colours();
    }

    public void flush() {
        out.flush();
        err.flush();
    }
}
