package dev.holdfast.agent.standstill;

import dev.holdfast.core.daemon.LockedFile;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The file {@code standstill} in the state folder: which containers are held still just now. It is written and on disk before
 * the first of them is touched and emptied when the last runs again, and it is locked for as long: one standstill at a time, so
 * that nobody wakes what another still needs asleep. What it holds when nobody has the lock, a killed run left behind.
 *
 * <p>Lines of text: {@code engine ADDRESS}, then {@code stop ID NAME}, {@code pause ID NAME} or {@code exec ID NAME} in the order
 * in which it is done. A last
 * line without a newline was never acted on.
 */
final class StopSet implements AutoCloseable {
    private static final String ENGINE = "engine";
    private static final int LARGEST = 1 << 20;

    private final Path file;
    private final LockedFile content;

    private StopSet(Path file, LockedFile content) {
        this.file = file;
        this.content = content;
    }

    /** What is done to a container, and undone. */
    enum Act {
        /** Its own commands run in it, before and after. */
        EXEC,
        PAUSE,
        STOP;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Act> parse(String word) {
            return Arrays.stream(values())
                    .filter(act -> act.word().equals(word))
                    .findFirst();
        }
    }

    /** One container, and what is done to it. */
    record Held(Act act, String id, String name) {}

    /** All containers of one engine, in the order of stopping. */
    record Content(String engine, List<Held> held) {
        static final Content NONE = new Content("", List.of());

        Content {
            held = List.copyOf(held);
        }
    }

    static boolean mayHaveLeft(Path state) {
        try {
            return Files.size(file(state)) > 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static Path file(Path state) {
        return state.resolve("standstill");
    }

    /** Takes the lock; waits for a run that has it, after telling {@code notices}. */
    static StopSet open(Path state, Consumer<String> notices) {
        StopSet set = unlocked(state);
        try {
            if (!set.content.tryLock()) {
                notices.accept("waiting for another run on this machine that holds containers still");
                set.content.lock();
            }
            return set;
        } catch (IOException e) {
            set.close();
            throw failed(set.file, e);
        }
    }

    /** Takes the lock when nobody has it. */
    static Optional<StopSet> openIfFree(Path state) {
        StopSet set = unlocked(state);
        try {
            if (set.content.tryLock()) {
                return Optional.of(set);
            }
            set.close();
            return Optional.empty();
        } catch (IOException e) {
            set.close();
            throw failed(set.file, e);
        }
    }

    private static StopSet unlocked(Path state) {
        Path file = file(state);
        try {
            boolean isNew = !Files.exists(file);
            LockedFile content = LockedFile.open(file);
            if (isNew) {
                forceFolder(state);
            }
            return new StopSet(file, content);
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private static void forceFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    Content read() {
        try {
            return parse(content.read(LARGEST));
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private static Content parse(String text) {
        String engine = "";
        List<Held> held = new ArrayList<>();
        for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
            String[] words = line.split(" ", 3);
            if (words[0].equals(ENGINE) && words.length == 2) {
                engine = words[1];
            } else if (words.length == 3) {
                Act.parse(words[0]).ifPresent(act -> held.add(new Held(act, words[1], words[2])));
            }
        }
        return new Content(engine, held);
    }

    /** Replaces what it says; that is on disk when this returns. */
    void write(Content set) {
        StringBuilder text = new StringBuilder();
        if (!set.held().isEmpty()) {
            text.append(ENGINE).append(' ').append(set.engine()).append('\n');
        }
        for (Held each : set.held()) {
            text.append(each.act().word())
                    .append(' ')
                    .append(each.id())
                    .append(' ')
                    .append(each.name())
                    .append('\n');
        }
        try {
            content.write(text.toString());
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private static HoldfastException failed(Path file, IOException e) {
        return new HoldfastException(
                Problem.of(
                        ProblemCode.IO,
                        "the list of stopped containers, " + file + ", cannot be used: " + e.getMessage(),
                        "Check the state folder, or name another with `--state`."),
                e);
    }

    @Override
    public void close() {
        content.close();
    }
}
