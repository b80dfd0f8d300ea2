package dev.holdfast.cli.terminal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A terminal, or pipes, whose output the test reads. */
final class Screen {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Terminal terminal;

    private Screen(Terminal.Shape shape) {
        terminal = new Terminal(out, err, Terminal.Keyboard.NOBODY, shape);
    }

    static Screen ofWidth(int width) {
        return new Screen(new Terminal.Shape(true, true, true, width, false));
    }

    static Screen pipes() {
        return new Screen(Terminal.Shape.PIPES);
    }

    Terminal terminal() {
        return terminal;
    }

    String out() {
        terminal.flush();
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        terminal.flush();
        return err.toString(StandardCharsets.UTF_8);
    }
}
