package dev.holdfast.agent.files;

import java.util.Objects;

/** A regular file by a descriptor that may write. */
final class NativeFileWriter implements FileWriter {
    private static final int KEEP_SIZE_AND_PUNCH = 1 | 2;
    /** {@code SYNC_FILE_RANGE_WRITE} */
    private static final int WRITE_OUT = 2;

    /** {@code LOCK_EX | LOCK_NB} */
    private static final int EXCLUSIVE_NOW = 2 | 4;

    private final Kernel kernel;
    private final Place place;
    private final NativeFileReader content;
    private int descriptor;

    private NativeFileWriter(Kernel kernel, int descriptor, Place place, NativeFileReader content) {
        this.kernel = kernel;
        this.descriptor = descriptor;
        this.place = place;
        this.content = content;
    }

    /** Takes over the descriptor, and closes it again when it is not that of a regular file. */
    static NativeFileWriter of(Kernel kernel, int descriptor, Place place) throws FileAccessException {
        return new NativeFileWriter(kernel, descriptor, place, NativeFileReader.of(kernel, descriptor, place));
    }

    @Override
    public void pwrite(long position, byte[] source, int offset, int length) throws FileAccessException {
        Objects.checkFromIndexSize(offset, length, source.length);
        Scratch memory = kernel.scratch();
        int done = 0;
        while (done < length) {
            int wanted = Math.min(length - done, Scratch.DATA_BYTES);
            memory.fillData(source, offset + done, wanted);
            done += (int) check(
                    "write", kernel.call(SystemCall.PWRITE, descriptor, memory.data(), wanted, position + done, 0));
        }
    }

    @Override
    public int pread(long position, byte[] target, int offset, int length) throws FileAccessException {
        return content.pread(position, target, offset, length);
    }

    @Override
    public void setLength(long length) throws FileAccessException {
        check("set the length of", kernel.call(SystemCall.FTRUNCATE, descriptor, length, 0, 0, 0));
    }

    @Override
    public void punchHole(long position, long length) throws FileAccessException {
        long end = Math.min(position + length, status().size());
        if (end <= position) {
            return;
        }
        long result = kernel.call(SystemCall.FALLOCATE, descriptor, KEEP_SIZE_AND_PUNCH, position, end - position, 0);
        if (result == -Errno.EOPNOTSUPP.code() || result == -Errno.ENOSYS.code()) {
            Zeros.write(this, position, end);
        } else {
            check("punch a hole in", result);
        }
    }

    @Override
    public Status status() throws FileAccessException {
        return kernel.status(descriptor, place);
    }

    @Override
    public Attributes attributes() {
        return NativeAttributes.ofFile(kernel, descriptor, place);
    }

    @Override
    public void beginSync(long position, long length) {
        // A hint: what cannot be done now, or fails now, is told by the sync that follows.
        var unused = kernel.call(SystemCall.SYNC_FILE_RANGE, descriptor, position, length, WRITE_OUT, 0);
    }

    @Override
    public boolean tryLock() throws FileAccessException {
        long result = kernel.call(SystemCall.FLOCK, descriptor, EXCLUSIVE_NOW, 0, 0, 0);
        if (result == -Errno.EAGAIN.code()) {
            return false;
        }
        check("lock", result);
        return true;
    }

    @Override
    public void sync() throws FileAccessException {
        check("write to disk", kernel.call(SystemCall.FSYNC, descriptor, 0, 0, 0, 0));
    }

    /** Network file systems may report a failed write only now. */
    @Override
    public void close() throws FileAccessException {
        if (descriptor >= 0) {
            int closing = descriptor;
            descriptor = -1;
            content.forget();
            check("close", kernel.call(SystemCall.CLOSE, closing, 0, 0, 0, 0));
        }
    }

    private long check(String operation, long result) throws FileAccessException {
        if (result < 0) {
            throw place.failure(operation, result);
        }
        return result;
    }
}
