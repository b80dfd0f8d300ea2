package dev.holdfast.agent.backup;

import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.agent.files.FileReader;

/**
 * Reads a stretch of a file into slabs and cuts it into chunks, which are sealed where they lie. Only what may be the beginning of
 * a longer chunk is copied, to the next slab.
 */
final class StretchReader {
    private final SlabPool slabs;
    private final Uploader uploader;
    private final FileMeter meter;

    StretchReader(SlabPool slabs, Uploader uploader, FileMeter meter) {
        this.slabs = slabs;
        this.uploader = uploader;
        this.meter = meter;
    }

    /** Is shown all bytes as they are read, in order. */
    @FunctionalInterface
    interface Witness {
        Witness NONE = (slab, offset, length) -> {};

        void saw(Slab slab, int offset, int length);
    }

    /** Takes the chunks in order. */
    @FunctionalInterface
    interface Taker {
        void take(Ticket chunk, int length) throws InterruptedException;
    }

    /** Cuts {@code length} bytes from {@code from} on into chunks; returns how many there were, fewer if the file has shrunk. */
    long read(FileReader file, long from, long length, Cutter cutter, Witness witness, Taker taker)
            throws FileAccessException, InterruptedException {
        file.seek(from);
        long left = length;
        long done = 0;
        int filled = 0;
        Slab slab = slabs.take(uploader::askNow);
        try {
            while (true) {
                int before = filled;
                while (left > 0 && filled < slab.array().length) {
                    int count = file.read(slab.array(), filled, (int) Math.min(left, slab.array().length - filled));
                    left = count <= 0 ? 0 : left - count;
                    filled += Math.max(0, count);
                }
                meter.read(from + done + before, filled - before);
                witness.saw(slab, before, filled - before);
                int cut = cutAll(cutter, slab, filled, left == 0, taker);
                done += cut;
                if (left == 0) {
                    return done;
                }
                Slab next = slabs.take(uploader::askNow);
                System.arraycopy(slab.array(), cut, next.array(), 0, filled - cut);
                filled -= cut;
                slab.release();
                slab = next;
            }
        } finally {
            slab.release();
        }
    }

    /** Returns the end of the last chunk. A chunk that ends with the data may go on in the data to come, unless it is as long as can be. */
    private int cutAll(Cutter cutter, Slab slab, int filled, boolean last, Taker taker) throws InterruptedException {
        int at = 0;
        while (at < filled) {
            int cut = cutter.cut(slab.array(), at, filled - at);
            if (at + cut == filled && cut < cutter.longest() && !last) {
                return at;
            }
            taker.take(uploader.chunk(slab, at, cut), cut);
            at += cut;
        }
        return at;
    }
}
