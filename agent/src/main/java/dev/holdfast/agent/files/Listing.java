package dev.holdfast.agent.files;

import java.util.Arrays;

/**
 * The names in a directory, sorted as unsigned bytes, without {@code .} and {@code ..}. One byte array and one int array hold
 * them all, so that a million names are some twenty megabytes and no burden to the collector.
 */
public final class Listing {
    private final byte[] arena;
    private final int[] starts;

    private Listing(byte[] arena, int[] starts) {
        this.arena = arena;
        this.starts = starts;
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

    /** Gathers names in any order. */
    static final class Builder {
        private byte[] arena = new byte[1024];
        private int[] starts = new int[32];
        private int used;
        private int count;

        /** Adds {@code source[from .. to)}, which holds no zero byte. */
        void add(byte[] source, int from, int to) {
            int length = to - from;
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

        Listing sorted() {
            return new Listing(arena, NameOrder.sorted(arena, Arrays.copyOf(starts, count)));
        }
    }
}
