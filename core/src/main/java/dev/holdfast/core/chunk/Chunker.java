package dev.holdfast.core.chunk;

/**
 * FastCDC (Xia et al., USENIX ATC 2016) with normalised chunking: a gear hash rolls over the bytes, {@code h = (h << 1) +
 * gear[b]}, and a chunk ends where the top bits of {@code h} are zero. Before the mean size two more bits must be zero, after
 * it two fewer, which draws sizes toward the mean. The first {@code min} bytes are skipped, {@code max} is forced.
 *
 * <p>The gear table is secret (derived from the realm key), so cut points do not give content away. Only the last 64 bytes
 * decide, since older ones have been shifted out. One step costs a load, a shift and an add, and two stretches are
 * hashed side by side: about 0.5 s per GB.
 */
public final class Chunker {
    /** Sizes in bytes; {@code mean} is a power of two. */
    public record Sizes(int min, int mean, int max) {
        /** For ordinary large files. */
        public static final Sizes STANDARD = new Sizes(256 << 10, 1 << 20, 4 << 20);

        public Sizes {
            if (min < 64 || mean <= min || max <= mean || Integer.bitCount(mean) != 1) {
                throw new IllegalArgumentException("chunk sizes " + min + " / " + mean + " / " + max);
            }
        }
    }

    private static final int NORMALISATION = 2;
    /** As many bytes decide: the bits of the hash. */
    private static final int WINDOW = 64;
    /** Two stretches of so many bytes are hashed side by side, since each step of one has to wait for the step before. */
    private static final int LANE = 4096;

    private final long[] gear;
    private final Sizes sizes;
    private final long strictMask;
    private final long looseMask;

    /** @param gear 256 secret numbers, see {@code RealmKey.gearTable} */
    public Chunker(long[] gear, Sizes sizes) {
        if (gear.length != 256) {
            throw new IllegalArgumentException("the gear table has 256 entries");
        }
        this.gear = gear.clone();
        this.sizes = sizes;
        int bits = Integer.numberOfTrailingZeros(sizes.mean);
        this.strictMask = topBits(bits + NORMALISATION);
        this.looseMask = topBits(bits - NORMALISATION);
    }

    private static long topBits(int count) {
        return -1L << (64 - count);
    }

    public Sizes sizes() {
        return sizes;
    }

    /**
     * The length of the chunk that begins at {@code offset}. {@code available} must be at least {@code sizes().max()}, or all
     * that is left of the content.
     */
    public int cut(byte[] data, int offset, int available) {
        if (available <= sizes.min) {
            return available;
        }
        int begin = offset + sizes.min;
        int end = offset + Math.min(available, sizes.max);
        int mean = Math.min(offset + sizes.mean, end);
        int cut = firstHit(data, begin, begin, mean, strictMask);
        if (cut < 0) {
            cut = firstHit(data, begin, mean, end, looseMask);
        }
        return (cut < 0 ? end : cut) - offset;
    }

    /** Where, in {@code from .. to}, the hash that began at {@code begin} first has no bit of the mask; -1 for nowhere. */
    private int firstHit(byte[] data, int begin, int from, int to, long mask) {
        long hash = hashBefore(data, begin, from);
        int position = from;
        while (to - position >= 2 * LANE) {
            int middle = position + LANE;
            long ahead = hashBefore(data, begin, middle);
            int hitAhead = -1;
            for (int i = 0; i < LANE; i++) {
                hash = (hash << 1) + gear[data[position + i] & 0xff];
                ahead = (ahead << 1) + gear[data[middle + i] & 0xff];
                if ((hash & mask) == 0) {
                    return position + i + 1;
                }
                if ((ahead & mask) == 0 && hitAhead < 0) {
                    hitAhead = middle + i + 1;
                }
            }
            if (hitAhead >= 0) {
                return hitAhead;
            }
            hash = ahead;
            position = middle + LANE;
        }
        while (position < to) {
            hash = (hash << 1) + gear[data[position++] & 0xff];
            if ((hash & mask) == 0) {
                return position;
            }
        }
        return -1;
    }

    private long hashBefore(byte[] data, int begin, int position) {
        long hash = 0;
        for (int i = Math.max(begin, position - WINDOW); i < position; i++) {
            hash = (hash << 1) + gear[data[i] & 0xff];
        }
        return hash;
    }
}
