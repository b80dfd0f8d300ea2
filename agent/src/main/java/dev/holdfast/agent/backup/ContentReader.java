package dev.holdfast.agent.backup;

import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.agent.files.FileReader;
import dev.holdfast.agent.files.Status;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.core.tree.Content;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryType;
import dev.holdfast.core.tree.Extent;
import dev.holdfast.core.tree.ExtentList;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;

/**
 * Reads the content of one file at a time that looks changed: small files into shared chunks, large ones cut by content, holes
 * skipped, and of files that change page by page only the pages that did. Content that turns out to be what the parent snapshot has
 * keeps the form in which it is stored there. For the walking thread alone.
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
    private final Cutter byContent;
    private final Mac fingerprints;
    private final SharedChunk shared;
    private final TreeAssembler tree;
    private final PagedReader paged;
    private final Earlier earlier;
    private final FileMeter meter;

    ContentReader(
            StretchReader stretches,
            Cutter byContent,
            Mac fingerprints,
            SharedChunk shared,
            TreeAssembler tree,
            PagedReader paged,
            Earlier earlier,
            FileMeter meter) {
        this.stretches = stretches;
        this.byContent = byContent;
        this.fingerprints = fingerprints;
        this.shared = shared;
        this.tree = tree;
        this.paged = paged;
        this.earlier = earlier;
        this.meter = meter;
    }

    /** What is known of the files from the parent snapshot, and how far that is to be trusted. */
    record Earlier(Parent parent, Recognition recognition, Holdings holdings, boolean rehash) {}

    /**
     * What a file turned out to hold.
     *
     * @param same whether that is what the parent snapshot has
     * @param kept the parent's content, which stays; else the file's pieces have gone to the {@link TreeAssembler}
     */
    record Result(long size, byte[] fingerprint, boolean same, Optional<Content> kept) {
        private static Result stored(long size, boolean same) {
            return new Result(size, new byte[0], same, Optional.empty());
        }
    }

    Result read(FileReader file, Optional<Parent.Known> known) throws FileAccessException, InterruptedException {
        Optional<Parent.Known> before = known.filter(old -> old.entry().type() == EntryType.FILE);
        Status status = file.opened();
        if (status.size() <= SMALL_BYTES) {
            return readSmall(file, before);
        }
        boolean holes = status.blocks() * 512 < status.size() && file.nextHole(0) < status.size();
        int pagesBefore = before.map(paged::pageBytesBefore).orElse(0);
        PagedReader.Paging paging = holes || status.size() > MOST_PAGED_BYTES
                ? new PagedReader.Paging(0, byContent)
                : paging(file, before, pagesBefore);
        if (paging.pageBytes() > 0 && paging.pageBytes() == pagesBefore) {
            boolean takeOver = earlier.holdings.has(before.orElseThrow());
            PagedReader.Outcome outcome = paged.read(file, paging, before, takeOver);
            return Result.stored(outcome.size(), outcome.same());
        }
        boolean same = before.isPresent() && recognised(file, before.get());
        if (same && earlier.holdings.has(before.get())) {
            Entry kept = before.get().entry();
            return new Result(kept.size(), kept.fingerprint(), true, Optional.of(kept.content()));
        }
        if (paging.pageBytes() > 0) {
            return Result.stored(
                    paged.read(file, paging, Optional.empty(), false).size(), same);
        }
        long end = holes ? readAroundHoles(file, status.size()) : readRun(file, 0, status.size(), new Lists());
        return Result.stored(end, same);
    }

    private boolean recognised(FileReader file, Parent.Known before) throws FileAccessException {
        return earlier.recognition.holds(
                file,
                before.entry(),
                part -> earlier.parent.extentList(before, part).map(SnapshotReader.OpenedList::list),
                meter::read);
    }

    private PagedReader.Paging paging(FileReader file, Optional<Parent.Known> before, int pagesBefore)
            throws FileAccessException {
        long size = file.opened().size();
        byte[] head = new byte[Pages.HEAD_BYTES];
        int count = file.pread(0, head, 0, head.length);
        int recognised = count < head.length ? 0 : Pages.recognise(head, size);
        return recognised > 0
                ? new PagedReader.Paging(recognised, Cutter.evenly())
                : new PagedReader.Paging(
                        before.map(known -> pagesOf(known, file, pagesBefore)).orElse(0), byContent);
    }

    /** The page size for a file whose content does not tell it. */
    private int pagesOf(Parent.Known before, FileReader file, int pagesBefore) {
        if (earlier.rehash) {
            // in the same form as before, so that the same objects come of it
            return pagesBefore;
        }
        Entry old = before.entry();
        boolean sameFile = old.inode() == file.opened().inode() && old.size() > SMALL_BYTES;
        return sameFile ? Pages.whenChangedInPlace(file.opened().size()) : 0;
    }

    private Result readSmall(FileReader file, Optional<Parent.Known> before)
            throws FileAccessException, InterruptedException {
        Optional<Extent.Data> lost = before.flatMap(this::lostPiece);
        if (lost.filter(piece -> piece.offset() == 0).isPresent()) {
            shared.close();
        }
        byte[] array = shared.array();
        int at = shared.position();
        int count = 0;
        int more = file.read(array, at, SMALL_BYTES + 1);
        while (more > 0 && count + more <= SMALL_BYTES) {
            count += more;
            more = file.read(array, at + count, SMALL_BYTES + 1 - count);
        }
        count += Math.max(0, more);
        meter.read(0, count);
        byte[] fingerprint = fingerprint(array, at, count);
        boolean same = before.filter(known -> holds(known.entry(), fingerprint)).isPresent();
        if (same && mayStay(before.get())) {
            return new Result(
                    count, fingerprint, true, Optional.of(before.get().entry().content()));
        }
        if (count > 0) {
            tree.piece(new Piece.Promised(shared.keep(count, fingerprint)));
        }
        if (lost.filter(piece -> piece.offset() + piece.intLength() == piece.chunkBytes())
                .isPresent()) {
            shared.close();
        }
        return new Result(count, fingerprint, same, Optional.empty());
    }

    /** Where a small file lay in a chunk that the server has lost: made anew within the same bounds, it is the same chunk. */
    private Optional<Extent.Data> lostPiece(Parent.Known before) {
        boolean onePiece = before.entry().content() instanceof Content.Inline inline
                && inline.extents().size() == 1
                && inline.extents().get(0) instanceof Extent.Data;
        return onePiece && !earlier.holdings.has(before)
                ? Optional.of((Extent.Data)
                        ((Content.Inline) before.entry().content()).extents().get(0))
                : Optional.empty();
    }

    private byte[] fingerprint(byte[] array, int offset, int length) {
        if (length == 0) {
            return new byte[0];
        }
        fingerprints.update(array, offset, length);
        return Arrays.copyOf(fingerprints.doFinal(), Entry.FINGERPRINT_BYTES);
    }

    private static boolean holds(Entry old, byte[] fingerprint) {
        return Arrays.equals(old.fingerprint(), fingerprint) && (fingerprint.length > 0 || old.size() == 0);
    }

    private boolean mayStay(Parent.Known before) {
        return !earlier.parent.wantsRepacking(before.entry().content()) && earlier.holdings.has(before);
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
                meter.reached(data);
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
                byContent,
                StretchReader.Witness.NONE,
                (chunk, count) -> lists.add(new Piece.Coming(chunk, 0, count)));
        return from + done;
    }
}
