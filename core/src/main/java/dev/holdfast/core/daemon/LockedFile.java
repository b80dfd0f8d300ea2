package dev.holdfast.core.daemon;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A small file of text that one process at a time works with, and that tells the next what a killed one left unfinished: the kernel
 * drops the lock with the process, and the content stays.
 */
public final class LockedFile implements Closeable {
    private static final long LOOK_EVERY_MILLIS = 50;

    private final FileChannel channel;

    private LockedFile(FileChannel channel) {
        this.channel = channel;
    }

    /** Makes it where it is missing; nobody's yet. */
    public static LockedFile open(Path file) throws IOException {
        return new LockedFile(
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    /** False when another process, or this one already, has it. */
    public boolean tryLock() throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** Waits for whoever has it, be it another process or this one. */
    public void lock() throws IOException {
        try {
            while (!tryLock()) {
                Thread.sleep(LOOK_EVERY_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while another had the file");
        }
    }

    /** What it holds, or the beginning of that. */
    public String read(int mostBytes) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(mostBytes, channel.size()));
        while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) > 0) {
            // Until the end of the file.
        }
        return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    }

    /** Replaces the content, which is on disk when this returns. A crash meanwhile may leave both mixed. */
    public void write(String content) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes, bytes.position());
        }
        channel.truncate(bytes.limit());
        channel.force(true);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // The lock ends with the process at the latest.
        }
    }
}
