package dev.holdfast.agent.backup;

import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.agent.files.FileReader;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.core.tree.Content;
import dev.holdfast.core.tree.Extent;
import dev.holdfast.core.tree.ExtentList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;

/**
 * Reads a file that changes page by page, in spans of {@link ExtentList#PAGED_SPAN_BYTES}. Each page's keyed fingerprint is
 * compared with the parent's: unchanged pages stay where they lie, changed ones are packed together into shared chunks. A span
 * without fingerprints in the parent, or so scattered that restoring it would suffer, is cut by content as a whole.
 */
final class PagedReader {
    /** A span in more pieces than this is stored anew. */
    private static final int MAX_PIECES = 6000;

    private final StretchReader stretches;
    private final Mac mac;
    private final SharedChunk changedPages;
    private final TreeAssembler tree;
    private final Parent parent;
    private final FileMeter meter;

    PagedReader(
            StretchReader stretches,
            Mac mac,
            SharedChunk changedPages,
            TreeAssembler tree,
            Parent parent,
            FileMeter meter) {
        this.stretches = stretches;
        this.mac = mac;
        this.changedPages = changedPages;
        this.tree = tree;
        this.parent = parent;
        this.meter = meter;
    }

    /** @param same whether every page is as it was */
    record Outcome(long size, boolean same) {}

    /**
     * Reads the file and ends an extent list after each span.
     *
     * @param before what the pages are compared with
     * @param takeOver whether unchanged pages may stay where they lie; else each is offered to the server, which then says whether it
     *     is still there
     */
    Outcome read(FileReader file, int pageBytes, Optional<Parent.Known> before, boolean takeOver)
            throws FileAccessException, InterruptedException {
        long size = file.opened().size();
        boolean same = before.filter(known -> known.entry().size() == size).isPresent();
        long position = 0;
        int part = 0;
        while (position < size) {
            long span = Math.min(ExtentList.PAGED_SPAN_BYTES, size - position);
            Optional<ExtentList> old = oldList(before, part++, position, pageBytes);
            Span now = takeOver && old.filter(PagedReader::compact).isPresent()
                    ? readChangedPages(file, position, span, pageBytes, old.get())
                    : readAnew(file, position, span, pageBytes);
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

    private byte[] fingerprint(byte[] data, int offset, int length) {
        mac.update(data, offset, length);
        return mac.doFinal();
    }

    private Span readAnew(FileReader file, long from, long span, int pageBytes)
            throws FileAccessException, InterruptedException {
        Fingerprints pages = new Fingerprints(span, pageBytes);
        long done = stretches.read(
                file, from, span, pages::add, (chunk, count) -> tree.piece(new Piece.Coming(chunk, 0, count)));
        return new Span(done, pages.end());
    }

    /** Takes the fingerprints of consecutive pages from data that comes in runs of any length. */
    private final class Fingerprints {
        private final int pageBytes;
        private byte[] all;
        private int used;
        private int inPage;

        Fingerprints(long span, int pageBytes) {
            this.pageBytes = pageBytes;
            this.all = new byte[Math.toIntExact((span + pageBytes - 1) / pageBytes * ExtentList.FINGERPRINT_BYTES)];
        }

        void add(byte[] data, int offset, int length) {
            int at = offset;
            int end = offset + length;
            while (at < end) {
                int count = Math.min(pageBytes - inPage, end - at);
                mac.update(data, at, count);
                at += count;
                inPage += count;
                if (inPage == pageBytes) {
                    keep();
                }
            }
        }

        private void keep() {
            System.arraycopy(mac.doFinal(), 0, all, used, ExtentList.FINGERPRINT_BYTES);
            used += ExtentList.FINGERPRINT_BYTES;
            inPage = 0;
        }

        byte[] end() {
            if (inPage > 0) {
                keep();
            }
            return used == all.length ? all : Arrays.copyOf(all, used);
        }
    }

    private Span readChangedPages(FileReader file, long from, long span, int pageBytes, ExtentList old)
            throws FileAccessException, InterruptedException {
        byte[] now = new byte[Math.toIntExact((span + pageBytes - 1) / pageBytes * ExtentList.FINGERPRINT_BYTES)];
        byte[] buffer = new byte[Math.max(pageBytes, SharedChunk.MAX_BYTES / 2)];
        long oldLength = old.length();
        OldPages oldPages = new OldPages(old);
        file.seek(from);
        long done = 0;
        int pages = 0;
        while (done < span) {
            int filled = fill(file, buffer, (int) Math.min(buffer.length, span - done));
            meter.read(from + done, filled);
            int at = 0;
            int runStart = 0;
            while (at < filled) {
                int length = Math.min(pageBytes, filled - at);
                byte[] fingerprint = fingerprint(buffer, at, length);
                System.arraycopy(
                        fingerprint, 0, now, pages * ExtentList.FINGERPRINT_BYTES, ExtentList.FINGERPRINT_BYTES);
                boolean same = done + at + length <= oldLength
                        && (length == pageBytes || done + at + length == oldLength)
                        && Arrays.equals(
                                fingerprint,
                                0,
                                ExtentList.FINGERPRINT_BYTES,
                                old.fingerprint(pages),
                                0,
                                ExtentList.FINGERPRINT_BYTES);
                if (same) {
                    keepChanged(buffer, runStart, at);
                    for (Extent extent : oldPages.slice(done + at, length)) {
                        tree.piece(new Piece.Known(extent));
                    }
                    runStart = at + length;
                }
                at += length;
                pages++;
            }
            keepChanged(buffer, runStart, filled);
            done += filled;
            if (filled == 0) {
                break;
            }
        }
        return new Span(done, Arrays.copyOf(now, pages * ExtentList.FINGERPRINT_BYTES));
    }

    private int fill(FileReader file, byte[] buffer, int wanted) throws FileAccessException {
        int filled = 0;
        while (filled < wanted) {
            int count = file.read(buffer, filled, wanted - filled);
            if (count <= 0) {
                break;
            }
            filled += count;
        }
        return filled;
    }

    private void keepChanged(byte[] buffer, int start, int end) throws InterruptedException {
        if (end > start) {
            byte[] array = changedPages.array();
            System.arraycopy(buffer, start, array, changedPages.position(), end - start);
            tree.piece(new Piece.Promised(changedPages.keep(end - start, new byte[0])));
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
