package dev.holdfast.agent.files;

import java.nio.file.Path;
import java.util.List;

/** Linux, by its own system calls. */
final class NativeFileSystem implements FileSystemView {
    private static final int OPEN_DIRECTORIES = 256;

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
    public List<String> losses() {
        return List.of();
    }

    @Override
    public OwnerNames owners() {
        return owners;
    }
}
