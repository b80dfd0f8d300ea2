package dev.holdfast.agent.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;

/** Attributes by path, as far as the JDK knows them. */
final class PortableAttributes implements Attributes {
    private final Path path;

    PortableAttributes(Path path) {
        this.path = path;
    }

    @Override
    public void setOwner(long uid, long gid) throws FileAccessException {
        if (!hasUnixAttributes()) {
            return;
        }
        try {
            set("unix:uid", (int) uid);
            set("unix:gid", (int) gid);
        } catch (IOException failure) {
            throw PortableErrors.of("set the owner of", path, failure);
        }
    }

    @Override
    public void setMode(int mode) throws FileAccessException {
        if (!hasUnixAttributes() || PortableStatus.of(path).type() == FileType.SYMLINK) {
            return;
        }
        try {
            set("unix:mode", mode);
        } catch (IOException failure) {
            throw PortableErrors.of("set the mode of", path, failure);
        }
    }

    @Override
    public void setXattrs(List<ExtendedAttribute> xattrs) throws FileAccessException {
        PortableXattrs.replace(path, xattrs);
    }

    @Override
    public void setModified(Timestamp modified) throws FileAccessException {
        FileTime time = FileTime.from(Instant.ofEpochSecond(modified.seconds(), modified.nanos()));
        try {
            Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .setTimes(time, null, null);
        } catch (IOException failure) {
            throw PortableErrors.of("set the time of", path, failure);
        }
    }

    private boolean hasUnixAttributes() {
        return path.getFileSystem().supportedFileAttributeViews().contains("unix");
    }

    private void set(String attribute, int value) throws IOException {
        Files.setAttribute(path, attribute, value, LinkOption.NOFOLLOW_LINKS);
    }
}
