package dev.holdfast.server.daemon;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Held from before a server opens its data until it has let go of it. The kernel drops the lock with the process, so what a killed
 * server leaves behind never stops the next one; the file itself means nothing.
 */
public final class ServerLock implements Closeable {
    static final String FILE = "server.lock";

    private final FileChannel channel;

    private ServerLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Throws {@code BUSY} when a server with this state folder runs. */
    static ServerLock take(Path state) throws IOException {
        return tryTake(state)
                .orElseThrow(() -> Problem.of(
                                ProblemCode.BUSY,
                                "the server of " + state + " is running already",
                                "`holdfast server status` shows it; `holdfast server stop` ends it.")
                        .asException());
    }

    /** Whether a server with this state folder runs, starts or is about to end. */
    public static boolean isHeld(Path state) throws IOException {
        if (!Files.exists(state.resolve(FILE))) {
            return false;
        }
        Optional<ServerLock> free = tryTake(state);
        if (free.isPresent()) {
            free.get().close();
        }
        return free.isEmpty();
    }

    private static Optional<ServerLock> tryTake(Path state) throws IOException {
        FileChannel channel =
                FileChannel.open(state.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return Optional.of(new ServerLock(channel));
            }
        } catch (OverlappingFileLockException e) {
            // a server in this very process has it
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
