package dev.holdfast.agent.transport;

import dev.holdfast.core.wire.ByteLink;
import java.io.IOException;

/** A link that takes no more than its share of the line; a slow reader holds the sender back, so this limits both ways. */
public record ThrottledLink(ByteLink inner, RateLimit up, RateLimit down) implements ByteLink {
    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int n = inner.read(target, offset, Math.min(length, down.piece()));
        if (n > 0) {
            down.spend(n);
        }
        return n;
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        int end = offset + length;
        for (int at = offset; at < end; ) {
            int n = Math.min(end - at, up.piece());
            up.spend(n);
            inner.write(source, at, n);
            at += n;
        }
    }

    @Override
    public void flush() throws IOException {
        inner.flush();
    }

    @Override
    public String peer() {
        return inner.peer();
    }

    @Override
    public void close() throws IOException {
        inner.close();
    }
}
