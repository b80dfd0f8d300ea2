package dev.holdfast.agent.hook;

import dev.holdfast.core.daemon.LockedFile;
import dev.holdfast.core.daemon.PrivateFolder;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The file {@code hooks/VOLUME} in the state folder: whether {@code after} has yet to be run for a {@code before}. It says so, on
 * disk, before {@code before} is begun, and it is locked as long as a run is between the two. What it says when nobody has the lock,
 * a killed run left behind.
 */
final class OwedHook implements AutoCloseable {
    private static final String OWED = "after\n";

    private final LockedFile content;

    private OwedHook(LockedFile content) {
        this.content = content;
    }

    private static Path folder(Path state) {
        return state.resolve("hooks");
    }

    /** The volumes for which something may be owed. */
    static List<String> left(Path state) {
        try (Stream<Path> files = Files.list(folder(state))) {
            return files.filter(file -> file.toFile().length() > 0)
                    .map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw failed(folder(state), e);
        }
    }

    /** Waits for another run of the volume, after telling {@code notices}. */
    static OwedHook open(Path state, String volume, Consumer<String> notices) {
        Path file = file(state, volume);
        return new OwedHook(LockedFile.take(
                file,
                trouble(file),
                () -> notices.accept("waiting for another backup of '" + volume + "' and its hooks")));
    }

    static Optional<OwedHook> openIfFree(Path state, String volume) {
        Path file = file(state, volume);
        return LockedFile.takeIfFree(file, trouble(file)).map(OwedHook::new);
    }

    private static Path file(Path state, String volume) {
        try {
            PrivateFolder.create(folder(state));
            return folder(state).resolve(volume);
        } catch (IOException e) {
            throw failed(folder(state), e);
        }
    }

    private static String trouble(Path file) {
        return "the note on hooks, " + file + ", cannot be used";
    }

    boolean isOwed() {
        return !content.read(OWED.length()).isEmpty();
    }

    /** On disk when this returns. */
    void owe(boolean owed) {
        content.write(owed ? OWED : "");
    }

    private static HoldfastException failed(Path folder, IOException e) {
        return new HoldfastException(
                Problem.of(
                        ProblemCode.IO,
                        trouble(folder) + ": " + e.getMessage(),
                        "Check the state folder, or name another with `--state`."),
                e);
    }

    @Override
    public void close() {
        content.close();
    }
}
