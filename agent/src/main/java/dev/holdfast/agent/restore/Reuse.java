package dev.holdfast.agent.restore;

import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.agent.files.FileReader;
import dev.holdfast.core.object.ObjectKind;
import dev.holdfast.core.object.Sealer;
import dev.holdfast.core.tree.Extent;
import dev.holdfast.core.tree.ExtentList;
import dev.holdfast.keys.primitive.Gmac;
import dev.holdfast.keys.realm.RealmKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/**
 * Finds parts of a large file on this machine, in what an interrupted run left and in the file that is to be replaced, so that
 * only the rest is fetched. Whole chunks are recognised by their id, pages by their fingerprints. What the old file has is copied
 * only once something is found to differ: if nothing does, the old file stays.
 */
final class Reuse {
    /** Part of an extent that is not here, counted from the extent's start. */
    record Lacking(int skip, int length) {}

    private record Run(long position, long length) {}

    private static final int COPY_BYTES = 1 << 20;
    private static final int HOLE_BYTES = 64 << 10;

    private final FileJob job;
    private final boolean continued;
    private final @Nullable FileReader old;
    private final Mac ids;
    private final Gmac fingerprints;
    private final List<Run> postponed = new ArrayList<>();
    private byte[] buffer = new byte[0];
    private boolean differs;
    private @Nullable ExtentList pages;
    private long pagesFrom;
    private BitSet pagesHere = new BitSet();

    Reuse(RealmKey realm, FileJob job, boolean continued, @Nullable FileReader old) {
        this.job = job;
        this.continued = continued;
        this.old = old;
        this.differs = continued;
        this.ids = realm.newObjectIdMac();
        this.fingerprints = realm.newPageMac();
    }

    /** Whether everything asked about is in the old file as it should be. */
    boolean nothingDiffers() {
        return !differs;
    }

    /** The extents asked about from now on are those of {@code list}, which begins at {@code position} of the file. */
    void begin(ExtentList list, long position) throws FileAccessException {
        pages = list.pageBytes() > 0 ? list : null;
        pagesFrom = position;
        pagesHere = new BitSet();
        if (pages == null) {
            return;
        }
        long length = list.length();
        for (int page = 0; (long) page * list.pageBytes() < length; page++) {
            long at = position + (long) page * list.pageBytes();
            int size = (int) Math.min(list.pageBytes(), position + length - at);
            int asked = page;
            if (here(at, size, bytes -> list.matches(asked, fingerprints.tag(Arrays.copyOf(bytes, size))))) {
                pagesHere.set(page);
            }
        }
    }

    /** Which parts of an extent have to be fetched. */
    List<Lacking> lacking(long position, Extent.Data data) throws FileAccessException {
        List<Lacking> parts = pages == null ? lackingChunk(position, data) : lackingPages(pages, position, data);
        if (!parts.isEmpty()) {
            nowDiffers();
        }
        return parts;
    }

    private List<Lacking> lackingChunk(long position, Extent.Data data) throws FileAccessException {
        int length = data.intLength();
        boolean whole = length == data.chunkBytes();
        if (whole
                && here(
                        position,
                        length,
                        bytes -> Sealer.id(ids, ObjectKind.CHUNK, new byte[0], bytes, 0, length)
                                .equals(data.chunk()))) {
            return List.of();
        }
        return List.of(new Lacking(0, length));
    }

    private List<Lacking> lackingPages(ExtentList list, long position, Extent.Data data) {
        List<Lacking> parts = new ArrayList<>();
        long from = position - pagesFrom;
        int at = 0;
        while (at < data.intLength()) {
            int page = (int) ((from + at) / list.pageBytes());
            boolean isHere = pagesHere.get(page);
            int pageEnd = isHere ? pagesHere.nextClearBit(page) : nextHere(page);
            int end = (int) Math.min(data.intLength(), (long) pageEnd * list.pageBytes() - from);
            if (!isHere) {
                parts.add(new Lacking(at, end - at));
            }
            at = end;
        }
        return parts;
    }

    private int nextHere(int page) {
        int next = pagesHere.nextSetBit(page);
        return next < 0 ? Integer.MAX_VALUE : next;
    }

    @FunctionalInterface
    private interface Test {
        boolean passes(byte[] bytes);
    }

    /** Whether the range is in the unfinished file, or in the old one, from which it is taken over. */
    private boolean here(long position, int length, Test test) throws FileAccessException {
        if (buffer.length < length) {
            buffer = new byte[length];
        }
        if (continued && job.read(position, buffer, length) == length && test.passes(buffer)) {
            job.settled(length);
            return true;
        }
        if (old == null || readOld(position, length) < length || !test.passes(buffer)) {
            return false;
        }
        if (differs) {
            job.write(position, buffer, 0, length);
        } else {
            job.settled(length);
            postpone(position, length);
        }
        return true;
    }

    private int readOld(long position, int length) throws FileAccessException {
        FileReader file = java.util.Objects.requireNonNull(old);
        int done = 0;
        while (done < length) {
            int count = file.pread(position + done, buffer, done, length - done);
            if (count <= 0) {
                return done;
            }
            done += count;
        }
        return done;
    }

    private void postpone(long position, long length) {
        Run last = postponed.isEmpty() ? null : postponed.get(postponed.size() - 1);
        if (last != null && last.position + last.length == position) {
            postponed.set(postponed.size() - 1, new Run(last.position, last.length + length));
        } else {
            postponed.add(new Run(position, length));
        }
    }

    /** Takes over what was found so far: the old file does not stay. */
    private void nowDiffers() throws FileAccessException {
        if (differs) {
            return;
        }
        differs = true;
        byte[] before = buffer;
        buffer = new byte[COPY_BYTES];
        for (Run run : postponed) {
            for (long at = 0; at < run.length; at += COPY_BYTES) {
                int count = readOld(run.position + at, (int) Math.min(COPY_BYTES, run.length - at));
                job.put(run.position + at, buffer, 0, count);
            }
        }
        postponed.clear();
        buffer = before;
    }

    /** A hole of the file. */
    void hole(long position, long length) throws FileAccessException {
        job.hole(position, length);
        if (!differs && !oldIsZero(position, length)) {
            nowDiffers();
        }
    }

    private boolean oldIsZero(long position, long length) throws FileAccessException {
        FileReader file = java.util.Objects.requireNonNull(old);
        long end = position + length;
        long data = file.nextData(position);
        if (data == FileReader.NO_MORE_DATA || data >= end) {
            return true;
        }
        if (end - data > HOLE_BYTES) {
            return false;
        }
        byte[] bytes = new byte[(int) (end - data)];
        int count = file.pread(data, bytes, 0, bytes.length);
        return count == bytes.length && Arrays.equals(bytes, new byte[bytes.length]);
    }
}
