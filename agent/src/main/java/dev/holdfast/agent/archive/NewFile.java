package dev.holdfast.agent.archive;

import dev.holdfast.agent.files.Directory;
import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.agent.files.FileWriter;
import dev.holdfast.agent.files.Status;
import dev.holdfast.agent.restore.RestoreRequest.NumericOwner;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A file that appears under its name only when it is whole and on the disk, and never in the place of another: it is written under a
 * temporary name, synced, and given its own by a link, which fails where something has that name. Readable for its owner only, as an
 * archive holds in the clear what the server keeps sealed.
 */
final class NewFile implements AutoCloseable {
    private static final int BUFFER_BYTES = 256 << 10;

    private final Directory folder;
    private final byte[] name;
    private final byte[] temporary;
    private final FileWriter writer;
    private final Sink sink = new Sink();
    private boolean temporaryIsThere = true;

    private NewFile(Directory folder, byte[] name, byte[] temporary, FileWriter writer) {
        this.folder = folder;
        this.name = name;
        this.temporary = temporary;
        this.writer = writer;
    }

    /** {@code folder} stays the caller's; {@link FileAccessException#exists()} when somebody else is making the same file. */
    static NewFile create(Directory folder, String name) throws FileAccessException {
        byte[] temporary = PartialArchives.nameFor(name);
        return new NewFile(
                folder, name.getBytes(StandardCharsets.UTF_8), temporary, PartialArchives.create(folder, temporary));
    }

    /** The file as it is under its temporary name. */
    Status status() throws FileAccessException {
        return writer.status();
    }

    /** Where the content goes; closing it only flushes. */
    OutputStream sink() {
        return sink;
    }

    /** Everything is written: makes the file what it is to be. Returns its length. */
    long appear(Optional<NumericOwner> owner) throws IOException {
        sink.flush();
        if (owner.isPresent()) {
            writer.attributes()
                    .setOwner(owner.get().uid() & 0xffffffffL, owner.get().gid() & 0xffffffffL);
        }
        writer.sync();
        // Open until it has its name: whoever finds the temporary one unlocked takes it away.
        try {
            folder.createLink(name, folder, temporary);
            folder.removeFile(temporary);
        } catch (FileAccessException e) {
            if (e.exists() || !hasNoLinks(e)) {
                throw e;
            }
            folder.rename(
                    temporary, folder,
                    name); // a file system without links: the caller has looked that the name is free
        }
        temporaryIsThere = false;
        folder.sync();
        return sink.position;
    }

    private static boolean hasNoLinks(FileAccessException e) {
        return e.unsupported() || e.errno() == dev.holdfast.agent.files.Errno.EPERM;
    }

    /** Takes the temporary file away when it did not become what it was to be. */
    @Override
    public void close() {
        try (writer) {
            if (temporaryIsThere) {
                folder.removeFile(temporary);
            }
        } catch (FileAccessException e) {
            // The next export into the folder takes it away; what led here is reported.
        }
    }

    /** Gathers small writes. */
    private final class Sink extends OutputStream {
        private final byte[] buffer = new byte[BUFFER_BYTES];
        private int filled;
        private long position;

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            byte[] pending = buffer;
            if (length > pending.length - filled) {
                flush();
            }
            if (length >= pending.length) {
                put(bytes, from, length);
            } else {
                System.arraycopy(bytes, from, pending, filled, length);
                filled += length;
            }
        }

        @Override
        public void flush() throws IOException {
            if (filled > 0) {
                int count = filled;
                filled = 0;
                put(buffer, 0, count);
            }
        }

        private void put(byte[] bytes, int from, int length) throws UnwritableArchiveException {
            try {
                writer.pwrite(position, bytes, from, length);
            } catch (FileAccessException e) {
                throw new UnwritableArchiveException(e);
            }
            position += length;
        }
    }
}
