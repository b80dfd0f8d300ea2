package dev.holdfast.cli.terminal;

import java.io.BufferedReader;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stdin: typed by a person, or piped by a script, which may so hand over a passphrase without showing it in a process list. */
final class ProcessKeyboard implements Terminal.Keyboard {
    private final PrintStream prompts;
    private final boolean typed;
    private @Nullable BufferedReader lines;

    ProcessKeyboard(PrintStream prompts, boolean typed) {
        this.prompts = prompts;
        this.typed = typed;
    }

    @Override
    public Optional<String> line(String prompt) {
        if (typed) {
            prompts.print(prompt);
            prompts.flush();
        }
        try {
            return Optional.ofNullable(lines().readLine());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private BufferedReader lines() {
        BufferedReader reader = lines;
        if (reader == null) {
            reader = new BufferedReader(
                    new InputStreamReader(new FileInputStream(FileDescriptor.in), StandardCharsets.UTF_8));
            lines = reader;
        }
        return reader;
    }

    @Override
    @SuppressWarnings("SystemConsoleNull") // Asked only when stdin is a terminal; before JDK 22 it may still be null.
    public Optional<char[]> secret(String prompt) {
        if (!typed) {
            return line(prompt).map(String::toCharArray);
        }
        Console console = System.console();
        return console == null ? Optional.empty() : Optional.ofNullable(console.readPassword("%s", prompt));
    }
}
