package dev.holdfast.agent.files;

/** What may be a name inside a directory: never a way out of it. */
final class Names {
    /** The kernel's limit for a path, its end included; a name or a link's target is never longer. */
    private static final int PATH_MAX = 4096;

    private Names() {}

    /** Refuses the empty name, {@code .}, {@code ..}, and names with a slash or a zero byte, wherever they came from. */
    static void check(byte[] name) throws FileAccessException {
        int length = name.length;
        boolean dots = length > 0 && length <= 2 && name[0] == '.' && name[length - 1] == '.';
        boolean bad = length == 0 || dots;
        for (int i = 0; i < length && !bad; i++) {
            bad = name[i] == '/' || name[i] == 0;
        }
        if (bad) {
            throw new FileAccessException(
                    "use the name", PrintableName.of(name), Errno.EINVAL, "it is not a name inside a directory");
        }
        checkLength(name);
    }

    /** Refuses a link target or path that the kernel could not take. */
    static void checkPath(byte[] path) throws FileAccessException {
        for (byte b : path) {
            if (b == 0) {
                throw new FileAccessException("use the path", PrintableName.of(path), Errno.EINVAL);
            }
        }
        checkLength(path);
    }

    private static void checkLength(byte[] text) throws FileAccessException {
        if (text.length >= PATH_MAX) {
            throw new FileAccessException("use the name", PrintableName.of(text), Errno.ENAMETOOLONG);
        }
    }
}
