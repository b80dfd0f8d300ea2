package dev.holdfast.agent.backup;

import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.agent.files.FileReader;
import dev.holdfast.core.object.ObjectKind;
import dev.holdfast.core.object.Sealer;
import dev.holdfast.core.tree.Content;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.Extent;
import dev.holdfast.core.tree.ExtentList;
import dev.holdfast.keys.primitive.Gmac;
import dev.holdfast.keys.realm.RealmKey;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;

/**
 * Tells whether a file on this machine holds what a snapshot has stored of it, in whatever form that is. The file is read, up to
 * the first difference, and of the stored content nothing but its extent lists: small files are recognised by their fingerprint, chunks
 * by their id, pages by theirs. Not thread-safe.
 */
public final class Recognition {
    /** Finds the extent lists of the stored file. */
    @FunctionalInterface
    public interface Lists {
        /** One of them; empty when it is lost, and then nothing can be recognised by it. */
        Optional<ExtentList> list(Content.Part part);
    }

    /** Is told where reading has got to. */
    @FunctionalInterface
    interface Witness {
        void read(long position, int length);
    }

    private static final int HOLE_STEP_BYTES = 1 << 20;
    private static final int MOST_BYTES = 4 << 20;

    private final Mac ids;
    private final Mac contents;
    private final Gmac pages;
    private byte[] buffer = new byte[0];

    public Recognition(RealmKey realm) {
        this.ids = realm.newObjectIdMac();
        this.contents = realm.newContentMac();
        this.pages = realm.newPageMac();
    }

    /** Whether {@code file} holds the content of {@code stored}, byte for byte. */
    public boolean holds(FileReader file, Entry stored, Lists lists) throws FileAccessException {
        return holds(file, stored, lists, (position, length) -> {});
    }

    boolean holds(FileReader file, Entry stored, Lists lists, Witness witness) throws FileAccessException {
        if (file.opened().size() != stored.size()) {
            return false;
        }
        Run run = new Run(file, witness);
        if (stored.fingerprint().length > 0) {
            return run.hasFingerprint(stored.size(), stored.fingerprint());
        }
        if (stored.content() instanceof Content.Listed listed) {
            for (Content.Part part : listed.parts()) {
                Optional<ExtentList> list = lists.list(part);
                if (list.isEmpty() || !run.hasList(list.get())) {
                    return false;
                }
            }
            return run.position == stored.size();
        }
        return run.hasExtents(((Content.Inline) stored.content()).extents()) && run.position == stored.size();
    }

    /** One file, from its start on. */
    private final class Run {
        private final FileReader file;
        private final Witness witness;
        private long position;

        Run(FileReader file, Witness witness) {
            this.file = file;
            this.witness = witness;
        }

        boolean hasFingerprint(long size, byte[] expected) throws FileAccessException {
            while (position < size) {
                int count = (int) Math.min(MOST_BYTES, size - position);
                if (!read(count)) {
                    contents.reset();
                    return false;
                }
                contents.update(buffer, 0, count);
            }
            return Arrays.equals(Arrays.copyOf(contents.doFinal(), expected.length), expected);
        }

        boolean hasList(ExtentList list) throws FileAccessException {
            return list.pageBytes() > 0 ? hasPages(list) : hasExtents(list.extents());
        }

        private boolean hasPages(ExtentList list) throws FileAccessException {
            long length = list.length();
            int pageBytes = list.pageBytes();
            for (int page = 0; (long) page * pageBytes < length; page++) {
                int count = (int) Math.min(pageBytes, length - (long) page * pageBytes);
                if (!read(count)) {
                    return false;
                }
                if (!list.matches(page, pages.tag(Arrays.copyOf(buffer, count)))) {
                    return false;
                }
            }
            return true;
        }

        boolean hasExtents(List<Extent> extents) throws FileAccessException {
            for (Extent extent : extents) {
                boolean here = extent instanceof Extent.Data data ? hasChunk(data) : hasZeros(extent.length());
                if (!here) {
                    return false;
                }
            }
            return true;
        }

        /** Pieces of chunks have no name of their own; in files without fingerprints there are none. */
        private boolean hasChunk(Extent.Data data) throws FileAccessException {
            int length = data.intLength();
            return length == data.chunkBytes()
                    && length <= Sealer.MAX_PLAIN_BYTES
                    && read(length)
                    && Sealer.id(ids, ObjectKind.CHUNK, new byte[0], buffer, 0, length)
                            .equals(data.chunk());
        }

        private boolean hasZeros(long length) throws FileAccessException {
            long end = position + length;
            while (position < end) {
                long data = file.nextData(position);
                if (data == FileReader.NO_MORE_DATA || data >= end) {
                    position = end;
                    return true;
                }
                position = data;
                int count = (int) Math.min(HOLE_STEP_BYTES, end - position);
                if (!read(count) || !isZero(count)) {
                    return false;
                }
            }
            return true;
        }

        private boolean isZero(int count) {
            for (int i = 0; i < count; i++) {
                if (buffer[i] != 0) {
                    return false;
                }
            }
            return true;
        }

        /** Reads on; false when the file ends earlier. */
        private boolean read(int length) throws FileAccessException {
            if (buffer.length < length) {
                buffer = new byte[length];
            }
            int done = 0;
            while (done < length) {
                int count = file.pread(position + done, buffer, done, length - done);
                if (count <= 0) {
                    return false;
                }
                done += count;
            }
            witness.read(position, length);
            position += length;
            return true;
        }
    }
}
