package dev.holdfast.system.hosts;

import dev.holdfast.core.wire.ByteLink;
import java.io.IOException;

/** One end of a connection inside this process, with bounded buffers, so that back-pressure is as real as over a network. */
public final class LoopLink implements ByteLink {
    private static final int BUFFER_BYTES = 1 << 20;

    /** Both ends. */
    public record Pair(LoopLink client, LoopLink server) {}

    /** One direction: a ring of bytes. */
    private static final class Pipe {
        private final byte[] ring = new byte[BUFFER_BYTES];
        private int start;
        private int filled;
        private boolean ended;
        private boolean broken;
        private long passed;
        private long breakAfter = Long.MAX_VALUE;

        synchronized int read(byte[] target, int offset, int length) throws IOException, InterruptedException {
            while (filled == 0 && !ended && !broken) {
                wait();
            }
            if (broken) {
                throw new IOException("the line was cut");
            }
            if (filled == 0) {
                return -1;
            }
            int count = Math.min(length, Math.min(filled, ring.length - start));
            System.arraycopy(ring, start, target, offset, count);
            start = (start + count) % ring.length;
            filled -= count;
            notifyAll();
            return count;
        }

        synchronized void write(byte[] source, int offset, int length) throws IOException, InterruptedException {
            int done = 0;
            while (done < length) {
                while (filled == ring.length && !ended && !broken) {
                    wait();
                }
                if (broken || ended) {
                    throw new IOException("the line was cut");
                }
                int end = (start + filled) % ring.length;
                int room = Math.min(ring.length - filled, ring.length - end);
                int count = Math.min(length - done, room);
                System.arraycopy(source, offset + done, ring, end, count);
                filled += count;
                done += count;
                passed += count;
                broken = passed >= breakAfter;
                notifyAll();
            }
        }

        synchronized void breakAfter(long bytes) {
            breakAfter = bytes;
            broken = passed >= bytes;
            notifyAll();
        }

        synchronized void end() {
            ended = true;
            notifyAll();
        }

        synchronized long passed() {
            return passed;
        }
    }

    private final Pipe in;
    private final Pipe out;
    private final String peer;

    private LoopLink(Pipe in, Pipe out, String peer) {
        this.in = in;
        this.out = out;
        this.peer = peer;
    }

    public static Pair pair(String client, String server) {
        Pipe up = new Pipe();
        Pipe down = new Pipe();
        return new Pair(new LoopLink(down, up, server), new LoopLink(up, down, client));
    }

    /** Cuts the line once so many bytes have come in at this end; 0 cuts it now. */
    public void cutAfterReceiving(long bytes) {
        in.breakAfter(bytes);
    }

    /** Cuts the line once so many bytes have left this end; 0 cuts it now. */
    public void cutAfterSending(long bytes) {
        out.breakAfter(bytes);
    }

    public long received() {
        return in.passed();
    }

    public long sent() {
        return out.passed();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        try {
            return in.read(target, offset, length);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        try {
            out.write(source, offset, length);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IOException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new IOException("interrupted", cause);
    }

    @Override
    public void flush() {
        // Bytes are on their way as soon as they are written.
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public void close() {
        in.end();
        out.end();
    }
}
