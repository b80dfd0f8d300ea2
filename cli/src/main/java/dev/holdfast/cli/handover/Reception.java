package dev.holdfast.cli.handover;

import dev.holdfast.core.daemon.ControlSocket;
import dev.holdfast.core.daemon.FrameChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** The agent's side of one conversation with a shell. */
public final class Reception {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Who carries lines out. */
    public interface Desk {
        /** Looks at a line; whatever comes of it goes to the relay. */
        Work take(TypedLine line, Relay relay);
    }

    /** One line. */
    public interface Work {
        /** Carries it out, or refuses it; returns when the relay has been told the end. */
        void carryOut();

        /** Asks for a quick end; may be called at any time, also when there is nothing to end any more. */
        void cancel(boolean bySystem);
    }

    private Reception() {}

    /** Returns when the line is through; one of another user, which can only be root, is refused. */
    public static void hold(ControlSocket.Caller caller, Desk desk) throws IOException {
        FrameChannel frames = caller.frames(FrameType.LARGEST_BYTES);
        Optional<FrameChannel.Frame> first = frames.receive(PATIENCE);
        if (first.isEmpty() || first.get().type() != FrameType.LINE) {
            return;
        }
        TypedLine line = TypedLine.decode(first.get().bytes());
        Relay relay = Relay.over(frames);
        if (!caller.isSameUser()) {
            relay.refuse("it runs as another user");
            relay.awaitEnd();
            return;
        }
        Work work = desk.take(line, relay);
        Thread thread = new Thread(work::carryOut, "holdfast-typed");
        thread.setDaemon(true);
        thread.start();
        heed(frames, work);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        relay.awaitEnd();
    }

    /** Until the relay has closed the connection, or the shell has gone away. */
    private static void heed(FrameChannel frames, Work work) {
        try {
            for (Optional<FrameChannel.Frame> next = frames.receive(); next.isPresent(); next = frames.receive()) {
                if (next.get().type() == FrameType.CANCEL) {
                    work.cancel(next.get().bytes().length > 0 && next.get().bytes()[0] != 0);
                }
            }
        } catch (IOException e) {
            // The same as an end: nobody is there any more.
        }
        work.cancel(false);
    }
}
