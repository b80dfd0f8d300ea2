package dev.holdfast.agent.backup;

import dev.holdfast.core.chunk.Chunker;

/** Says where chunks end. */
interface Cutter {
    /** Of pages that never move: more at once compresses better, and a change costs its pages only. */
    int EVEN_BYTES = 2 << 20;

    /** The length of the chunk that begins at {@code offset}, as {@link Chunker#cut}. */
    int cut(byte[] data, int offset, int available);

    /** No chunk is longer. */
    int longest();

    /** Where the content says, so that what was inserted or moved leaves the other chunks as they were. */
    static Cutter byContent(Chunker chunker) {
        return new Cutter() {
            @Override
            public int cut(byte[] data, int offset, int available) {
                return chunker.cut(data, offset, available);
            }

            @Override
            public int longest() {
                return chunker.sizes().max();
            }
        };
    }

    /** Always after {@link #EVEN_BYTES}: for content that is changed in place, which needs no look at each byte. */
    static Cutter evenly() {
        return new Cutter() {
            @Override
            public int cut(byte[] data, int offset, int available) {
                return Math.min(available, EVEN_BYTES);
            }

            @Override
            public int longest() {
                return EVEN_BYTES;
            }
        };
    }
}
