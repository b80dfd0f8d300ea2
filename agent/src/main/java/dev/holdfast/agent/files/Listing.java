package dev.holdfast.agent.files;

import java.util.Arrays;

/**
 * The names in a directory, sorted as unsigned bytes, without {@code .} and {@code ..}. One byte array and one int array hold
 * them all, so that a million names are some twenty megabytes and no burden to the collector.
 */
public final class Listing {
    private final byte[] arena;
    private final int[] starts;
    private final boolean cutShort;

    private Listing(byte[] arena, int[] starts, boolean cutShort) {
        this.arena = arena;
        this.starts = starts;
        this.cutShort = cutShort;
    }

    /** Whether more names follow than are in here. */
    boolean cutShort() {
        return cutShort;
    }

    public int size() {
        return starts.length;
    }

    /** A copy of the name at a rank. */
    public byte[] name(int rank) {
        int start = starts[rank];
        return Arrays.copyOfRange(arena, start, NameOrder.end(arena, start));
    }

    /** Where the name stands, or {@code -(insertion point) - 1} as in {@link Arrays#binarySearch(int[], int)}. */
    public int find(byte[] name) {
        int low = 0;
        int high = starts.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = compare(middle, name);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }

    /** How the name at a rank compares with another one. */
    public int compare(int rank, byte[] name) {
        int start = starts[rank];
        return Arrays.compareUnsigned(arena, start, NameOrder.end(arena, start), name, 0, name.length);
    }

    /**
     * Gathers names in any order. With a limit it keeps the first ones: whenever they are too many, the later half is thrown out,
     * and from then on whatever lies beyond is not taken in.
     */
    static final class Builder {
        private final byte[] after;
        private final int limitBytes;
        private byte[] beyond = {};
        private byte[] arena = new byte[1024];
        private int[] starts = new int[32];
        private int used;
        private int count;

        Builder() {
            this(new byte[0], Integer.MAX_VALUE);
        }

        /** @param after only names that come later are kept */
        Builder(byte[] after, int limitBytes) {
            this.after = after;
            this.limitBytes = limitBytes;
        }

        /** Adds {@code source[from .. to)}, which holds no zero byte. */
        void add(byte[] source, int from, int to) {
            if (after.length > 0 && Arrays.compareUnsigned(source, from, to, after, 0, after.length) <= 0) {
                return;
            }
            if (beyond.length > 0 && Arrays.compareUnsigned(source, from, to, beyond, 0, beyond.length) >= 0) {
                return;
            }
            int length = to - from;
            if (used + length + 1L + Integer.BYTES * (count + 1L) > limitBytes && count > 1) {
                throwOutTheLaterHalf();
                add(source, from, to);
                return;
            }
            int needed = Math.addExact(used, length + 1);
            if (needed > arena.length) {
                arena = Arrays.copyOf(arena, larger(arena.length, needed));
            }
            if (count == starts.length) {
                starts = Arrays.copyOf(starts, larger(count, count + 1));
            }
            System.arraycopy(source, from, arena, used, length);
            starts[count++] = used;
            used = needed;
        }

        private static int larger(int now, int needed) {
            return (int) Math.max(needed, Math.min(now * 2L, Integer.MAX_VALUE - 8));
        }

        private void throwOutTheLaterHalf() {
            int[] sorted = NameOrder.sorted(arena, Arrays.copyOf(starts, count));
            int kept = (sorted.length + 1) / 2;
            if (kept < sorted.length) {
                beyond = Arrays.copyOfRange(arena, sorted[kept], NameOrder.end(arena, sorted[kept]));
            }
            byte[] smaller = new byte[arena.length];
            used = 0;
            for (int i = 0; i < kept; i++) {
                int length = NameOrder.end(arena, sorted[i]) + 1 - sorted[i];
                System.arraycopy(arena, sorted[i], smaller, used, length);
                starts[i] = used;
                used += length;
            }
            count = kept;
            arena = smaller;
        }

        Listing sorted() {
            int[] sorted = NameOrder.sorted(arena, Arrays.copyOf(starts, count));
            return new Listing(arena, sorted, beyond.length > 0);
        }
    }
}
