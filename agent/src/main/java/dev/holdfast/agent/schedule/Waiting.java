package dev.holdfast.agent.schedule;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How time passes while nothing is due; a test lets it pass at once. */
public interface Waiting {
    /** Returns after that time, or when it is woken. */
    void atMost(Duration time) throws InterruptedException;

    /** Ends the wait that is going on, or else the next one. */
    void wake();

    /** Real time. */
    static Waiting real() {
        return new Waiting() {
            private boolean woken;

            @Override
            public synchronized void atMost(Duration time) throws InterruptedException {
                long deadline = System.nanoTime() + time.toNanos();
                while (!woken) {
                    long left = deadline - System.nanoTime();
                    if (left <= 0) {
                        return;
                    }
                    TimeUnit.NANOSECONDS.timedWait(this, left);
                }
                woken = false;
            }

            @Override
            public synchronized void wake() {
                woken = true;
                notifyAll();
            }
        };
    }
}
