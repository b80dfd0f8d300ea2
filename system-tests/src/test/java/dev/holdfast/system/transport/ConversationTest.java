package dev.holdfast.system.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.agent.transport.SshLink;
import dev.holdfast.core.transport.FlowLimits;
import dev.holdfast.server.transport.ConnectionStatus;
import dev.holdfast.server.transport.EndpointLimits;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ConversationTest {
    private static final long SIZE = 64L << 20;

    @Test
    void bytesArriveUnchangedInBothDirectionsAtOnce() throws Exception {
        talkBothWays(FlowLimits.standard(), SIZE);
    }

    @Test
    void newKeysUnderLoadLoseNothing() throws Exception {
        talkBothWays(FlowLimits.standard().withRekeyBytes(2 << 20), SIZE / 2);
    }

    private static void talkBothWays(FlowLimits flow, long size) throws Exception {
        RandomBytes up = new RandomBytes(1, size, 300_000);
        RandomBytes down = new RandomBytes(2, size, 70_000);
        CompletableFuture<String> served = new CompletableFuture<>();
        try (Loopback loopback = new Loopback(EndpointLimits.standard().withFlow(flow), (host, link) -> {
            CompletableFuture<Void> sent = inBackground(() -> down.writeTo(link));
            finish(served, () -> {
                up.checkFrom(link);
                sent.join();
                assertThat(link.read(new byte[1], 0, 1)).isEqualTo(-1);
                return host;
            });
        })) {
            try (SshLink link = loopback.open()) {
                CompletableFuture<Void> sent = inBackground(() -> up.writeTo(link));
                down.checkFrom(link);
                sent.get(60, TimeUnit.SECONDS);
                assertThat(link.traffic().bytesIn()).isEqualTo(size);
                assertThat(link.traffic().bytesOut()).isEqualTo(size);
            }
            assertThat(served.get(60, TimeUnit.SECONDS)).isEqualTo("alice");
        }
    }

    @Test
    void aHandlerThatDoesNotReadHoldsTheSenderBackWithinTheWindow() throws Exception {
        CountDownLatch mayRead = new CountDownLatch(1);
        AtomicLong written = new AtomicLong();
        RandomBytes data = new RandomBytes(3, SIZE, 100_000);
        CompletableFuture<String> served = new CompletableFuture<>();
        try (Loopback loopback = new Loopback((host, link) -> finish(served, () -> {
                    mayRead.await();
                    data.checkFrom(link);
                    return host;
                }));
                SshLink link = loopback.open()) {
            CompletableFuture<Void> sent = inBackground(() -> {
                new RandomBytes(3, SIZE, 100_000).writeTo(new CountingLink(link, written));
            });
            long stuckAt = waitUntilItStops(written);
            assertThat(sent).isNotDone();
            assertThat(stuckAt)
                    .isBetween(
                            FlowLimits.standard().windowBytes() / 2,
                            FlowLimits.standard().windowBytes() + 1_000_000);
            mayRead.countDown();
            sent.get(60, TimeUnit.SECONDS);
            assertThat(served.get(60, TimeUnit.SECONDS)).isEqualTo("alice");
        }
    }

    /** The value after it has not changed for a while. */
    private static long waitUntilItStops(AtomicLong value) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        long last = -1;
        for (int same = 0; same < 5; ) {
            assertThat(never.await(100, TimeUnit.MILLISECONDS)).isFalse();
            long now = value.get();
            same = now == last && now > 0 ? same + 1 : 0;
            last = now;
        }
        return last;
    }

    @Test
    void statusNamesTheHostAndCountsItsBytes() throws Exception {
        try (Loopback loopback = new Loopback((host, link) -> {
            byte[] seen = new byte[1000];
            RandomBytes.readFully(link, seen);
            link.write(seen, 0, 500);
            link.flush();
            link.read(seen, 0, 1);
        })) {
            try (SshLink link = loopback.open()) {
                link.write(new byte[1000], 0, 1000);
                link.flush();
                RandomBytes.readFully(link, new byte[500]);
                List<ConnectionStatus> status = loopback.endpoint.status();
                assertThat(status).hasSize(1);
                assertThat(status.get(0).host()).isEqualTo("alice");
                assertThat(status.get(0).address()).startsWith("127.0.0.1:");
                assertThat(status.get(0).channels()).isEqualTo(1);
                assertThat(status.get(0).bytesIn()).isEqualTo(1000);
                assertThat(status.get(0).bytesOut()).isEqualTo(500);
            }
        }
    }

    @Test
    void closingOneSideEndsTheOtherSidesRead() throws Exception {
        CompletableFuture<Integer> served = new CompletableFuture<>();
        try (Loopback loopback = new Loopback((host, link) -> finish(served, () -> link.read(new byte[10], 0, 10)))) {
            loopback.open().close();
            assertThat(served.get(10, TimeUnit.SECONDS)).isEqualTo(-1);
        }
    }

    @Test
    void whatTheServerSaidBeforeItHungUpCanStillBeRead() throws Exception {
        try (Loopback loopback = new Loopback((host, link) -> link.write(new byte[] {1, 2, 3}, 0, 3));
                SshLink link = loopback.open()) {
            byte[] said = new byte[3];
            RandomBytes.readFully(link, said);
            assertThat(said).containsExactly(1, 2, 3);
            assertThat(link.read(said, 0, 3)).isEqualTo(-1);
        }
    }

    @Test
    void aClosedLinkCannotBeUsed() throws Exception {
        try (Loopback loopback = new Loopback((host, link) -> link.read(new byte[1], 0, 1))) {
            SshLink link = loopback.open();
            link.close();
            assertThatThrownBy(() -> link.read(new byte[1], 0, 1)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> {
                        link.write(new byte[1], 0, 1);
                        link.flush();
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    interface Task {
        void run() throws Exception;
    }

    interface Answer<T> {
        T get() throws Exception;
    }

    static CompletableFuture<Void> inBackground(Task task) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                task.run();
                done.complete(null);
            } catch (Throwable t) {
                done.completeExceptionally(t);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return done;
    }

    static <T> void finish(CompletableFuture<T> future, Answer<T> answer) {
        try {
            future.complete(answer.get());
        } catch (Throwable t) {
            future.completeExceptionally(t);
        }
    }
}
