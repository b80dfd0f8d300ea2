package dev.holdfast.cli.handover;

import dev.holdfast.cli.terminal.Terminal;
import dev.holdfast.core.daemon.FrameChannel;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What a command says, on its way to the shell. Only a thread of the relay's own writes: the command's threads may be interrupted, which
 * would close the connection under them. Who writes waits while too much lies here unread; a shell that reads nothing for a minute
 * (stopped by Ctrl-Z, say) is given up, since the next run in the agent waits for this one.
 */
public final class Relay {
    private static final int MOST_WAITING_BYTES = 256 << 10;
    private static final int LARGEST_PIECE = 64 << 10;
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final FrameChannel frames;
    private final ArrayDeque<FrameChannel.Frame> waiting = new ArrayDeque<>();
    private final Thread writer = new Thread(this::write, "holdfast-typed-output");
    private int waitingBytes;
    private boolean sent;
    private boolean last;
    private boolean broken;

    private Relay(FrameChannel frames) {
        this.frames = frames;
        writer.setDaemon(true);
    }

    static Relay over(FrameChannel frames) {
        Relay relay = new Relay(frames);
        relay.writer.start();
        return relay;
    }

    /** The shell's streams, to be used as those of a process. There is nobody to ask: what needs an answer is not handed over. */
    public Terminal terminal(Terminal.Shape shape) {
        return new Terminal(
                new BufferedOutputStream(new Outlet(FrameType.OUT)),
                new Outlet(FrameType.ERR),
                Terminal.Keyboard.NOBODY,
                shape);
    }

    /** The command begins. Returns when that is on its way: a shell that never heard of it runs the command itself. */
    public void accept() {
        put(FrameType.ACCEPTED, new byte[0]);
        synchronized (this) {
            try {
                while (!sent && !broken) {
                    wait();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The line is not for this agent; only before anything was said. */
    public void refuse(String reason) {
        putLast(FrameType.REFUSED, reason.getBytes(StandardCharsets.UTF_8));
    }

    public void end(int exitCode) {
        putLast(FrameType.END, new byte[] {(byte) exitCode});
    }

    private void putLast(int type, byte[] bytes) {
        put(type, bytes);
        synchronized (this) {
            last = true;
            notifyAll();
        }
    }

    /** To be called at last, whatever happened: a shell that was told no end sees that the command is gone. */
    public void leave() {
        synchronized (this) {
            if (last) {
                return;
            }
        }
        giveUp();
    }

    /** Says nothing more, not even how it ended. */
    public void giveUp() {
        synchronized (this) {
            broken = true;
            waiting.clear();
            notifyAll();
        }
        close();
    }

    /** Returns when nothing more is sent. */
    void awaitEnd() {
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void put(int type, byte[] bytes) {
        boolean interrupted = false;
        synchronized (this) {
            long deadline = System.nanoTime() + PATIENCE_NANOS;
            while (!broken && waitingBytes > MOST_WAITING_BYTES) {
                try {
                    TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, deadline - System.nanoTime()));
                } catch (InterruptedException e) {
                    interrupted = true;
                }
                broken |= System.nanoTime() - deadline > 0;
            }
            if (!broken && !last) {
                waiting.add(new FrameChannel.Frame(type, bytes));
                waitingBytes += bytes.length;
                notifyAll();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() {
        try {
            for (Optional<FrameChannel.Frame> next = take(); next.isPresent(); next = take()) {
                frames.send(next.get().type(), next.get().bytes());
                noteSent();
            }
        } catch (IOException e) {
            // The shell has gone away; whoever listens to it notices that too, and stops the command.
        }
        giveUp();
    }

    private synchronized void noteSent() {
        sent = true;
        notifyAll();
    }

    private synchronized Optional<FrameChannel.Frame> take() {
        try {
            while (waiting.isEmpty() && !last && !broken) {
                wait();
            }
        } catch (InterruptedException e) {
            return Optional.empty();
        }
        Optional<FrameChannel.Frame> next = Optional.ofNullable(waiting.poll());
        next.ifPresent(frame -> waitingBytes -= frame.bytes().length);
        notifyAll();
        return next;
    }

    private void close() {
        try {
            frames.close();
        } catch (IOException e) {
            // Nothing more is said over it either way.
        }
    }

    private final class Outlet extends OutputStream {
        private final int type;

        private Outlet(int type) {
            this.type = type;
        }

        @Override
        public void write(int b) {
            put(type, new byte[] {(byte) b});
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            for (int done = 0; done < length; done += LARGEST_PIECE) {
                int from = offset + done;
                put(type, Arrays.copyOfRange(bytes, from, from + Math.min(LARGEST_PIECE, length - done)));
            }
        }
    }
}
