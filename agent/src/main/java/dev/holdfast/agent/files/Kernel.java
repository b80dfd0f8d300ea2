package dev.holdfast.agent.files;

import com.sun.jna.Native;
import java.nio.ByteOrder;
import java.util.Locale;

/** System calls of a 64-bit Linux kernel. Addresses are those of {@link Scratch} memory. */
final class Kernel {
    static final int AT_FDCWD = -100;
    static final int AT_SYMLINK_NOFOLLOW = 0x100;
    static final int AT_REMOVEDIR = 0x200;
    static final int AT_EMPTY_PATH = 0x1000;
    /** No link followed, no automount triggered. */
    static final int AT_AS_IT_IS = AT_SYMLINK_NOFOLLOW | 0x800;

    static final int O_RDWR = 02;
    static final int O_CREAT = 0100;
    static final int O_EXCL = 0200;
    static final int O_NOCTTY = 0400;
    static final int O_NONBLOCK = 04000;
    static final int O_NOATIME = 01000000;
    static final int O_CLOEXEC = 02000000;
    static final int O_PATH = 010000000;

    private static final ThreadLocal<Scratch> SCRATCH = new ThreadLocal<>();

    private final boolean x86;

    final int oDirectory;
    final int oNoFollow;

    private Kernel(boolean x86, boolean arm) {
        this.x86 = x86;
        this.oDirectory = arm ? 040000 : 0200000;
        this.oNoFollow = arm ? 0100000 : 0400000;
    }

    /** Sets up native access and tries it once. */
    static Kernel load() throws KernelUnavailableException {
        String system = System.getProperty("os.name", "");
        if (!system.equals("Linux")) {
            throw new KernelUnavailableException("native access is for Linux, this is " + system);
        }
        String processor = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        boolean x86 = processor.equals("amd64");
        boolean arm = processor.equals("aarch64");
        boolean known = x86 || arm || processor.equals("riscv64");
        if (!known || ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            throw new KernelUnavailableException("native access does not know the processor " + processor);
        }
        try {
            LinuxFunctions.register();
            Kernel kernel = new Kernel(x86, arm);
            kernel.tryOut();
            return kernel;
        } catch (LinkageError missing) {
            throw new KernelUnavailableException("native access could not be loaded: " + missing.getMessage());
        }
    }

    private void tryOut() throws KernelUnavailableException {
        Scratch memory = scratch();
        long path = memory.first(Scratch.DESCRIPTORS);
        long result = call(SystemCall.STATX, AT_FDCWD, path, 0, Scratch.STATUS_FIELDS, memory.status());
        if (result < 0) {
            throw new KernelUnavailableException("statx of /proc/self/fd failed (kernel before 4.11, or no /proc): "
                    + Errno.of(-result).text());
        }
    }

    /** This thread's memory for arguments and results. */
    Scratch scratch() {
        Scratch mine = SCRATCH.get();
        if (mine == null) {
            mine = new Scratch();
            SCRATCH.set(mine);
        }
        return mine;
    }

    /** The call's result, or {@code -errno}. A call that a signal interrupted is made again. */
    long call(SystemCall call, long a, long b, long c, long d, long e) {
        int number = call.number(x86);
        while (true) {
            long result = LinuxFunctions.syscall(number, a, b, c, d, e);
            if (result != -1) {
                return result;
            }
            int errno = Native.getLastError();
            if (errno != Errno.EINTR.code() || call == SystemCall.CLOSE) {
                return -errno;
            }
        }
    }

    void close(int descriptor) {
        call(SystemCall.CLOSE, descriptor, 0, 0, 0, 0);
    }

    /** The status of an open file. */
    Status status(int descriptor, Place place) throws FileAccessException {
        Scratch memory = scratch();
        long empty = memory.first(Scratch.EMPTY);
        long result = call(SystemCall.STATX, descriptor, empty, AT_EMPTY_PATH, Scratch.STATUS_FIELDS, memory.status());
        if (result < 0) {
            throw place.failure("read the status of", result);
        }
        return memory.readStatus();
    }
}
