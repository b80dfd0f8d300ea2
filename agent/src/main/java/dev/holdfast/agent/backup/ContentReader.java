package dev.holdfast.agent.backup;

import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.agent.files.FileReader;
import dev.holdfast.agent.files.Status;
import dev.holdfast.core.tree.Content;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.Extent;
import dev.holdfast.core.tree.ExtentList;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;

/**
 * Reads the content of one changed file at a time: small files into shared chunks, large ones cut by content, holes skipped,
 * and of files that change page by page only the pages that did. For the walking thread alone.
 */
final class ContentReader {
    /** Files up to this size share chunks. */
    static final int SMALL_BYTES = 256 << 10;

    private static final int LIST_EXTENTS = 1024;
    /** Lists of a file in very many pieces become longer after so many, since their number is bounded. */
    private static final int SHORT_LISTS = Content.MAX_PARTS / 2;

    private static final int LONG_LIST_EXTENTS = 16 << 10;
    private static final long MOST_PAGED_BYTES = (long) ExtentList.PAGED_SPAN_BYTES * Content.MAX_PARTS;

    private final StretchReader stretches;
    private final Mac fingerprints;
    private final SharedChunk shared;
    private final TreeAssembler tree;
    private final PagedReader paged;
    private final boolean rehash;
    private long read;

    ContentReader(
            StretchReader stretches,
            Mac fingerprints,
            SharedChunk shared,
            TreeAssembler tree,
            PagedReader paged,
            boolean rehash) {
        this.stretches = stretches;
        this.fingerprints = fingerprints;
        this.shared = shared;
        this.tree = tree;
        this.paged = paged;
        this.rehash = rehash;
    }

    /** What a file turned out to hold; its pieces have gone to the {@link TreeAssembler}. */
    record Result(long size, byte[] fingerprint) {}

    /** Bytes read from disk so far. */
    long bytesRead() {
        return read + paged.bytesRead();
    }

    Result read(FileReader file, Optional<Parent.Known> before) throws FileAccessException, InterruptedException {
        Status status = file.opened();
        if (status.size() <= SMALL_BYTES) {
            return readSmall(file);
        }
        boolean holes = status.blocks() * 512 < status.size();
        int pageBytes = holes || status.size() > MOST_PAGED_BYTES ? 0 : pageBytes(file, status, before);
        if (pageBytes > 0) {
            Optional<Parent.Known> pagesBefore = rehash ? Optional.empty() : before;
            return new Result(paged.read(file, status.size(), pageBytes, pagesBefore), new byte[0]);
        }
        long end = holes ? readAroundHoles(file, status.size()) : readRun(file, 0, status.size(), new Lists());
        return new Result(end, new byte[0]);
    }

    private int pageBytes(FileReader file, Status status, Optional<Parent.Known> before) throws FileAccessException {
        byte[] head = new byte[Pages.HEAD_BYTES];
        int count = file.pread(0, head, 0, head.length);
        int recognised = count < head.length ? 0 : Pages.recognise(head, status.size());
        if (recognised > 0 || before.isEmpty()) {
            return recognised;
        }
        if (rehash) {
            // in the same form as before, so that the same objects come of it
            return paged.pageBytesBefore(before.get());
        }
        Entry old = before.get().entry();
        boolean sameFile = old.inode() == status.inode() && old.size() > SMALL_BYTES;
        return sameFile ? Pages.whenChangedInPlace(status.size()) : 0;
    }

    private Result readSmall(FileReader file) throws FileAccessException, InterruptedException {
        byte[] array = shared.array();
        int at = shared.position();
        int count = 0;
        int more = file.read(array, at, SMALL_BYTES + 1);
        while (more > 0 && count + more <= SMALL_BYTES) {
            count += more;
            more = file.read(array, at + count, SMALL_BYTES + 1 - count);
        }
        count += Math.max(0, more);
        read += count;
        if (count == 0) {
            return new Result(0, new byte[0]);
        }
        fingerprints.update(array, at, count);
        byte[] fingerprint = Arrays.copyOf(fingerprints.doFinal(), Entry.FINGERPRINT_BYTES);
        tree.piece(new Piece.Promised(shared.keep(count, fingerprint)));
        return new Result(count, fingerprint);
    }

    /** Counts the pieces of one file and ends a list now and then. */
    private final class Lists {
        private int pieces;
        private int ended;

        void add(Piece piece) throws InterruptedException {
            tree.piece(piece);
            if (++pieces >= (ended < SHORT_LISTS ? LIST_EXTENTS : LONG_LIST_EXTENTS)) {
                tree.endList(0, new byte[0]);
                pieces = 0;
                ended++;
            }
        }
    }

    private long readAroundHoles(FileReader file, long size) throws FileAccessException, InterruptedException {
        Lists lists = new Lists();
        long position = 0;
        while (position < size) {
            long data = file.nextData(position);
            if (data == FileReader.NO_MORE_DATA || data >= size) {
                lists.add(new Piece.Known(new Extent.Hole(size - position)));
                return size;
            }
            if (data > position) {
                lists.add(new Piece.Known(new Extent.Hole(data - position)));
            }
            long hole = Math.min(size, file.nextHole(data));
            position = readRun(file, data, hole - data, lists);
            if (position < hole) {
                return position;
            }
        }
        return position;
    }

    /** Cuts {@code length} bytes from {@code from} into chunks; returns where the content ended, which may be earlier. */
    private long readRun(FileReader file, long from, long length, Lists lists)
            throws FileAccessException, InterruptedException {
        long done = stretches.read(
                file,
                from,
                length,
                (data, offset, count) -> read += count,
                (chunk, count) -> lists.add(new Piece.Coming(chunk, 0, count)));
        return from + done;
    }
}
