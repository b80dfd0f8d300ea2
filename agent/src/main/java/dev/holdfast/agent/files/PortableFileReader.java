package dev.holdfast.agent.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;

/** A regular file by the JDK's channel; to it a file is all data. */
final class PortableFileReader implements FileReader {
    private final Path path;
    private final FileChannel channel;
    private final Status opened;
    private long position;

    PortableFileReader(Path path, FileChannel channel, Status opened) {
        this.path = path;
        this.channel = channel;
        this.opened = opened;
    }

    @Override
    public Status opened() {
        return opened;
    }

    @Override
    public Status status() throws FileAccessException {
        return PortableStatus.of(path);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws FileAccessException {
        int count = pread(position, target, offset, length);
        if (count > 0) {
            position += count;
        }
        return count;
    }

    @Override
    public int pread(long from, byte[] target, int offset, int length) throws FileAccessException {
        ByteBuffer buffer = ByteBuffer.wrap(target, offset, length);
        try {
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, from + length - buffer.remaining()) < 0) {
                    break;
                }
            }
        } catch (IOException failure) {
            throw PortableErrors.of("read", path, failure);
        }
        int done = length - buffer.remaining();
        return done == 0 && length > 0 ? -1 : done;
    }

    @Override
    public void seek(long to) {
        position = to;
    }

    @Override
    public long nextData(long from) throws FileAccessException {
        return from < size() ? from : NO_MORE_DATA;
    }

    @Override
    public long nextHole(long from) throws FileAccessException {
        return Math.max(from, size());
    }

    private long size() throws FileAccessException {
        try {
            return channel.size();
        } catch (IOException failure) {
            throw PortableErrors.of("read the size of", path, failure);
        }
    }

    @Override
    public List<ExtendedAttribute> xattrs() throws FileAccessException {
        return PortableXattrs.read(path, opened);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failure) {
            throw new IllegalStateException("closing a file that was only read failed: " + path, failure);
        }
    }
}
