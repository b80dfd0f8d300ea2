package dev.holdfast.agent.files;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A directory by its descriptor, which {@link OpenDirectories} lends; the fields below the line are that class's to use. */
final class NativeDirectory implements Directory {
    private static final int READ_ONLY = Kernel.O_CLOEXEC | Kernel.O_NOCTTY | Kernel.O_NONBLOCK | Kernel.O_NOATIME;
    private static final int READ_WRITE = Kernel.O_CLOEXEC | Kernel.O_NOCTTY | Kernel.O_NONBLOCK | Kernel.O_RDWR;
    private static final int PRIVATE_FILE = 0600;
    private static final int EXCHANGE = 2;
    private static final byte[] ITSELF = {};
    private static final int ENTRY_LENGTH = 16;
    private static final int ENTRY_NAME = 19;

    private final NativeFileSystem system;
    private final Kernel kernel;
    /** A name in the parent; of a root, the absolute path. */
    private final byte[] name;

    final @Nullable NativeDirectory parent;
    int descriptor = -1;
    int pins;
    int children;
    long lastUse;
    boolean closed;
    boolean forgotten;
    private @Nullable Status identity;

    private NativeDirectory(NativeFileSystem system, @Nullable NativeDirectory parent, byte[] name) {
        this.system = system;
        this.kernel = system.kernel;
        this.parent = parent;
        this.name = name;
    }

    static NativeDirectory root(NativeFileSystem system, byte[] path, int descriptor) {
        NativeDirectory root = new NativeDirectory(system, null, path);
        system.directories.add(root, descriptor);
        return root;
    }

    @Override
    public String printablePath() {
        return printable(ITSELF);
    }

    /** The path of a name in here; of the directory itself when the name is empty. */
    String printable(byte[] child) {
        StringBuilder path = new StringBuilder(PrintableName.of(child));
        NativeDirectory at = this;
        while (at != null) {
            if (path.length() > 0 && !endsWithSlash(at.name)) {
                path.insert(0, '/');
            }
            path.insert(0, PrintableName.of(at.name));
            at = at.parent;
        }
        return path.toString();
    }

    private Place place(byte[] child) {
        return new Place(this, child);
    }

    private static boolean endsWithSlash(byte[] path) {
        return path[path.length - 1] == '/';
    }

    @Override
    public Listing scan() throws FileAccessException {
        return scan(new Listing.Builder());
    }

    @Override
    public Listing scanAfter(byte[] last, int windowBytes) throws FileAccessException {
        return scan(new Listing.Builder(last, windowBytes));
    }

    private Listing scan(Listing.Builder names) throws FileAccessException {
        int directory = pin();
        try {
            return readEntries(directory, names);
        } finally {
            unpin();
        }
    }

    /** A descriptor has one place in its directory: two scans of one handle take turns. */
    private synchronized Listing readEntries(int directory, Listing.Builder names) throws FileAccessException {
        check("list", ITSELF, kernel.call(SystemCall.LSEEK, directory, 0, 0, 0, 0));
        Scratch memory = kernel.scratch();
        byte[] entries = new byte[0];
        while (true) {
            long length = kernel.call(SystemCall.GETDENTS, directory, memory.data(), Scratch.DATA_BYTES, 0, 0);
            check("list", ITSELF, length);
            if (length == 0) {
                return names.sorted();
            }
            if (entries.length < length) {
                entries = new byte[(int) length];
            }
            memory.copyData(0, entries, 0, (int) length);
            addNames(entries, (int) length, names);
        }
    }

    private static void addNames(byte[] entries, int end, Listing.Builder names) {
        int at = 0;
        while (at < end) {
            int from = at + ENTRY_NAME;
            int to = NameOrder.end(entries, from);
            boolean dot = entries[from] == '.' && (to == from + 1 || (to == from + 2 && entries[from + 1] == '.'));
            if (!dot) {
                names.add(entries, from, to);
            }
            at += (entries[at + ENTRY_LENGTH] & 0xff) | ((entries[at + ENTRY_LENGTH + 1] & 0xff) << 8);
        }
    }

    @Override
    public Status status() throws FileAccessException {
        int directory = pin();
        try {
            return kernel.status(directory, place(ITSELF));
        } finally {
            unpin();
        }
    }

    @Override
    public Status status(byte[] child) throws FileAccessException {
        Scratch memory = kernel.scratch();
        long result = at(SystemCall.STATX, child, Kernel.AT_AS_IT_IS, Scratch.STATUS_FIELDS, memory.status());
        check("read the status of", child, result);
        return memory.readStatus();
    }

