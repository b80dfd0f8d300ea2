package dev.holdfast.server.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Replaces a small file as a whole. Invariant at every line, whatever is lost: the name shows the old content, or none if there
 * was none, or the whole new content; once {@link #write} has returned it is the new one for good.
 */
public final class AtomicFile {
    /** How a half-made file ends; whoever finds one at start may delete it. */
    public static final String TEMPORARY = ".tmp";

    private AtomicFile() {}

    /** Writes the content of a file, in as many steps as it likes. */
    @FunctionalInterface
    public interface Content {
        void writeTo(WritableFile file) throws IOException;
    }

    public static void write(Disk disk, Path target, byte[] content) throws IOException {
        write(disk, target, file -> file.write(ByteBuffer.wrap(content), 0));
    }

    public static void write(Disk disk, Path target, Content content) throws IOException {
        Path temporary = target.resolveSibling(target.getFileName() + TEMPORARY);
        if (disk.exists(temporary)) {
            disk.delete(temporary);
        }
        try (WritableFile file = disk.create(temporary)) {
            content.writeTo(file);
            file.force();
        }
        disk.rename(temporary, target);
        disk.syncDirectory(Objects.requireNonNull(target.toAbsolutePath().getParent()));
    }
}
