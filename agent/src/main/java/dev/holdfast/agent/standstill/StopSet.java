package dev.holdfast.agent.standstill;

import dev.holdfast.core.daemon.LockedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The file {@code standstill} in the state folder: which containers are held still just now. It is written and on disk before
 * the first of them is touched and emptied when the last runs again, and it is locked for as long: one standstill at a time, so
 * that nobody wakes what another still needs asleep. What it holds when nobody has the lock, a killed run left behind, or it was
 * stopped for a restore that is not finished.
 *
 * <p>Lines of text: {@code engine ADDRESS} for what follows, then {@code stop ID NAME}, {@code pause ID NAME}, {@code exec ID NAME}
 * or {@code restore ID NAME FOLDER} in the order in which it is done. A last line without a newline was never acted on.
 */
final class StopSet implements AutoCloseable {
    private static final String ENGINE = "engine";
    private static final int LARGEST = 1 << 20;

    private final LockedFile content;

    private StopSet(LockedFile content) {
        this.content = content;
    }

    /** What is done to a container, and undone. */
    enum Act {
        /** Its own commands run in it, before and after. */
        EXEC,
        PAUSE,
        STOP,
        /** Stopped until a restore has come to its end. */
        RESTORE;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Act> parse(String word) {
            return Arrays.stream(values())
                    .filter(act -> act.word().equals(word))
                    .findFirst();
        }
    }

    /**
     * One container, and what is done to it.
     *
     * @param engine the address of its engine
     * @param target the folder that is restored into, for {@link Act#RESTORE}
     */
    record Held(Act act, String engine, String id, String name, Optional<Path> target) {}

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

    private static String trouble(Path state) {
        return "the list of stopped containers, " + file(state) + ", cannot be used";
    }

    /** Takes the lock; waits for a run that has it, after telling {@code notices}. */
    static StopSet open(Path state, Consumer<String> notices) {
        return new StopSet(LockedFile.take(
                file(state),
                trouble(state),
                () -> notices.accept("waiting for another run on this machine that holds containers still")));
    }

    /** Takes the lock when nobody has it. */
    static Optional<StopSet> openIfFree(Path state) {
        return LockedFile.takeIfFree(file(state), trouble(state)).map(StopSet::new);
    }

    /** In the order of stopping. */
    List<Held> read() {
        String text = content.read(LARGEST);
        String engine = "";
        List<Held> held = new ArrayList<>();
        for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
            String[] words = line.split(" ", 4);
            if (words[0].equals(ENGINE) && words.length == 2) {
                engine = words[1];
            } else if (words.length >= 3) {
                String address = engine;
                Optional<Path> target = words.length == 4 ? Optional.of(Path.of(words[3])) : Optional.empty();
                Act.parse(words[0]).ifPresent(act -> held.add(new Held(act, address, words[1], words[2], target)));
            }
        }
        return held;
    }

    /** Replaces what it says; that is on disk when this returns. */
    void write(List<Held> all) {
        StringBuilder text = new StringBuilder();
        String engine = "";
        for (Held each : all) {
            if (!each.engine().equals(engine)) {
                engine = each.engine();
                text.append(ENGINE).append(' ').append(engine).append('\n');
            }
            text.append(each.act().word())
                    .append(' ')
                    .append(each.id())
                    .append(' ')
                    .append(each.name());
            each.target().ifPresent(target -> text.append(' ').append(target));
            text.append('\n');
        }
        content.write(text.toString());
    }

    @Override
    public void close() {
        content.close();
    }
}
