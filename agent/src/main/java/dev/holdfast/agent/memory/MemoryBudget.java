package dev.holdfast.agent.memory;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How many threads a run gets, so that what they hold fits into memory. What a run holds beside its threads is fixed: the buffers
 * being read into, objects on their way, the tree under construction. Each thread adds a buffer that it works on and the object
 * that it makes of it. So the only thing that a limit of memory can set is the number of threads.
 */
public final class MemoryBudget {
    private static final long FIXED_BYTES = 56L << 20;
    private static final long THREAD_BYTES = 15L << 20;

    /** What a run takes with one thread: less cannot be had. */
    public static final long LEAST_BYTES = FIXED_BYTES + THREAD_BYTES;

    private MemoryBudget() {}

    /**
     * As many as wanted, or one for each processor, if they fit into {@code memory} and the heap; at least one.
     *
     * @param heapBytes the most that this process can have
     */
    public static int threads(OptionalInt wanted, OptionalLong memory, int processors, long heapBytes) {
        long bytes = Math.min(memory.orElse(Long.MAX_VALUE), heapBytes);
        long fitting = Math.max(1, (bytes - FIXED_BYTES) / THREAD_BYTES);
        return (int) Math.min(wanted.orElse(processors), fitting);
    }
}
