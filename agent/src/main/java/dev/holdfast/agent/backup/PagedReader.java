package dev.holdfast.agent.backup;

import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.agent.files.FileReader;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.core.tree.Content;
import dev.holdfast.core.tree.Extent;
import dev.holdfast.core.tree.ExtentList;
import dev.holdfast.keys.primitive.Gmac;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Reads a file that changes page by page, in spans of {@link ExtentList#PAGED_SPAN_BYTES}. Each page's keyed fingerprint is
 * compared with the parent's: unchanged pages stay where they lie, changed ones are packed together into shared chunks. A span
 * without fingerprints in the parent, or so scattered that restoring it would suffer, is cut by content as a whole.
 */
final class PagedReader {
    /** A span in more pieces than this is stored anew. */
    private static final int MAX_PIECES = 6000;

    /** So much is read at once where pages are compared; a slab holds {@link #AHEAD} of it. */
    private static final int STEP_BYTES = 2 << 20;

    /** Changed pages in a row go into the shared chunk in pieces of up to this. */
    private static final int MOST_TOGETHER_BYTES = SharedChunk.MAX_BYTES / 2;

    private static final int AHEAD = SlabPool.SLAB_BYTES / STEP_BYTES;

    private final StretchReader stretches;
    private final SlabPool slabs;
    private final Uploader uploader;
    private final Gmac mac;
    private final SharedChunk changedPages;
    private final TreeAssembler tree;
    private final Parent parent;
    private final FileMeter meter;

    PagedReader(
            StretchReader stretches,
            SlabPool slabs,
            Uploader uploader,
            Gmac mac,
            SharedChunk changedPages,
            TreeAssembler tree,
            Parent parent,
            FileMeter meter) {
        this.stretches = stretches;
        this.slabs = slabs;
        this.uploader = uploader;
        this.mac = mac;
        this.changedPages = changedPages;
        this.tree = tree;
        this.parent = parent;
        this.meter = meter;
    }

    /** The size of a file's pages, 0 for none, and how a span is cut that is stored anew. */
    record Paging(int pageBytes, Cutter cutter) {}

    /** @param same whether every page is as it was */
    record Outcome(long size, boolean same) {}

    /**
     * Reads the file and ends an extent list after each span.
     *
     * @param before what the pages are compared with
     * @param takeOver whether unchanged pages may stay where they lie; else each is offered to the server, which then says whether it
     *     is still there
     */
    Outcome read(FileReader file, Paging paging, Optional<Parent.Known> before, boolean takeOver)
            throws FileAccessException, InterruptedException {
        int pageBytes = paging.pageBytes;
        long size = file.opened().size();
        boolean same = before.filter(known -> known.entry().size() == size).isPresent();
        long position = 0;
        int part = 0;
        while (position < size) {
            long span = Math.min(ExtentList.PAGED_SPAN_BYTES, size - position);
            Optional<ExtentList> old = oldList(before, part++, position, pageBytes);
            Span now = takeOver && old.filter(PagedReader::compact).isPresent()
                    ? readChangedPages(file, position, span, pageBytes, old.get())
                    : readAnew(file, position, span, paging);
            tree.endList(pageBytes, now.fingerprints);
            same &= old.filter(list -> Arrays.equals(list.fingerprints(), now.fingerprints))
                    .isPresent();
            position += now.length;
            if (now.length < span) {
                return new Outcome(position, false);
            }
        }
        return new Outcome(position, same);
    }

    /** What a span turned out to hold. */
    private record Span(long length, byte[] fingerprints) {}

    private static boolean compact(ExtentList list) {
        return list.extents().size() <= MAX_PIECES;
    }

    private Optional<ExtentList> oldList(Optional<Parent.Known> before, int part, long position, int pageBytes) {
        if (before.isEmpty()
                || !(before.get().entry().content() instanceof Content.Listed listed)
                || part >= listed.parts().size()
                || position != (long) part * ExtentList.PAGED_SPAN_BYTES) {
            return Optional.empty();
        }
        for (Content.Part earlier : listed.parts().subList(0, part)) {
            if (earlier.length() != ExtentList.PAGED_SPAN_BYTES) {
                return Optional.empty();
            }
        }
        return parent.extentList(before.get(), listed.parts().get(part))
                .map(SnapshotReader.OpenedList::list)
                .filter(list -> list.pageBytes() == pageBytes);
    }

    /** The page size by which the parent took fingerprints of a file; 0 when it did not. If that is lost, its lengths tell. */
    int pageBytesBefore(Parent.Known before) {
        if (!(before.entry().content() instanceof Content.Listed listed)
                || listed.parts().isEmpty()) {
            return 0;
        }
        long size = before.entry().size();
        Content.Part first = listed.parts().get(0);
        boolean oneSpan = first.length() == Math.min(size, ExtentList.PAGED_SPAN_BYTES);
        return parent.extentList(before, first)
                .map(opened -> opened.list().pageBytes())
                .orElse(oneSpan ? Pages.whenChangedInPlace(size) : 0);
    }

    private Span readAnew(FileReader file, long from, long span, Paging paging)
            throws FileAccessException, InterruptedException {
        PageFingerprints pages = new PageFingerprints(uploader, mac, paging.pageBytes);
        long done = stretches.read(
                file,
                from,
                span,
                paging.cutter,
                pages,
                (chunk, count) -> tree.piece(new Piece.Coming(chunk, 0, count)));
        return new Span(done, pages.end());
    }

    private Span readChangedPages(FileReader file, long from, long span, int pageBytes, ExtentList old)
            throws FileAccessException, InterruptedException {
        Comparison comparison = new Comparison(old, pageBytes, Math.toIntExact((span + pageBytes - 1) / pageBytes));
        Deque<Step> ahead = new ArrayDeque<>(AHEAD);
        Slab slab = slabs.take(uploader::askNow);
        try {
            file.seek(from);
            long read = 0;
            boolean more = true;
            for (int step = 0; more; step++) {
                if (ahead.size() == AHEAD) {
                    comparison.with(ahead.remove());
                }
                int at = step % AHEAD * STEP_BYTES;
                int wanted = (int) Math.min(STEP_BYTES, span - read);
                int filled = fill(file, slab.array(), at, wanted);
                meter.read(from + read, filled);
                ahead.add(new Step(slab, at, filled, uploader.fingerprints(slab, at, filled, pageBytes)));
                read += filled;
                more = filled == wanted && read < span;
            }
            while (!ahead.isEmpty()) {
                comparison.with(ahead.remove());
            }
            return comparison.end();
        } finally {
            slab.release();
        }
    }

    /** A stretch that was read, and the fingerprints of its pages, which may be still to come. */
    private record Step(Slab slab, int offset, int length, CompletableFuture<byte[]> fingerprints) {}

    /** Of the pages of a span with those of the parent, in order. */
    private final class Comparison {
        private final ExtentList old;
        private final OldPages oldPages;
        private final long oldLength;
        private final int pageBytes;
        private final byte[] now;
        private int pages;
        private long done;

        Comparison(ExtentList old, int pageBytes, int mostPages) {
            this.old = old;
            this.oldPages = new OldPages(old);
            this.oldLength = old.length();
            this.pageBytes = pageBytes;
            this.now = new byte[mostPages * ExtentList.FINGERPRINT_BYTES];
        }

        void with(Step step) throws InterruptedException {
            byte[] fingerprints = PageFingerprints.await(step.fingerprints);
            System.arraycopy(fingerprints, 0, now, pages * ExtentList.FINGERPRINT_BYTES, fingerprints.length);
            int changedFrom = 0;
            for (int at = 0; at < step.length; at += pageBytes, pages++) {
                int length = Math.min(pageBytes, step.length - at);
                if (same(length, done + at)) {
                    keepChanged(step.slab.array(), step.offset + changedFrom, step.offset + at);
                    for (Extent extent : oldPages.slice(done + at, length)) {
                        tree.piece(new Piece.Known(extent));
                    }
                    changedFrom = at + length;
                }
            }
            keepChanged(step.slab.array(), step.offset + changedFrom, step.offset + step.length);
            done += step.length;
        }

        private boolean same(int length, long position) {
            int at = pages * ExtentList.FINGERPRINT_BYTES;
            long end = position + length;
            return end <= oldLength && (length == pageBytes || end == oldLength) && old.matches(pages, now, at);
        }

        Span end() {
            return new Span(done, Arrays.copyOf(now, pages * ExtentList.FINGERPRINT_BYTES));
        }
    }

    private static int fill(FileReader file, byte[] buffer, int offset, int wanted) throws FileAccessException {
        int filled = 0;
        while (filled < wanted) {
            int count = file.read(buffer, offset + filled, wanted - filled);
            if (count <= 0) {
                break;
            }
            filled += count;
        }
        return filled;
    }

    private void keepChanged(byte[] buffer, int start, int end) throws InterruptedException {
        for (int from = start; from < end; from += MOST_TOGETHER_BYTES) {
            int count = Math.min(MOST_TOGETHER_BYTES, end - from);
            byte[] array = changedPages.array();
            System.arraycopy(buffer, from, array, changedPages.position(), count);
            tree.piece(new Piece.Promised(changedPages.keep(count, new byte[0])));
        }
    }

    /** Finds where old pages lie; asked for in ascending order. */
    private static final class OldPages {
        private final List<Extent> extents;
        private int index;
        private long start;

        OldPages(ExtentList list) {
            extents = list.extents();
        }

        List<Extent> slice(long from, int length) {
            List<Extent> pieces = new ArrayList<>(2);
            long position = from;
            long end = from + length;
            while (position < end) {
                Extent extent = extents.get(index);
                long extentEnd = start + extent.length();
                if (extentEnd <= position) {
                    start = extentEnd;
                    index++;
                    continue;
                }
                int count = Math.toIntExact(Math.min(end, extentEnd) - position);
                if (extent instanceof Extent.Data data) {
                    int offset = Math.toIntExact(data.offset() + (position - start));
                    pieces.add(new Extent.Data(data.chunk(), data.chunkBytes(), offset, count));
                } else {
                    pieces.add(new Extent.Hole(count));
                }
                position += count;
            }
            return pieces;
        }
    }
}