    @Override
    public Directory openDirectory(byte[] child) throws FileAccessException {
        int opened = openChild("open the directory", child, READ_ONLY | kernel.oDirectory);
        NativeDirectory directory = new NativeDirectory(system, this, child.clone());
        system.directories.add(directory, opened);
        return directory;
    }

    @Override
    public FileReader openFile(byte[] child) throws FileAccessException {
        int opened = openChild("open", child, READ_ONLY);
        return NativeFileReader.of(kernel, opened, place(child.clone()));
    }

    @Override
    public byte[] readLink(byte[] child) throws FileAccessException {
        Scratch memory = kernel.scratch();
        long length = at(SystemCall.READLINKAT, child, memory.data(), Scratch.DATA_BYTES, 0);
        check("read the link", child, length);
        byte[] target = new byte[(int) length];
        memory.copyData(0, target, 0, target.length);
        return target;
    }

    @Override
    public List<ExtendedAttribute> xattrs() throws FileAccessException {
        int directory = pin();
        try {
            return XattrCalls.of(kernel, directory).read(place(ITSELF));
        } finally {
            unpin();
        }
    }

    @Override
    public List<ExtendedAttribute> xattrs(byte[] child) throws FileAccessException {
        Names.check(child);
        int directory = pin();
        try {
            return XattrCalls.of(kernel, directory, child).read(place(child));
        } finally {
            unpin();
        }
    }

    @Override
    public FileWriter createFile(byte[] child) throws FileAccessException {
        return writer("create", child, Kernel.O_CREAT | Kernel.O_EXCL);
    }

    @Override
    public FileWriter openForWriting(byte[] child) throws FileAccessException {
        return writer("open for writing", child, 0);
    }

    private FileWriter writer(String operation, byte[] child, int flags) throws FileAccessException {
        int opened = openChild(operation, child, READ_WRITE | flags);
        return NativeFileWriter.of(kernel, opened, place(child.clone()));
    }

    @Override
    public void createDirectory(byte[] child) throws FileAccessException {
        check("create the directory", child, at(SystemCall.MKDIRAT, child, 0700, 0, 0));
    }

    @Override
    public void createSymlink(byte[] child, byte[] target) throws FileAccessException {
        Names.check(child);
        Names.checkPath(target);
        int directory = pin();
        try {
            Scratch memory = kernel.scratch();
            long link = memory.first(child);
            check(
                    "create the link",
                    child,
                    kernel.call(SystemCall.SYMLINKAT, memory.second(target), directory, link, 0, 0));
        } finally {
            unpin();
        }
    }

    @Override
    public void createLink(byte[] child, Directory from, byte[] existing) throws FileAccessException {
        check(
                "create the hard link",
                child,
                ((NativeDirectory) from).with(SystemCall.LINKAT, existing, this, child, 0));
    }

    @Override
    public void createNode(byte[] child, FileType type, long deviceNumber) throws FileAccessException {
        if (type == FileType.DIRECTORY || type == FileType.SYMLINK || type == FileType.FILE) {
            throw new IllegalArgumentException("not a special file: " + type);
        }
        boolean device = type == FileType.CHARACTER || type == FileType.BLOCK;
        long number = device ? deviceNumber : 0;
        check("create the special file", child, at(SystemCall.MKNODAT, child, type.bits() | 0600, number, 0));
    }

    @Override
    public void rename(byte[] child, Directory to, byte[] newName) throws FileAccessException {
        check("rename", child, with(SystemCall.RENAMEAT2, child, (NativeDirectory) to, newName, 0));
    }

    @Override
    public void exchange(byte[] child, Directory other, byte[] otherName) throws FileAccessException {
        long result = with(SystemCall.RENAMEAT2, child, (NativeDirectory) other, otherName, EXCHANGE);
        boolean unknown = result == -Errno.EINVAL.code();
        check("exchange", child, unknown ? -Errno.EOPNOTSUPP.code() : result);
    }

    @Override
    public void removeFile(byte[] child) throws FileAccessException {
        check("remove", child, at(SystemCall.UNLINKAT, child, 0, 0, 0));
    }

    @Override
    public void removeDirectory(byte[] child) throws FileAccessException {
        check("remove the directory", child, at(SystemCall.UNLINKAT, child, Kernel.AT_REMOVEDIR, 0, 0));
    }

