package dev.holdfast.core.wire;

import dev.holdfast.core.codec.Encoder;
import dev.holdfast.core.object.SealedObject;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/** Writes messages to a link; several threads may, each message stays whole. An interrupted writer throws {@link InterruptedIOException}. */
public final class FrameWriter {
    private final ByteLink link;
    private final ReentrantLock lock = new ReentrantLock();
    private final Encoder frame = new Encoder(4096);
    private final byte[] copy = new byte[64 << 10];
    private final AtomicLong bytes = new AtomicLong();

    public FrameWriter(ByteLink link) {
        this.link = link;
    }

    /** Queues a message; {@link #flush} sees that it leaves. */
    public void write(Message message) throws IOException {
        lock();
        try {
            writeWhole(message);
        } finally {
            lock.unlock();
        }
    }

    private void writeWhole(Message message) throws IOException {
        frame.clear();
        if (message instanceof Message.Put put) {
            writeObject(put.object());
            return;
        }
        frame.u32(0);
        MessageCodec.encode(message, frame);
        int length = frame.size() - 4;
        byte[] array = frame.array();
        array[0] = (byte) (length >>> 24);
        array[1] = (byte) (length >>> 16);
        array[2] = (byte) (length >>> 8);
        array[3] = (byte) length;
        link.write(array, 0, frame.size());
        bytes.addAndGet(frame.size());
    }

    private void writeObject(SealedObject object) throws IOException {
        frame.u32(object.length() + 1).u8(MessageType.PUT.number());
        link.write(frame.array(), 0, frame.size());
        ByteBuffer content = object.bytes();
        while (content.hasRemaining()) {
            int count = Math.min(copy.length, content.remaining());
            content.get(copy, 0, count);
            link.write(copy, 0, count);
        }
        bytes.addAndGet(frame.size() + object.length());
    }

    public void flush() throws IOException {
        lock();
        try {
            link.flush();
        } finally {
            lock.unlock();
        }
    }

    public void writeNow(Message message) throws IOException {
        lock();
        try {
            writeWhole(message);
            link.flush();
        } finally {
            lock.unlock();
        }
    }

    /** Whoever waits behind a writer that a line holds up can be interrupted. */
    private void lock() throws IOException {
        if (lock.tryLock()) {
            return;
        }
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while another message was being sent");
        }
    }

    /** Bytes written so far. */
    public long bytes() {
        return bytes.get();
    }
}
