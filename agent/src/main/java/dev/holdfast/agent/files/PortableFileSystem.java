package dev.holdfast.agent.files;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What {@code java.nio.file} can do, for systems without native access. */
final class PortableFileSystem implements FileSystemView {
    private final String reason;
    private final OwnerNames owners = OwnerNames.fromLocalTables();

    /** @param reason why there is no native access */
    PortableFileSystem(String reason) {
        this.reason = reason;
    }

    @Override
    public Directory openRoot(Path path) throws FileAccessException {
        Path root = path.toAbsolutePath();
        if (!Files.isDirectory(root)) {
            Errno errno = Files.exists(root) ? Errno.ENOTDIR : Errno.ENOENT;
            throw PortableErrors.of("open the directory", root, errno);
        }
        return new PortableDirectory(root);
    }

    @Override
    public void standBack() {
        // the JDK's own priorities mean nothing to most systems
    }

    @Override
    public List<String> losses() {
        List<String> losses = new ArrayList<>(List.of(
                reason,
                "extended attributes outside user.*, so POSIX ACLs and file capabilities too",
                "extended attributes of symbolic links and of FIFOs, sockets and devices",
                "sparse maps: holes are read and written as zeros",
                "FIFOs, sockets and devices cannot be created",
                "two directories cannot be exchanged in one step",
                "modification times before 1970 become 1970",
                "times of symbolic links are exact to the microsecond only",
                "doubled and trailing slashes in the targets of symbolic links",
                "paths longer than the system's limit (4095 bytes on Linux)",
                "reading changes the access times of files",
                "names of owners from a name service other than the local tables",
                "other file systems mounted inside a volume are not recognised",
                "safety from directories that are swapped for links at the very moment of use"));
        if (!Path.of("").getFileSystem().supportedFileAttributeViews().contains("unix")) {
            losses.add("owners, modes, hard links and the time of the last status change");
        }
        return List.copyOf(losses);
    }

    @Override
    public OwnerNames owners() {
        return owners;
    }
}
