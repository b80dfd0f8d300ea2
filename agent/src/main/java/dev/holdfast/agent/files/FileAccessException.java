package dev.holdfast.agent.files;

import java.io.IOException;

/** The file system said no: what was tried, on which file (printable, not for use as a name), and the kernel's reason. */
public final class FileAccessException extends IOException {
    private final Errno errno;
    private final String path;

    FileAccessException(String operation, String path, Errno errno, String reason) {
        super("cannot " + operation + " '" + path + "': " + reason);
        this.errno = errno;
        this.path = path;
    }

    FileAccessException(String operation, String path, Errno errno) {
        this(operation, path, errno, errno.text());
    }

    /** From a system call's result: {@code -errno}. */
    static FileAccessException of(String operation, String path, long result) {
        Errno errno = Errno.of(-result);
        String reason = errno == Errno.UNKNOWN ? "error " + -result : errno.text();
        return new FileAccessException(operation, path, errno, reason);
    }

    public Errno errno() {
        return errno;
    }

    /** The path for people, with unprintable bytes as {@code \xff}. */
    public String path() {
        return path;
    }

    /** It is not there, or no longer; also when a directory on the way has become something else. */
    public boolean notFound() {
        return errno == Errno.ENOENT || errno == Errno.ENOTDIR || errno == Errno.ESTALE;
    }

    public boolean denied() {
        return errno == Errno.EACCES || errno == Errno.EPERM || errno == Errno.EROFS;
    }

    public boolean noSpace() {
        return errno == Errno.ENOSPC || errno == Errno.EDQUOT;
    }

    public boolean exists() {
        return errno == Errno.EEXIST || errno == Errno.ENOTEMPTY;
    }

    /** A symbolic link stands where a file or directory was expected. */
    public boolean isLink() {
        return errno == Errno.ELOOP;
    }

    /** The system or file system has no such function, whoever asks. */
    public boolean unsupported() {
        return errno == Errno.EOPNOTSUPP || errno == Errno.ENOSYS;
    }
}
