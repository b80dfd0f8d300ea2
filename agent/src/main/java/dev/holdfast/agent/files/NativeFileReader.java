package dev.holdfast.agent.files;

import java.util.List;
import java.util.Objects;

/** A regular file by its descriptor. */
final class NativeFileReader implements FileReader {
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;

    private final Kernel kernel;
    private final Place place;
    private final Status opened;
    private int descriptor;
    private long position;

    private NativeFileReader(Kernel kernel, int descriptor, Place place, Status opened) {
        this.kernel = kernel;
        this.descriptor = descriptor;
        this.place = place;
        this.opened = opened;
    }

    /** Takes over the descriptor, and closes it again when it is not that of a regular file. */
    static NativeFileReader of(Kernel kernel, int descriptor, Place place) throws FileAccessException {
        boolean taken = false;
        try {
            Status opened = kernel.status(descriptor, place);
            if (!opened.isFile()) {
                throw place.failure("open", Errno.EINVAL, "it is not a regular file");
            }
            taken = true;
            return new NativeFileReader(kernel, descriptor, place, opened);
        } finally {
            if (!taken) {
                kernel.close(descriptor);
            }
        }
    }

    @Override
    public Status opened() {
        return opened;
    }

    @Override
    public Status status() throws FileAccessException {
        return kernel.status(descriptor, place);
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
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        Scratch memory = kernel.scratch();
        int done = 0;
        while (done < length) {
            int wanted = Math.min(length - done, Scratch.DATA_BYTES);
            long count = kernel.call(SystemCall.PREAD, descriptor, memory.data(), wanted, from + done, 0);
            if (count < 0) {
                throw place.failure("read", count);
            }
            if (count == 0) {
                break;
            }
            memory.copyData(0, target, offset + done, (int) count);
            done += (int) count;
        }
        return done == 0 ? -1 : done;
    }

    @Override
    public void seek(long to) {
        position = to;
    }

    @Override
    public long nextData(long from) throws FileAccessException {
        long at = seekFor(from, SEEK_DATA);
        return at == -Errno.ENXIO.code() ? NO_MORE_DATA : checkedPosition(at);
    }

    @Override
    public long nextHole(long from) throws FileAccessException {
        long at = seekFor(from, SEEK_HOLE);
        return at == -Errno.ENXIO.code() ? from : checkedPosition(at);
    }

    /** Moves only the descriptor's own position, which nothing here reads from. */
    private long seekFor(long from, int what) {
        return kernel.call(SystemCall.LSEEK, descriptor, from, what, 0, 0);
    }

    private long checkedPosition(long at) throws FileAccessException {
        if (at < 0) {
            throw place.failure("find the holes of", at);
        }
        return at;
    }

    @Override
    public List<ExtendedAttribute> xattrs() throws FileAccessException {
        return XattrCalls.of(kernel, descriptor).read(place);
    }

    /** Leaves the descriptor to the one who closes it. */
    void forget() {
        descriptor = -1;
    }

    @Override
    public void close() {
        if (descriptor >= 0) {
            kernel.close(descriptor);
            descriptor = -1;
        }
    }
}
