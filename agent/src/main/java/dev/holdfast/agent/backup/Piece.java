package dev.holdfast.agent.backup;

import dev.holdfast.core.tree.Extent;

/** A run of a file's content whose chunk may still be on its way. */
sealed interface Piece {
    /** Known already: a hole, or a piece of a chunk of the parent snapshot. */
    record Known(Extent extent) implements Piece {}

    /** Part of a chunk that was just read; {@code length} bytes from {@code offset} of it. */
    record Coming(Ticket ticket, int offset, int length) implements Piece {}

    /** A place in a shared chunk that may not even be closed yet. */
    record Promised(SharedChunk.Promise promise) implements Piece {}

    /** Waits for the chunk where necessary. */
    default Extent await() throws InterruptedException {
        if (this instanceof Promised promised) {
            return promised.promise.await().await();
        }
        if (this instanceof Coming coming) {
            return new Extent.Data(coming.ticket.await(), coming.ticket.plainBytes(), coming.offset, coming.length);
        }
        return ((Known) this).extent;
    }
}
