package dev.holdfast.server.index;

import dev.holdfast.server.disk.Disk;
import dev.holdfast.server.disk.ReadableFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;

/** The file of a run, opened again when an interrupted reader has closed it under the others. */
final class RunFile implements Closeable {
    private static final int TRIES = 5;

    private final Disk disk;
    private final Path path;
    private volatile ReadableFile file;
    private volatile boolean retired;

    RunFile(Disk disk, Path path) throws IOException {
        this.disk = disk;
        this.path = path;
        this.file = disk.open(path);
    }

    Path path() {
        return path;
    }

    long size() throws IOException {
        return file.size();
    }

    /** Reads exactly so many bytes; throws {@link ClosedChannelException} once the run is closed. */
    byte[] read(long position, int length) throws IOException {
        byte[] bytes = new byte[length];
        for (int i = 1; ; i++) {
            ReadableFile now = file;
            try {
                if (now.readFully(bytes, position) != length) {
                    throw new CorruptRunException(path, "cut short");
                }
                return bytes;
            } catch (ClosedByInterruptException e) {
                throw e;
            } catch (ClosedChannelException e) {
                if (i == TRIES) {
                    throw e;
                }
                openAgain(now);
            } catch (CorruptRunException e) {
                throw e;
            } catch (IOException e) {
                throw new CorruptRunException(path, "it cannot be read: " + e.getMessage());
            }
        }
    }

    private synchronized void openAgain(ReadableFile closed) throws IOException {
        if (retired) {
            throw new ClosedChannelException();
        }
        if (file == closed) {
            file = disk.open(path);
        }
    }

    @Override
    public synchronized void close() {
        retired = true;
        try {
            file.close();
        } catch (IOException e) {
            // nothing was written through it, so nothing can be lost
        }
    }
}
