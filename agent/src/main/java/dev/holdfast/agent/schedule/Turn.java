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
    private Optional<String> work = Optional.empty();
    private boolean ended;

    /** The turn of somebody; to be given back. */
    public final class Hold implements AutoCloseable {
        private Hold() {}

        /** Says that there is a run, which may take long, and what it is: until then it takes but a moment. */
        public void goToWork(String what) {
            synchronized (Turn.this) {
                work = Optional.of(what);
                Turn.this.notifyAll();
            }
        }

        @Override
        public void close() {
            synchronized (Turn.this) {
                taken = false;
                work = Optional.empty();
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
        while (taken && work.isEmpty() && !ended) {
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

    /** The run that everybody else waits for, such as {@code the backup of 'x'}; empty when there is none. */
    public synchronized Optional<String> work() {
        return work;
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
