package dev.holdfast.agent.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A directory by its path. Each step looks at what stands there before it goes in. */
final class PortableDirectory implements Directory {
    private final Path directory;

    PortableDirectory(Path directory) {
        this.directory = directory;
    }

    @Override
    public String printablePath() {
        return PortableErrors.printable(directory);
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
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                byte[] name = PathBytes.name(entry);
                names.add(name, 0, name.length);
            }
        } catch (DirectoryIteratorException failure) {
            throw PortableErrors.of("list", directory, new IOException(failure.getMessage(), failure));
        } catch (IOException failure) {
            throw PortableErrors.of("list", directory, failure);
        }
        return names.sorted();
    }

    @Override
    public Status status() throws FileAccessException {
        return PortableStatus.of(directory);
    }

    @Override
    public Status status(byte[] name) throws FileAccessException {
        return PortableStatus.of(child(name));
    }

    @Override
    public Directory openDirectory(byte[] name) throws FileAccessException {
        Path path = child(name);
        if (!statusOfNoLink("open the directory", path).isDirectory()) {
            throw PortableErrors.of("open the directory", path, Errno.ENOTDIR);
        }
        return new PortableDirectory(path);
    }

    @Override
    public FileReader openFile(byte[] name) throws FileAccessException {
        Path path = child(name);
        Status status = statusOfFile(path);
        try {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
            return new PortableFileReader(path, channel, status);
        } catch (IOException failure) {
            throw PortableErrors.of("open", path, failure);
        }
    }

    @Override
    public byte[] readLink(byte[] name) throws FileAccessException {
        Path path = child(name);
        try {
            return PathBytes.ofAny(Files.readSymbolicLink(path));
        } catch (IOException failure) {
            throw PortableErrors.of("read the link", path, failure);
        }
    }

    @Override
    public List<ExtendedAttribute> xattrs() throws FileAccessException {
        return PortableXattrs.read(directory, status());
    }

    @Override
    public List<ExtendedAttribute> xattrs(byte[] name) throws FileAccessException {
        return PortableXattrs.read(child(name), status(name));
    }

    @Override
    public FileWriter createFile(byte[] name) throws FileAccessException {
        Path path = child(name);
        FileChannel channel = open("create", path, StandardOpenOption.CREATE_NEW);
        try {
            new PortableAttributes(path).setMode(0600);
            return new PortableFileWriter(path, channel, PortableStatus.of(path));
        } catch (FileAccessException failure) {
            closeAfter(failure, channel);
            throw failure;
        }
    }

    @Override
    public FileWriter openForWriting(byte[] name) throws FileAccessException {
        Path path = child(name);
        Status status = statusOfFile(path);
        return new PortableFileWriter(path, open("open for writing", path, StandardOpenOption.WRITE), status);
    }

    private static FileChannel open(String operation, Path path, StandardOpenOption how) throws FileAccessException {
        try {
            return FileChannel.open(
                    path, how, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException failure) {
            throw PortableErrors.of(operation, path, failure);
        }
    }

    private static void closeAfter(FileAccessException failure, FileChannel channel) {
        try {
            channel.close();
        } catch (IOException second) {
            failure.addSuppressed(second);
        }
    }

    @Override
    public void createDirectory(byte[] name) throws FileAccessException {
        Path path = child(name);
        try {
            Files.createDirectory(path);
        } catch (IOException failure) {
            throw PortableErrors.of("create the directory", path, failure);
        }
        new PortableAttributes(path).setMode(0700);
    }

    @Override
    public void createSymlink(byte[] name, byte[] target) throws FileAccessException {
        Names.checkPath(target);
        Path path = child(name);
        try {
            Files.createSymbolicLink(path, PathBytes.toPath(target));
        } catch (IOException failure) {
            throw PortableErrors.of("create the link", path, failure);
        }
    }

    @Override
    public void createLink(byte[] name, Directory from, byte[] existing) throws FileAccessException {
        Path path = child(name);
        try {
            Files.createLink(path, ((PortableDirectory) from).child(existing));
        } catch (FileAccessException failure) {
            throw failure;
        } catch (IOException failure) {
            throw PortableErrors.of("create the hard link", path, failure);
        }
    }

    @Override
    public void createNode(byte[] name, FileType type, long deviceNumber) throws FileAccessException {
        throw PortableErrors.of("create the special file", child(name), Errno.EOPNOTSUPP);
    }

    @Override
    public void rename(byte[] name, Directory to, byte[] newName) throws FileAccessException {
        Path path = child(name);
        try {
            Files.move(path, ((PortableDirectory) to).child(newName), StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAccessException failure) {
            throw failure;
        } catch (IOException failure) {
            throw PortableErrors.of("rename", path, failure);
        }
    }

    @Override
    public void exchange(byte[] name, Directory with, byte[] otherName) throws FileAccessException {
        throw PortableErrors.of("exchange", child(name), Errno.EOPNOTSUPP);
    }

    @Override
    public void removeFile(byte[] name) throws FileAccessException {
        Path path = child(name);
        if (PortableStatus.of(path).isDirectory()) {
            throw PortableErrors.of("remove", path, Errno.EISDIR);
        }
        delete("remove", path);
    }

    @Override
    public void removeDirectory(byte[] name) throws FileAccessException {
        Path path = child(name);
        if (!PortableStatus.of(path).isDirectory()) {
            throw PortableErrors.of("remove the directory", path, Errno.ENOTDIR);
        }
        delete("remove the directory", path);
    }

    private static void delete(String operation, Path path) throws FileAccessException {
        try {
            Files.delete(path);
        } catch (IOException failure) {
            throw PortableErrors.of(operation, path, failure);
        }
    }

    @Override
    public Attributes attributes(byte[] name) throws FileAccessException {
        return new PortableAttributes(child(name));
    }

    @Override
    public Attributes attributes() {
        return new PortableAttributes(directory);
    }

    @Override
    public void sync() throws FileAccessException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException failure) {
            throw PortableErrors.of("write to disk", directory, failure);
        }
    }

    @Override
    public void syncFileSystem() throws FileAccessException {
        sync();
    }

    @Override
    public void close() {
        // a path holds nothing open
    }

    private Path child(byte[] name) throws FileAccessException {
        Names.check(name);
        return PathBytes.child(directory, name);
    }

    private static Status statusOfNoLink(String operation, Path path) throws FileAccessException {
        Status status = PortableStatus.of(path);
        if (status.type() == FileType.SYMLINK) {
            throw PortableErrors.of(operation, path, Errno.ELOOP);
        }
        return status;
    }

    private static Status statusOfFile(Path path) throws FileAccessException {
        Status status = statusOfNoLink("open", path);
        if (!status.isFile()) {
            throw new FileAccessException(
                    "open", PortableErrors.printable(path), Errno.EINVAL, "it is not a regular file");
        }
        return status;
    }
}
