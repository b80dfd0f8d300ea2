package dev.holdfast.core.daemon;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;

/** Closes a channel after a while, under whoever waits for it, unless it is closed itself before. */
final class TimeLimit implements Closeable {
    private final Thread thread;
    private volatile boolean over;

    TimeLimit(Closeable channel, Duration limit) {
        thread = new Thread(() -> await(channel, limit), "holdfast-time-limit");
        thread.setDaemon(true);
        thread.start();
    }

    private void await(Closeable channel, Duration limit) {
        try {
            Thread.sleep(limit.toMillis());
            over = true;
            channel.close();
        } catch (InterruptedException e) {
            // the answer came in time
        } catch (IOException e) {
            // then it is closed as far as it can be
        }
    }

    boolean isOver() {
        return over;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
