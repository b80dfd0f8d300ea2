package dev.holdfast.agent.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;

/** Status through the JDK's {@code unix} attributes, or its basic ones where there are no others. */
final class PortableStatus {
    private static final String FIELDS = "unix:mode,uid,gid,nlink,ino,dev,rdev,ctime,size,lastModifiedTime";
    private static final int BLOCK_BYTES = 512;
    private static final int PERMISSIONS = 07777;

    private PortableStatus() {}

    static Status of(Path path) throws FileAccessException {
        try {
            boolean unix = path.getFileSystem().supportedFileAttributeViews().contains("unix");
            return unix ? unix(path) : basic(path);
        } catch (IOException failure) {
            throw PortableErrors.of("read the status of", path, failure);
        }
    }

    private static Status unix(Path path) throws IOException {
        Map<String, Object> fields = Files.readAttributes(path, FIELDS, LinkOption.NOFOLLOW_LINKS);
        int mode = (int) number(fields, "mode");
        long size = number(fields, "size");
        return new Status(
                FileType.of(mode),
                mode & PERMISSIONS,
                number(fields, "uid") & 0xffffffffL,
                number(fields, "gid") & 0xffffffffL,
                size,
                blocks(size),
                time(fields, "lastModifiedTime"),
                time(fields, "ctime"),
                number(fields, "ino"),
                number(fields, "dev"),
                number(fields, "nlink"),
                number(fields, "rdev"),
                false);
    }

    /** No owners, modes and inodes: everything is root's, readable, and one of its kind. */
    private static Status basic(Path path) throws IOException {
        BasicFileAttributes known = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        FileType type = known.isDirectory()
                ? FileType.DIRECTORY
                : known.isSymbolicLink() ? FileType.SYMLINK : known.isOther() ? FileType.SOCKET : FileType.FILE;
        Timestamp modified = timestamp(known.lastModifiedTime());
        int mode = type == FileType.DIRECTORY ? 0755 : 0644;
        long size = known.size();
        return new Status(type, mode, 0, 0, size, blocks(size), modified, modified, 0, 0, 1, 0, false);
    }

    private static long blocks(long size) {
        return (size + BLOCK_BYTES - 1) / BLOCK_BYTES;
    }

    private static long number(Map<String, Object> fields, String name) {
        return field(fields, name) instanceof Number number ? number.longValue() : 0;
    }

    private static Timestamp time(Map<String, Object> fields, String name) {
        return field(fields, name) instanceof FileTime time ? timestamp(time) : new Timestamp(0, 0);
    }

    private static Object field(Map<String, Object> fields, String name) {
        Object value = fields.get(name);
        if (value == null) {
            throw new IllegalStateException("no file attribute " + name);
        }
        return value;
    }

    private static Timestamp timestamp(FileTime time) {
        Instant instant = time.toInstant();
        return new Timestamp(instant.getEpochSecond(), instant.getNano());
    }
}
