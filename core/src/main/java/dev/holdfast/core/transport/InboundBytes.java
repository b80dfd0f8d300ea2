package dev.holdfast.core.transport;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What has arrived on a channel and was not read yet. The network thread {@link #offer}s and never waits; one reader takes.
 * Bytes are packed into blocks, so a peer that sends single bytes costs no more memory than the channel's window. The
 * window is given back as the reader consumes, in steps: that, and nothing else, is the back-pressure.
 */
public final class InboundBytes {
    private static final int BLOCK_BYTES = 64 * 1024;
    private static final int SPARE_BLOCKS = 16;

    /** Lets the peer send so many bytes more. */
    @FunctionalInterface
    public interface Window {
        void release(long bytes) throws IOException;
    }

    private static final class Block {
        final byte[] bytes = new byte[BLOCK_BYTES];
        int from;
        int to;
    }

    private final Window window;
    private final long releaseStep;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final ArrayDeque<Block> waiting = new ArrayDeque<>();
    private final ArrayDeque<Block> spare = new ArrayDeque<>();
    private boolean ended;
    private @Nullable IOException failure;

    // Only the reader touches these two.
    private Block current = new Block();
    private long consumed;

    public InboundBytes(Window window, long windowBytes) {
        this.window = window;
        this.releaseStep = Math.max(1, windowBytes / 16);
    }

    /** Copies the bytes; the caller may reuse its array at once. */
    public void offer(byte[] source, int offset, int length) {
        lock.lock();
        try {
            if (ended || failure != null) {
                return;
            }
            int from = offset;
            int left = length;
            while (left > 0) {
                Block tail = waiting.peekLast();
                if (tail == null || tail.to == BLOCK_BYTES) {
                    tail = spare.isEmpty() ? new Block() : spare.removeLast();
                    waiting.addLast(tail);
                }
                int n = Math.min(left, BLOCK_BYTES - tail.to);
                System.arraycopy(source, from, tail.bytes, tail.to, n);
                tail.to += n;
                from += n;
                left -= n;
            }
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The peer sends nothing more; what arrived before can still be read. */
    public void end() {
        lock.lock();
        try {
            ended = true;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The connection is gone; what arrived before can still be read. The first reason stays. */
    public void fail(IOException reason) {
        lock.lock();
        try {
            if (!ended && failure == null) {
                failure = reason;
            }
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** This side has had enough: what arrived is dropped and a waiting reader ends. */
    public void abandon() {
        lock.lock();
        try {
            waiting.clear();
            spare.clear();
            if (failure == null) {
                failure = new IOException("the link was closed by this side");
            }
            ended = false;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** As {@link dev.holdfast.core.wire.ByteLink#read}. */
    int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (current.from == current.to && !takeNext()) {
            return -1;
        }
        int n = Math.min(length, current.to - current.from);
        System.arraycopy(current.bytes, current.from, target, offset, n);
        current.from += n;
        consumed += n;
        if (consumed >= releaseStep) {
            long release = consumed;
            consumed = 0;
            window.release(release);
        }
        return n;
    }

    private boolean takeNext() throws IOException {
        lock.lock();
        try {
            while (waiting.isEmpty()) {
                if (failure != null) {
                    throw new IOException(failure.getMessage(), failure);
                }
                if (ended) {
                    return false;
                }
                arrived.await();
            }
            current.from = 0;
            current.to = 0;
            if (spare.size() < SPARE_BLOCKS) {
                spare.addLast(current);
            }
            current = waiting.removeFirst();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("interrupted while waiting for the peer");
        } finally {
            lock.unlock();
        }
    }

    /** Why the connection is gone, if it is. */
    java.util.Optional<IOException> failure() {
        lock.lock();
        try {
            return java.util.Optional.ofNullable(failure);
        } finally {
            lock.unlock();
        }
    }
}
