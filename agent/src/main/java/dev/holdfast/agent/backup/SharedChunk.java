package dev.holdfast.agent.backup;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Packs small pieces of content (small files, changed pages) one behind the other into chunks of about a mebibyte, so that
 * nobody pays for an object per file. Where a chunk ends depends on the content: after a piece whose fingerprint says so, once
 * there is enough; so the same files in the same order give the same chunks on another host or after a move.
 *
 * <p>A piece's ticket is known only when its chunk is closed; until then the pieces wait here.
 */
final class SharedChunk {
    private static final int ENOUGH_BYTES = 512 << 10;
    static final int MAX_BYTES = 2 << 20;
    private static final int CUT_MASK = 0x3f;

    /** A promise of a piece: resolved when the chunk is closed. */
    static final class Promise {
        private final int offset;
        private final int length;
        private @Nullable Ticket ticket;

        private Promise(int offset, int length) {
            this.offset = offset;
            this.length = length;
        }

        private synchronized void keep(Ticket closed) {
            ticket = closed;
            notifyAll();
        }

        /** Waits until the chunk is closed. */
        synchronized Piece.Coming await() throws InterruptedException {
            while (ticket == null) {
                wait();
            }
            return new Piece.Coming(ticket, offset, length);
        }
    }

    private final Uploader uploader;
    private final SlabPool slabs;
    private final List<Promise> promises = new ArrayList<>();
    private @Nullable Slab slab;
    private int used;

    SharedChunk(Uploader uploader, SlabPool slabs) {
        this.uploader = uploader;
        this.slabs = slabs;
    }

    /** Where to read the next piece to: at least {@code SlabPool.SLAB_BYTES - MAX_BYTES} bytes from {@link #position}. */
    byte[] array() throws InterruptedException {
        if (slab == null) {
            slab = slabs.take(uploader::askNow);
            used = 0;
        }
        return slab.array();
    }

    int position() {
        return used;
    }

    /** Keeps the {@code length} bytes that were just put at {@link #position}. */
    Promise keep(int length, byte[] fingerprint) {
        Promise promise = new Promise(used, length);
        promises.add(promise);
        used += length;
        boolean chosen = fingerprint.length > 0 && (fingerprint[0] & CUT_MASK) == 0;
        if (used >= MAX_BYTES || (used >= ENOUGH_BYTES && chosen)) {
            close();
        }
        return promise;
    }

    /** Sends what there is, so that nobody waits for it longer. */
    void close() {
        Slab full = slab;
        if (full == null) {
            return;
        }
        slab = null;
        if (used > 0) {
            Ticket ticket = uploader.chunk(full, 0, used);
            promises.forEach(promise -> promise.keep(ticket));
            promises.clear();
        }
        full.release();
    }
}
