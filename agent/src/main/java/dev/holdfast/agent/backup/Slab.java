package dev.holdfast.agent.backup;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A large buffer that several chunks share: content is read into it once and sealed from it, without copies. Whoever works on
 * a part holds the slab; when the last lets go, it returns to its {@link SlabPool}.
 */
final class Slab {
    private final SlabPool pool;
    private final byte[] array;
    private final AtomicInteger holders = new AtomicInteger();

    Slab(SlabPool pool, int bytes) {
        this.pool = pool;
        this.array = new byte[bytes];
    }

    byte[] array() {
        return array;
    }

    Slab hold() {
        holders.incrementAndGet();
        return this;
    }

    void release() {
        if (holders.decrementAndGet() == 0) {
            pool.giveBack(this);
        }
    }
}
