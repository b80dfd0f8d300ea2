package dev.holdfast.core.daemon;

import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A small file of text in the state folder that one process at a time works with, and that tells the next what a killed one left
 * unfinished: the kernel drops the lock with the process, and the content stays. What goes wrong is an {@code IO} problem.
 */
public final class LockedFile implements Closeable {
    private static final long LOOK_EVERY_MILLIS = 50;

    private final FileChannel channel;
    private final LockedHere claim;
    private final String trouble;

    private LockedFile(FileChannel channel, LockedHere claim, String trouble) {
        this.channel = channel;
        this.claim = claim;
        this.trouble = trouble;
    }

    /**
     * Makes it, durably, where it is missing, and takes it; waits for whoever has it, be it another process or this one, after {@code
     * waits} has been told.
     *
     * @param trouble what is said of the file when it cannot be used
     */
    public static LockedFile take(Path file, String trouble, Runnable waits) {
        try {
            Optional<LockedFile> locked = takeIfFree(file, trouble);
            if (locked.isEmpty()) {
                waits.run();
            }
            while (locked.isEmpty()) {
                Thread.sleep(LOOK_EVERY_MILLIS);
                locked = takeIfFree(file, trouble);
            }
            return locked.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(trouble, new InterruptedIOException("interrupted while another had the file"));
        }
    }

    /** The same, but empty when somebody has it. */
    public static Optional<LockedFile> takeIfFree(Path file, String trouble) {
        try {
            Optional<LockedHere> claim = LockedHere.claim(file);
            return claim.isEmpty() ? Optional.empty() : open(file, claim.get(), trouble);
        } catch (IOException e) {
            throw failed(trouble, e);
        }
    }

    private static Optional<LockedFile> open(Path file, LockedHere claim, String trouble) throws IOException {
        boolean taken = false;
        try {
            boolean isNew = !Files.exists(file);
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                if (isNew) {
                    forceFolder(file.resolveSibling("."));
                }
                taken = channel.tryLock() != null;
                return taken ? Optional.of(new LockedFile(channel, claim, trouble)) : Optional.empty();
            } finally {
                if (!taken) {
                    channel.close();
                }
            }
        } finally {
            if (!taken) {
                claim.release();
            }
        }
    }

    private static void forceFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** What it holds, or the beginning of that. */
    public String read(int mostBytes) {
        try {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(mostBytes, channel.size()));
            while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) > 0) {
                // Until the end of the file.
            }
            return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
        } catch (IOException e) {
            throw failed(trouble, e);
        }
    }

    /** Replaces the content, which is on disk when this returns. A crash meanwhile may leave both mixed. */
    public void write(String content) {
        ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes, bytes.position());
            }
            channel.truncate(bytes.limit());
            channel.force(true);
        } catch (IOException e) {
            throw failed(trouble, e);
        }
    }

    private static HoldfastException failed(String trouble, IOException e) {
        return new HoldfastException(
                Problem.of(
                        ProblemCode.IO,
                        trouble + ": " + e.getMessage(),
                        "Check the state folder, or name another with `--state`."),
                e);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // The lock ends with the process at the latest.
        }
        claim.release();
    }
}
