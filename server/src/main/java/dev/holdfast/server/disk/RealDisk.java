package dev.holdfast.server.disk;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The files of this machine. Folders are made for the owner alone. */
public final class RealDisk implements Disk {
    @Override
    public ReadableFile open(Path file) throws IOException {
        return new Reading(FileChannel.open(file, StandardOpenOption.READ));
    }

    @Override
    public WritableFile edit(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString());
        }
        return new Writing(new RandomAccessFile(file.toFile(), "rw"));
    }

    @Override
    public WritableFile create(Path file) throws IOException {
        Files.createFile(file);
        return edit(file);
    }

    @Override
    public boolean exists(Path file) {
        return Files.exists(file);
    }

    @Override
    public long size(Path file) throws IOException {
        return Files.size(file);
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        try {
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(Path file) throws IOException {
        Files.delete(file);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public long usableBytes(Path directory) throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    @Override
    public Closeable lock(Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // the same process holds it: just as taken
        }
        channel.close();
        throw new FileInUseException(file);
    }

    private static final class Reading implements ReadableFile {
        private final FileChannel channel;

        Reading(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return channel.read(target, position);
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /**
     * Not a {@link FileChannel}: that one is closed under its owner's feet when the thread is interrupted.
     *
     * <p>While much is written, what is there already is synced on another thread, so that {@link #force} at the end has little
     * left to wait for. The system reports a failure to sync once for each open file, so the one that met it is kept for {@link
     * #force}.
     */
    private static final class Writing implements WritableFile {
        private static final int AHEAD_BYTES = 16 << 20;
        private static final ExecutorService AHEAD = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "holdfast-sync");
            thread.setDaemon(true);
            return thread;
        });

        private final RandomAccessFile file;
        private long unsynced;
        private Future<@Nullable IOException> ahead = CompletableFuture.completedFuture(null);

        Writing(RandomAccessFile file) {
            this.file = file;
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            int length = source.remaining();
            file.seek(position);
            if (source.hasArray()) {
                file.write(source.array(), source.arrayOffset() + source.position(), length);
                source.position(source.limit());
            } else {
                byte[] bytes = new byte[length];
                source.get(bytes);
                file.write(bytes);
            }
            unsynced += length;
            if (unsynced >= AHEAD_BYTES && ahead.isDone() && failureAhead() == null) {
                unsynced = 0;
                ahead = AHEAD.submit(this::trySync);
            }
        }

        private @Nullable IOException trySync() {
            try {
                file.getFD().sync();
                return null;
            } catch (IOException e) {
                return e;
            }
        }

        /** Waits for what is being synced on the other thread. */
        private @Nullable IOException failureAhead() {
            boolean interrupted = false;
            try {
                while (true) {
                    try {
                        return ahead.get();
                    } catch (InterruptedException e) {
                        interrupted = true;
                    } catch (ExecutionException e) {
                        return new IOException("syncing ahead failed", e);
                    }
                }
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            file.setLength(size);
        }

        @Override
        public void force() throws IOException {
            IOException early = failureAhead();
            if (early != null) {
                throw new IOException(early.getMessage(), early);
            }
            unsynced = 0;
            file.getFD().sync();
        }

        @Override
        public void close() throws IOException {
            failureAhead(); // nothing may sync a file that is closed: its number may be another's by then
            file.close();
        }
    }
}
