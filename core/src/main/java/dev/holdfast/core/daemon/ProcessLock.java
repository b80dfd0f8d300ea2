package dev.holdfast.core.daemon;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Held by a process as long as nobody else may do the same. The kernel drops the lock with the process, so what a killed one leaves
 * behind never stops the next; the file itself means nothing.
 */
public final class ProcessLock implements Closeable {
    private final FileChannel channel;
    private final LockedHere claim;

    private ProcessLock(FileChannel channel, LockedHere claim) {
        this.channel = channel;
        this.claim = claim;
    }

    /** Empty when another process, or this one already, has it. */
    public static Optional<ProcessLock> tryTake(Path file) throws IOException {
        Optional<LockedHere> claim = LockedHere.claim(file);
        if (claim.isEmpty()) {
            return Optional.empty();
        }
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (channel.tryLock() != null) {
                    return Optional.of(new ProcessLock(channel, claim.get()));
                }
            } catch (IOException e) {
                channel.close();
                throw e;
            }
            channel.close();
        } catch (IOException e) {
            claim.get().release();
            throw e;
        }
        claim.get().release();
        return Optional.empty();
    }

    public static boolean isHeld(Path file) throws IOException {
        if (!Files.exists(file)) {
            return false;
        }
        Optional<ProcessLock> free = tryTake(file);
        if (free.isPresent()) {
            free.get().close();
        }
        return free.isEmpty();
    }

    @Override
    public void close() throws IOException {
        channel.close();
        claim.release();
    }
}
