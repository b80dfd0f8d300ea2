package dev.holdfast.agent.files;

import java.nio.file.Path;
import java.util.List;

/** Linux, by its own system calls. */
final class NativeFileSystem implements FileSystemView {
    private static final int OPEN_DIRECTORIES = 256;
    /** A tenth of what an ordinary thread gets beside it; the very lowest would get nowhere on a busy machine. */
    private static final int LOW_PRIORITY = 10;

    private static final int IDLE_DISK_PRIORITY = 3 << 13;

    final Kernel kernel;
    final OpenDirectories directories;
    private final OwnerNames owners;

    NativeFileSystem(Kernel kernel) {
        this(kernel, OPEN_DIRECTORIES);
    }

    NativeFileSystem(Kernel kernel, int openDirectories) {
        this.kernel = kernel;
        this.directories = new OpenDirectories(kernel, openDirectories);
        this.owners = OwnerNames.withNameService();
    }

    @Override
    public Directory openRoot(Path path) throws FileAccessException {
        byte[] name = PathBytes.of(path.toAbsolutePath());
        Names.checkPath(name);
        int flags = kernel.oDirectory | Kernel.O_CLOEXEC;
        long descriptor =
                kernel.call(SystemCall.OPENAT, Kernel.AT_FDCWD, kernel.scratch().first(name), flags, 0, 0);
        if (descriptor < 0) {
            throw FileAccessException.of("open the directory", PrintableName.of(name), descriptor);
        }
        return NativeDirectory.root(this, name, (int) descriptor);
    }

    @Override
    public void standBack() {
        // Zero is the calling thread. When it is refused nothing is lost: the thread is only more of a nuisance.
        kernel.call(SystemCall.SETPRIORITY, 0, 0, LOW_PRIORITY, 0, 0);
        kernel.call(SystemCall.IOPRIO_SET, 1, 0, IDLE_DISK_PRIORITY, 0, 0);
    }

    @Override
    public List<String> losses() {
        return List.of();
    }

    @Override
    public OwnerNames owners() {
        return owners;
    }
}