    @Override
    public Attributes attributes(byte[] child) throws FileAccessException {
        Names.check(child);
        return NativeAttributes.ofName(kernel, this, child);
    }

    @Override
    public Attributes attributes() {
        return NativeAttributes.ofDirectory(kernel, this);
    }

    @Override
    public void sync() throws FileAccessException {
        int directory = pin();
        try {
            check("write to disk", ITSELF, kernel.call(SystemCall.FSYNC, directory, 0, 0, 0, 0));
        } finally {
            unpin();
        }
    }

    @Override
    public void syncFileSystem() throws FileAccessException {
        int directory = pin();
        try {
            check("write to disk", ITSELF, kernel.call(SystemCall.SYNCFS, directory, 0, 0, 0, 0));
        } finally {
            unpin();
        }
    }

    @Override
    public void close() {
        system.directories.close(this);
    }

    int pin() throws FileAccessException {
        return system.directories.pin(this);
    }

    void unpin() {
        system.directories.unpin(this);
    }

    /** {@code call(this directory, child, a, b, c)}: the result, or {@code -errno}. */
    private long at(SystemCall call, byte[] child, long a, long b, long c) throws FileAccessException {
        Names.check(child);
        int directory = pin();
        try {
            return kernel.call(call, directory, kernel.scratch().first(child), a, b, c);
        } finally {
            unpin();
        }
    }

    /** {@code call(this directory, child, other, otherName, flags)}: the result, or {@code -errno}. */
    private long with(SystemCall call, byte[] child, NativeDirectory other, byte[] otherName, int flags)
            throws FileAccessException {
        Names.check(child);
        Names.check(otherName);
        int here = pin();
        try {
            int there = other.pin();
            try {
                Scratch memory = kernel.scratch();
                return kernel.call(call, here, memory.first(child), there, memory.second(otherName), flags);
            } finally {
                other.unpin();
            }
        } finally {
            unpin();
        }
    }

    private void check(String operation, byte[] child, long result) throws FileAccessException {
        if (result < 0) {
            throw FileAccessException.of(operation, printable(child), result);
        }
    }

    /** Opens without following a link. Leaving the access time alone is the owner's right only, so it is tried first. */
    private int openChild(String operation, byte[] child, int flags) throws FileAccessException {
        int noFollow = flags | kernel.oNoFollow;
        long result = at(SystemCall.OPENAT, child, noFollow, PRIVATE_FILE, 0);
        if (result == -Errno.EMFILE.code()) {
            system.directories.closeIdle();
            result = at(SystemCall.OPENAT, child, noFollow, PRIVATE_FILE, 0);
        }
        if (result == -Errno.EPERM.code() && (flags & Kernel.O_NOATIME) != 0) {
            result = at(SystemCall.OPENAT, child, noFollow & ~Kernel.O_NOATIME, 0, 0);
        }
        if (result == -Errno.ENOTDIR.code() && isLink(child)) {
            result = -Errno.ELOOP.code();
        }
        check(operation, child, result);
        return (int) result;
    }

    /** Asked to open a directory and not to follow links, the kernel calls a link "not a directory". */
    private boolean isLink(byte[] child) throws FileAccessException {
        return status(child).type() == FileType.SYMLINK;
    }

    /** Notes which directory this is, before its descriptor is given back; false when that cannot be found out. */
    boolean noteIdentity() {
        if (identity == null) {
            try {
                identity = kernel.status(descriptor, place(ITSELF));
            } catch (FileAccessException unreadable) {
                return false; // then it simply stays open
            }
        }
        return true;
    }

    /** Opens the directory once more, inside its parent, and makes sure that it is the one from before. */
    int openAgain(int parentDescriptor) throws FileAccessException {
        long text = kernel.scratch().first(name);
        int flags = READ_ONLY | kernel.oDirectory | kernel.oNoFollow;
        long opened = kernel.call(SystemCall.OPENAT, parentDescriptor, text, flags, 0, 0);
        if (opened == -Errno.EPERM.code()) {
            opened = kernel.call(SystemCall.OPENAT, parentDescriptor, text, flags & ~Kernel.O_NOATIME, 0, 0);
        }
        if (opened < 0) {
            throw FileAccessException.of("open again the directory", printablePath(), opened);
        }
        Status now = kernel.status((int) opened, place(ITSELF));
        if (identity == null || !identity.sameFile(now)) {
            kernel.close((int) opened);
            throw new FileAccessException(
                    "open again the directory", printablePath(), Errno.ESTALE, "another directory stands in its place");
        }
        return (int) opened;
    }
}
