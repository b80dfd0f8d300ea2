package dev.holdfast.agent.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;

/** A regular file by the JDK's channel. */
final class PortableFileWriter implements FileWriter {
    private final Path path;
    private final FileChannel channel;
    private final PortableFileReader content;

    PortableFileWriter(Path path, FileChannel channel, Status opened) {
        this.path = path;
        this.channel = channel;
        this.content = new PortableFileReader(path, channel, opened);
    }

    @Override
    public void pwrite(long position, byte[] source, int offset, int length) throws FileAccessException {
        ByteBuffer buffer = ByteBuffer.wrap(source, offset, length);
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer, position + length - buffer.remaining());
            }
        } catch (IOException failure) {
            throw PortableErrors.of("write", path, failure);
        }
    }

    @Override
    public int pread(long position, byte[] target, int offset, int length) throws FileAccessException {
        return content.pread(position, target, offset, length);
    }

    @Override
    public void setLength(long length) throws FileAccessException {
        try {
            long now = channel.size();
            if (length < now) {
                channel.truncate(length);
            } else if (length > now) {
                channel.write(ByteBuffer.allocate(1), length - 1);
            }
        } catch (IOException failure) {
            throw PortableErrors.of("set the length of", path, failure);
        }
    }

    @Override
    public void punchHole(long position, long length) throws FileAccessException {
        try {
            Zeros.write(this, position, Math.min(position + length, channel.size()));
        } catch (FileAccessException failure) {
            throw failure;
        } catch (IOException failure) {
            throw PortableErrors.of("punch a hole in", path, failure);
        }
    }

    @Override
    public Status status() throws FileAccessException {
        return PortableStatus.of(path);
    }

    @Override
    public Attributes attributes() {
        return new PortableAttributes(path);
    }

    @Override
    public void beginSync(long position, long length) {
        // Java has no call for that; the sync at the end takes longer.
    }

    @Override
    public boolean tryLock() throws FileAccessException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException inThisProcess) {
            return false;
        } catch (IOException failure) {
            throw PortableErrors.of("lock", path, failure);
        }
    }

    @Override
    public void sync() throws FileAccessException {
        try {
            channel.force(true);
        } catch (IOException failure) {
            throw PortableErrors.of("write to disk", path, failure);
        }
    }

    @Override
    public void close() throws FileAccessException {
        try {
            channel.close();
        } catch (IOException failure) {
            throw PortableErrors.of("close", path, failure);
        }
    }
}
