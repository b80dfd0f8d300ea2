package dev.holdfast.server.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Another disk of which some bytes cannot be read any more. Reading any of them fails, and so does a read that only touches them. */
public final class DiskWithBadSectors implements Disk {
    private final Disk disk;
    private final Map<Path, Sectors> bad = new HashMap<>();

    private record Sectors(long from, long to) {}

    public DiskWithBadSectors(Disk disk) {
        this.disk = disk;
    }

    /** From now on these bytes of a file cannot be read. */
    public void lose(Path file, long from, long to) {
        bad.put(file, new Sectors(from, to));
    }

    /** As if a loose cable had been plugged in again. */
    public void recover() {
        bad.clear();
    }

    @Override
    public ReadableFile open(Path file) throws IOException {
        ReadableFile opened = disk.open(file);
        return new ReadableFile() {
            @Override
            public int read(ByteBuffer target, long position) throws IOException {
                Sectors lost = bad.get(file);
                if (lost != null && position < lost.to && position + target.remaining() > lost.from) {
                    throw new IOException("Input/output error");
                }
                return opened.read(target, position);
            }

            @Override
            public long size() throws IOException {
                return opened.size();
            }

            @Override
            public void close() throws IOException {
                opened.close();
            }
        };
    }

    @Override
    public WritableFile edit(Path file) throws IOException {
        return disk.edit(file);
    }

    @Override
    public WritableFile create(Path file) throws IOException {
        return disk.create(file);
    }

    @Override
    public boolean exists(Path file) {
        return disk.exists(file);
    }

    @Override
    public long size(Path file) throws IOException {
        return disk.size(file);
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        disk.createDirectory(directory);
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        return disk.list(directory);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        disk.rename(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
        disk.delete(file);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        disk.syncDirectory(directory);
    }

    @Override
    public long usableBytes(Path directory) throws IOException {
        return disk.usableBytes(directory);
    }

    @Override
    public Closeable lock(Path file) throws IOException {
        return disk.lock(file);
    }
}
