package dev.holdfast.core.tree;

import dev.holdfast.core.object.ObjectId;

/** A run of a file's bytes: a piece of a chunk, or a hole. Extents follow each other without gaps from the file's start. */
public sealed interface Extent permits Extent.Data, Extent.Hole {
    /** Bytes of the file that this run covers; at least 1. */
    long length();

    /**
     * {@code length} bytes of the chunk's plaintext from {@code offset}. {@code chunkBytes} is the whole chunk's plain length:
     * with it the share of a chunk that is still in use can be counted without opening it.
     */
    record Data(ObjectId chunk, int chunkBytes, int offset, int intLength) implements Extent {
        public Data {
            if (offset < 0 || intLength < 1 || intLength > chunkBytes - offset) {
                throw new IllegalArgumentException(
                        intLength + " bytes from " + offset + " of a chunk of " + chunkBytes);
            }
        }

        @Override
        public long length() {
            return intLength;
        }
    }

    /** Zeros that take no space. */
    record Hole(long length) implements Extent {
        public Hole {
            if (length < 1) {
                throw new IllegalArgumentException("hole of " + length + " bytes");
            }
        }
    }
}
