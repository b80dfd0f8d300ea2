package dev.holdfast.cli.command;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A text that a person starts from: goes to stdout as it is, or into a new file. A file that is there already holds somebody's
 * work and is never overwritten.
 *
 * @param kind what it is, in a word; also its {@code message_type} and field in JSON
 */
record TextResult(String kind, String text) {
    void deliver(Session session, Optional<Path> out) {
        if (out.isPresent()) {
            Path file = session.resolve(out.get());
            write(file);
            if (session.options().json()) {
                session.json().line(kind, json -> json.text("file", file.toString()));
            } else {
                session.remark("wrote the " + kind + " into " + file);
            }
        } else if (session.options().json()) {
            session.json().line(kind, json -> json.text(kind, text));
        } else {
            session.terminal().out().print(text);
        }
    }

    private void write(Path file) {
        try {
            Files.writeString(file, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            throw Problem.of(
                            ProblemCode.FAILED,
                            file + " is there already",
                            "Name another file, or move that one out of the way.")
                    .asException();
        } catch (IOException e) {
            throw Problem.of(
                            ProblemCode.IO,
                            "cannot write " + file + ": " + e,
                            "Name a file in a folder that is there and can be written.")
                    .asException();
        }
    }
}
