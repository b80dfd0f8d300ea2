package dev.holdfast.server.daemon;

import dev.holdfast.core.daemon.FrameChannel;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.wire.ByteLink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** A session over the control socket: what its ends write goes in frames of one type. */
final class ControlLink implements ByteLink {
    static final int LARGEST_BYTES = 1 << 20;

    private static final int BYTES = 2;

    private final FrameChannel frames;
    private final String peer;
    private final ByteArrayOutputStream unsent = new ByteArrayOutputStream();
    private byte[] received = new byte[0];
    private int taken;

    /** @param peer who is at the other end, for messages */
    ControlLink(FrameChannel frames, String peer) {
        this.frames = frames;
        this.peer = peer;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        while (taken == received.length) {
            Optional<FrameChannel.Frame> next = frames.receive();
            if (next.isEmpty()) {
                return -1;
            }
            if (next.get().type() == FrameChannel.REFUSED) {
                throw refused(new String(next.get().bytes(), StandardCharsets.UTF_8));
            }
            received = next.get().bytes();
            taken = 0;
        }
        int count = Math.min(length, received.length - taken);
        System.arraycopy(received, taken, target, offset, count);
        taken += count;
        return count;
    }

    private HoldfastException refused(String reason) {
        return Problem.of(
                        ProblemCode.FAILED,
                        peer + ", which runs, takes no orders on this machine: " + reason,
                        "If it is of an older version, run `holdfast server stop` and start it again: `holdfast server start`.")
                .asException();
    }

    @Override
    public synchronized void write(byte[] source, int offset, int length) throws IOException {
        unsent.write(source, offset, length);
        if (unsent.size() >= LARGEST_BYTES / 2) {
            flush();
        }
    }

    @Override
    public synchronized void flush() throws IOException {
        byte[] bytes = unsent.toByteArray();
        unsent.reset();
        for (int from = 0; from < bytes.length; from += LARGEST_BYTES) {
            frames.send(BYTES, Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + LARGEST_BYTES)));
        }
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public void close() throws IOException {
        frames.close();
    }
}
