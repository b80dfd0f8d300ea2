package dev.holdfast.agent.files;

import java.util.Arrays;

/**
 * Sorts names that lie zero-terminated in one array.
 *
 * <p>Idea: the bytes after the common prefix of all names, as many as fit, and the name's place go into one {@code long}; the
 * library's primitive sort does the work without comparing names. Names that are still equal then share at least four more bytes
 * and are sorted the same way among themselves. Names hold no zero byte, so the terminator both ends a name and sorts it before
 * its extensions. Cost: one pass over the names plus n log n of long comparisons; depth at most the name length / 4.
 */
final class NameOrder {
    private final byte[] arena;
    private final int[] starts;
    private boolean duplicates;

    private NameOrder(byte[] arena, int[] starts) {
        this.arena = arena;
        this.starts = starts;
    }

    /** The starts in the order of their names, each name once: a directory that changes meanwhile may be read with repetitions. */
    static int[] sorted(byte[] arena, int[] starts) {
        NameOrder order = new NameOrder(arena, starts);
        order.sort(0, starts.length, 0);
        return order.duplicates ? order.unique() : starts;
    }

    static int end(byte[] arena, int start) {
        int end = start;
        while (arena[end] != 0) {
            end++;
        }
        return end;
    }

    private void sort(int from, int to, int known) {
        int count = to - from;
        if (count < 2) {
            return;
        }
        int shared = sharedPrefix(from, to, known);
        int placeBits = Integer.SIZE - Integer.numberOfLeadingZeros(count - 1);
        long placeMask = (1L << placeBits) - 1;
        long[] keys = new long[count];
        for (int i = 0; i < count; i++) {
            keys[i] = (key(starts[from + i] + shared) & ~placeMask) | i;
        }
        Arrays.sort(keys);
        int[] run = new int[count];
        for (int i = 0; i < count; i++) {
            run[i] = starts[from + (int) (keys[i] & placeMask)];
        }
        System.arraycopy(run, 0, starts, from, count);
        sortTies(from, keys, placeBits, shared);
    }

    private void sortTies(int from, long[] keys, int placeBits, int shared) {
        int known = shared + (Long.SIZE - placeBits) / Byte.SIZE;
        int begin = 0;
        for (int i = 1; i <= keys.length; i++) {
            if (i < keys.length && keys[i] >> placeBits == keys[begin] >> placeBits) {
                continue;
            }
            if (i - begin > 1) {
                int start = starts[from + begin];
                if (end(arena, start + shared) < start + known) {
                    duplicates = true;
                } else {
                    sort(from + begin, from + i, known);
                }
            }
            begin = i;
        }
    }

    /** How many bytes all names of the run share; the first {@code known} are known to be equal. */
    private int sharedPrefix(int from, int to, int known) {
        int first = starts[from];
        int shared = end(arena, first + known) - first;
        for (int i = from + 1; i < to && shared > known; i++) {
            int start = starts[i];
            int same = known;
            while (same < shared && arena[start + same] == arena[first + same]) {
                same++;
            }
            shared = same;
        }
        return shared;
    }

    /** The next eight bytes, zero beyond the end of the name, so that signed order of keys is unsigned order of bytes. */
    private long key(int at) {
        long key = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            int next = arena[at + i] & 0xff;
            if (next == 0) {
                key <<= Byte.SIZE * (Long.BYTES - i);
                break;
            }
            key = (key << Byte.SIZE) | next;
        }
        return key ^ Long.MIN_VALUE;
    }

    private int[] unique() {
        int kept = 1;
        for (int i = 1; i < starts.length; i++) {
            int last = starts[kept - 1];
            if (!Arrays.equals(arena, last, end(arena, last), arena, starts[i], end(arena, starts[i]))) {
                starts[kept++] = starts[i];
            }
        }
        return Arrays.copyOf(starts, kept);
    }
}
