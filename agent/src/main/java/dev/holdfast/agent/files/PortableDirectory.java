package dev.holdfast.agent.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
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
        Listing.Builder names = new Listing.Builder();
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
