package dev.holdfast.agent.schedule;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One run at a time in this process: its memory is measured for one, and the locks by which runs keep out of each other's way are those
 * of processes.
 */
public final class Turn {
    private boolean taken;
    private boolean atWork;
    private boolean ended;

    /** The turn of somebody; to be given back. */
    public final class Hold implements AutoCloseable {
        private Hold() {}

        /** Says that there is a run, which may take long: until then it takes but a moment. */
        public void goToWork() {
            synchronized (Turn.this) {
                atWork = true;
                Turn.this.notifyAll();
            }
        }

        @Override
        public void close() {
            synchronized (Turn.this) {
                taken = false;
                atWork = false;
                Turn.this.notifyAll();
            }
        }
    }

    /** Waits for the turn, at most so long; empty also when there are no more turns. */
    public synchronized Optional<Hold> take(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (taken && !ended) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return Optional.empty();
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return hold();
    }

    /** Takes the turn unless a run has it. */
    public synchronized Optional<Hold> takeIfFree() throws InterruptedException {
        while (taken && !atWork && !ended) {
            wait();
        }
        return taken ? Optional.empty() : hold();
    }

    private Optional<Hold> hold() {
        if (ended) {
            return Optional.empty();
        }
        taken = true;
        return Optional.of(new Hold());
    }

    /** Whether nobody gets a turn any more. */
    public synchronized boolean isOver() {
        return ended;
    }

    /** From now on nobody gets a turn, and nobody waits for one. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }
}
