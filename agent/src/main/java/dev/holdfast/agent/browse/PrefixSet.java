package dev.holdfast.agent.browse;

import dev.holdfast.core.object.ObjectId;

/**
 * A set of object ids by their first eight bytes, in an open hash table of longs: eight to sixteen bytes each. Ids are uniformly
 * distributed, so that two of them share a prefix once in many billions; good for counting, not for deciding.
 */
final class PrefixSet {
    private long[] table = new long[1024];
    private int size;
    private boolean zero;

    /** Whether it was not there before. */
    boolean add(ObjectId id) {
        long prefix = id.prefix();
        if (prefix == 0) {
            boolean fresh = !zero;
            zero = true;
            return fresh;
        }
        if (!insert(table, prefix)) {
            return false;
        }
        if (++size > table.length / 4 * 3) {
            grow();
        }
        return true;
    }

    private void grow() {
        long[] larger = new long[Math.multiplyExact(table.length, 2)];
        for (long prefix : table) {
            if (prefix != 0) {
                insert(larger, prefix);
            }
        }
        table = larger;
    }

    private static boolean insert(long[] into, long prefix) {
        int mask = into.length - 1;
        int at = (int) prefix & mask;
        while (into[at] != 0) {
            if (into[at] == prefix) {
                return false;
            }
            at = (at + 1) & mask;
        }
        into[at] = prefix;
        return true;
    }
}
