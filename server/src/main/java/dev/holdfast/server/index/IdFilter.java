package dev.holdfast.server.index;

import dev.holdfast.core.object.ObjectId;

/**
 * Says of most absent ids that they are absent: a Bloom filter of blocks of 256 bits, in which an id sets one bit of each of the
 * eight words, so that a question touches one cache line. Ids are chosen by agents, so the bits depend on a secret seed.
 */
final class IdFilter {
    private static final int WORDS = RunFormat.FILTER_BLOCK_BYTES / Integer.BYTES;
    static final int BITS_PER_ID = 12;
    /** Odd numbers that spread one hash over the eight words; those of the Parquet format. */
    private static final int[] SALT = {
        0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31
    };

    private final int[] words;
    private final long seed;

    /** {@code words} is kept. */
    IdFilter(int[] words, long seed) {
        if (words.length == 0 || words.length % WORDS != 0) {
            throw new IllegalArgumentException("a filter of " + words.length + " words");
        }
        this.words = words;
        this.seed = seed;
    }

    static IdFilter forAtMost(long ids, long seed) {
        long blocks = ids * BITS_PER_ID / (RunFormat.FILTER_BLOCK_BYTES * Byte.SIZE) + 1;
        return new IdFilter(new int[Math.toIntExact(blocks * WORDS)], seed);
    }

    void add(ObjectId id) {
        long hash = hash(id);
        int block = block(hash);
        for (int i = 0; i < WORDS; i++) {
            words[block + i] |= 1 << ((int) hash * SALT[i] >>> 27);
        }
    }

    boolean mayContain(ObjectId id) {
        long hash = hash(id);
        int block = block(hash);
        for (int i = 0; i < WORDS; i++) {
            if ((words[block + i] & 1 << ((int) hash * SALT[i] >>> 27)) == 0) {
                return false;
            }
        }
        return true;
    }

    int[] words() {
        return words;
    }

    private int block(long hash) {
        long blocks = words.length / WORDS;
        return (int) ((hash >>> 32) * blocks >>> 32) * WORDS;
    }

    private long hash(ObjectId id) {
        long h = (id.prefix() ^ seed) * 0xbf58476d1ce4e5b9L;
        h = (h ^ h >>> 31) * 0x94d049bb133111ebL;
        return h ^ h >>> 29;
    }
}
