package dev.holdfast.system.transport;

import dev.holdfast.core.wire.ByteLink;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what has been written through it. */
record CountingLink(ByteLink inner, AtomicLong written) implements ByteLink {
    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        return inner.read(target, offset, length);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        inner.write(source, offset, length);
        written.addAndGet(length);
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
