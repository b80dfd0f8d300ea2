package dev.holdfast.core.transport;

import java.util.concurrent.atomic.LongAdder;

/** Payload bytes that went over a connection, for status. */
public final class Traffic {
    private final LongAdder in = new LongAdder();
    private final LongAdder out = new LongAdder();

    void received(long bytes) {
        in.add(bytes);
    }

    void sent(long bytes) {
        out.add(bytes);
    }

    public long bytesIn() {
        return in.sum();
    }

    public long bytesOut() {
        return out.sum();
    }
}
