package dev.holdfast.agent.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.util.Locale;

/** What the kernel said, as far as {@code java.nio.file} passes it on. */
final class PortableErrors {
    private PortableErrors() {}

    static FileAccessException of(String operation, Path path, IOException cause) {
        Errno errno = errno(cause);
        String reason = cause instanceof FileSystemException known && known.getReason() != null
                ? known.getReason().toLowerCase(Locale.ROOT)
                : String.valueOf(cause.getMessage());
        FileAccessException failure = new FileAccessException(
                operation, printable(path), errno, errno == Errno.UNKNOWN ? reason : errno.text());
        failure.initCause(cause);
        return failure;
    }

    static FileAccessException of(String operation, Path path, Errno errno) {
        return new FileAccessException(operation, printable(path), errno);
    }

    static String printable(Path path) {
        return PrintableName.of(PathBytes.of(path));
    }

    private static Errno errno(IOException cause) {
        if (cause instanceof NoSuchFileException) {
            return Errno.ENOENT;
        }
        if (cause instanceof AccessDeniedException) {
            return Errno.EACCES;
        }
        if (cause instanceof FileAlreadyExistsException) {
            return Errno.EEXIST;
        }
        if (cause instanceof DirectoryNotEmptyException) {
            return Errno.ENOTEMPTY;
        }
        if (cause instanceof NotDirectoryException) {
            return Errno.ENOTDIR;
        }
        if (cause instanceof FileSystemLoopException) {
            return Errno.ELOOP;
        }
        if (cause instanceof NotLinkException) {
            return Errno.EINVAL;
        }
        return byText(cause);
    }

    /** The JDK passes the C library's words on, which are those of {@link Errno} but for the first letter. */
    private static Errno byText(IOException cause) {
        String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        if (text.contains("too many levels of symbolic links")) {
            return Errno.ELOOP;
        }
        if (text.contains("disk quota exceeded")) {
            return Errno.EDQUOT;
        }
        if (text.contains("invalid cross-device link")) {
            return Errno.EXDEV;
        }
        for (Errno errno : Errno.values()) {
            if (errno != Errno.UNKNOWN && text.endsWith(errno.text())) {
                return errno;
            }
        }
        return Errno.UNKNOWN;
    }
}
