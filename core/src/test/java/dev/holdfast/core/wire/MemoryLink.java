package dev.holdfast.core.wire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.SplittableRandom;

/** A link whose incoming bytes are given and come in pieces of any size. */
final class MemoryLink implements ByteLink {
    private final ByteArrayInputStream in;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final SplittableRandom random = new SplittableRandom(1);

    MemoryLink(byte[] incoming) {
        this.in = new ByteArrayInputStream(incoming);
    }

    byte[] written() {
        return out.toByteArray();
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        return in.read(target, offset, 1 + random.nextInt(length));
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        out.write(source, offset, length);
    }

    @Override
    public void flush() {
        // nothing lingers
    }

    @Override
    public void close() {
        // nothing is open
    }

    @Override
    public String peer() {
        return "memory";
    }
}
