package dev.holdfast.agent.files;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Attributes through a descriptor: of the open file itself, or of a name in the open directory. */
final class NativeAttributes implements Attributes {
    private static final long OMIT = (1L << 30) - 2;
    private static final byte[] ITSELF = {};

    private final Kernel kernel;
    /** The directory whose descriptor is borrowed for each call; null for an open file, whose descriptor is kept below. */
    private final @Nullable NativeDirectory directory;

    private final int file;
    /** Empty for the directory or file itself. */
    private final byte[] name;

    private final Place place;

    private NativeAttributes(Kernel kernel, @Nullable NativeDirectory directory, int file, byte[] name, Place place) {
        this.kernel = kernel;
        this.directory = directory;
        this.file = file;
        this.name = name;
        this.place = place;
    }

    static NativeAttributes ofFile(Kernel kernel, int descriptor, Place place) {
        return new NativeAttributes(kernel, null, descriptor, ITSELF, place);
    }

    static NativeAttributes ofDirectory(Kernel kernel, NativeDirectory directory) {
        return new NativeAttributes(kernel, directory, -1, ITSELF, new Place(directory, ITSELF));
    }

    static NativeAttributes ofName(Kernel kernel, NativeDirectory directory, byte[] name) {
        return new NativeAttributes(kernel, directory, -1, name.clone(), new Place(directory, name.clone()));
    }

    @Override
    public void setOwner(long uid, long gid) throws FileAccessException {
        int descriptor = borrow();
        try {
            int flags = itself() ? Kernel.AT_EMPTY_PATH : Kernel.AT_SYMLINK_NOFOLLOW;
            long text = kernel.scratch().first(name);
            check("set the owner of", kernel.call(SystemCall.FCHOWNAT, descriptor, text, uid, gid, flags));
        } finally {
            giveBack();
        }
    }

    @Override
    public void setMode(int mode) throws FileAccessException {
        int descriptor = borrow();
        try {
            if (itself()) {
                check("set the mode of", kernel.call(SystemCall.FCHMOD, descriptor, mode, 0, 0, 0));
            } else {
                setModeOfName(descriptor, mode);
            }
        } finally {
            giveBack();
        }
    }

    /** {@code fchmodat} follows links, so the name is first pinned down by a descriptor that opens nothing. */
    private void setModeOfName(int descriptor, int mode) throws FileAccessException {
        int flags = Kernel.O_PATH | kernel.oNoFollow | Kernel.O_CLOEXEC;
        long text = kernel.scratch().first(name);
        int pinned = (int) check("set the mode of", kernel.call(SystemCall.OPENAT, descriptor, text, flags, 0, 0));
        try {
            if (kernel.status(pinned, place).type() != FileType.SYMLINK) {
                long way = kernel.scratch().descriptorPath(pinned, ITSELF);
                check("set the mode of", kernel.call(SystemCall.FCHMODAT, Kernel.AT_FDCWD, way, mode, 0, 0));
            }
        } finally {
            kernel.close(pinned);
        }
    }

    @Override
    public void setXattrs(List<ExtendedAttribute> xattrs) throws FileAccessException {
        int descriptor = borrow();
        try {
            XattrCalls calls = itself() ? XattrCalls.of(kernel, descriptor) : XattrCalls.of(kernel, descriptor, name);
            calls.replace(xattrs, place);
        } finally {
            giveBack();
        }
    }

    @Override
    public void setModified(Timestamp modified) throws FileAccessException {
        int descriptor = borrow();
        try {
            Scratch memory = kernel.scratch();
            long times = memory.times(OMIT, modified);
            long text = itself() ? 0 : memory.first(name);
            int flags = itself() ? 0 : Kernel.AT_SYMLINK_NOFOLLOW;
            check("set the time of", kernel.call(SystemCall.UTIMENSAT, descriptor, text, times, flags, 0));
        } finally {
            giveBack();
        }
    }

    private boolean itself() {
        return name.length == 0;
    }

    private int borrow() throws FileAccessException {
        return directory == null ? file : directory.pin();
    }

    private void giveBack() {
        if (directory != null) {
            directory.unpin();
        }
    }

    private long check(String operation, long result) throws FileAccessException {
        if (result < 0) {
            throw place.failure(operation, result);
        }
        return result;
    }
}
