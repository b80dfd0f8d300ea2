package dev.holdfast.agent.backup;

import java.util.ArrayDeque;

/** A fixed number of slabs, made when first needed: this is what bounds the memory of a backup. */
final class SlabPool {
    /** Room for the longest chunk, and for several of ordinary size. */
    static final int SLAB_BYTES = 6 << 20;

    private final ArrayDeque<Slab> free = new ArrayDeque<>();
    private int unmade;

    SlabPool(int slabs) {
        unmade = slabs;
    }

    /**
     * A slab that the caller holds; waits for one, after {@code beforeWaiting} had a chance to get things moving. An interrupted
     * caller gets none, even if there is one: so a run ends in the middle of a large file.
     */
    Slab take(Runnable beforeWaiting) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Slab slab = poll();
        if (slab == null) {
            beforeWaiting.run();
            slab = await();
        }
        return slab.hold();
    }

    private synchronized @org.jspecify.annotations.Nullable Slab poll() {
        if (free.isEmpty() && unmade > 0) {
            unmade--;
            return new Slab(this, SLAB_BYTES);
        }
        return free.poll();
    }

    private synchronized Slab await() throws InterruptedException {
        Slab slab = poll();
        while (slab == null) {
            wait();
            slab = poll();
        }
        return slab;
    }

    synchronized void giveBack(Slab slab) {
        free.push(slab);
        notifyAll();
    }
}
