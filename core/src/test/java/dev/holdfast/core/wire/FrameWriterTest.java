package dev.holdfast.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class FrameWriterTest {
    /** Takes nothing until somebody says so. */
    private static final class StuckLink implements ByteLink {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);

        @Override
        public int read(byte[] target, int offset, int length) {
            return -1;
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            reached.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                throw new InterruptedIOException();
            }
        }

        @Override
        public void flush() {}

        @Override
        public String peer() {
            return "stuck";
        }

        @Override
        public void close() {}
    }

    @Test
    void whoeverWaitsBehindAWriterThatTheLineHoldsUpCanBeInterrupted() throws Exception {
        StuckLink link = new StuckLink();
        FrameWriter writer = new FrameWriter(link);
        Thread first = new Thread(() -> attempt(writer));
        first.start();
        link.reached.await();
        CompletableFuture<Boolean> outcome = new CompletableFuture<>();
        Thread second = new Thread(
                () -> outcome.complete(attempt(writer) && Thread.currentThread().isInterrupted()));
        second.start();

        second.interrupt();

        assertThat(outcome.get(30, TimeUnit.SECONDS))
                .as("it is told so, and stays interrupted")
                .isTrue();
        link.released.countDown();
        first.join();
    }

    /** Whether that ended because of an interruption. */
    private static boolean attempt(FrameWriter writer) {
        try {
            writer.writeNow(new Message.Bye());
            return false;
        } catch (InterruptedIOException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
