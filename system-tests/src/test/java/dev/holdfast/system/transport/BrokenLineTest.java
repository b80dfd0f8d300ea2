package dev.holdfast.system.transport;

import static dev.holdfast.system.transport.ConversationTest.finish;
import static dev.holdfast.system.transport.ConversationTest.inBackground;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.agent.transport.SshLink;
import dev.holdfast.core.transport.FlowLimits;
import dev.holdfast.core.wire.ByteLink;
import dev.holdfast.server.transport.EndpointLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BrokenLineTest {
    @Test
    void aCutLineEndsBothEndsAtOnceWhileTheyAreBusy() throws Exception {
        CompletableFuture<Void> served = new CompletableFuture<>();
        CountDownLatch flowing = new CountDownLatch(1);
        try (Loopback loopback = new Loopback((host, link) -> finish(served, () -> readForEver(link, flowing)));
                LocalProxy proxy = new LocalProxy(loopback.port());
                SshLink link = loopback.open(proxy.port(), loopback.alice)) {
            CompletableFuture<Void> writing = inBackground(() -> writeForEver(link));
            CompletableFuture<Void> reading = inBackground(() -> readForEver(link, new CountDownLatch(1)));
            assertThat(flowing.await(20, TimeUnit.SECONDS)).isTrue();
            proxy.cut();
            assertBroken(writing);
            assertBroken(reading);
            assertBroken(served);
        }
    }

    @Test
    void aWriterWhoIsHeldBackNoticesTheCutToo() throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        try (Loopback loopback = new Loopback((host, link) -> {
                    connected.countDown();
                    awaitQuietly(never);
                });
                LocalProxy proxy = new LocalProxy(loopback.port());
                SshLink link = loopback.open(proxy.port(), loopback.alice)) {
            CompletableFuture<Void> writing = inBackground(() -> writeForEver(link));
            assertThat(connected.await(20, TimeUnit.SECONDS)).isTrue();
            proxy.cut();
            assertBroken(writing);
            never.countDown();
        }
    }

    @Test
    void aDeadPeerIsNoticedByHeartbeatAtBothEnds() throws Exception {
        CompletableFuture<Void> served = new CompletableFuture<>();
        CountDownLatch flowing = new CountDownLatch(1);
        EndpointLimits limits =
                EndpointLimits.standard().withFlow(FlowLimits.standard().withHeartbeat(Duration.ofMillis(300)));
        try (Loopback loopback =
                        new Loopback(limits, (host, link) -> finish(served, () -> readForEver(link, flowing)));
                LocalProxy proxy = new LocalProxy(loopback.port());
                SshLink link = loopback.open(proxy.port(), loopback.alice)) {
            link.write(new byte[1], 0, 1);
            link.flush();
            assertThat(flowing.await(20, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<Void> reading = inBackground(() -> readForEver(link, new CountDownLatch(1)));
            proxy.swallow();
            assertBroken(reading);
            assertBroken(served);
        }
    }

    @Test
    void aQuietButLivingPeerIsLeftAlone() throws Exception {
        EndpointLimits limits =
                EndpointLimits.standard().withFlow(FlowLimits.standard().withHeartbeat(Duration.ofMillis(100)));
        try (Loopback loopback = new Loopback(limits, (host, link) -> link.read(new byte[1], 0, 1));
                SshLink link = loopback.open()) {
            CompletableFuture<Void> reading = inBackground(() -> link.read(new byte[1], 0, 1));
            assertThatThrownBy(() -> reading.get(1500, TimeUnit.MILLISECONDS))
                    .isInstanceOf(java.util.concurrent.TimeoutException.class);
        }
    }

    private static Void readForEver(ByteLink link, CountDownLatch first) throws IOException {
        byte[] buffer = new byte[50_000];
        while (true) {
            if (link.read(buffer, 0, buffer.length) < 0) {
                throw new AssertionError("a broken line must not look like a proper end");
            }
            first.countDown();
        }
    }

    private static void writeForEver(ByteLink link) throws IOException {
        byte[] buffer = new byte[50_000];
        while (true) {
            link.write(buffer, 0, buffer.length);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static void assertBroken(CompletableFuture<?> end) {
        assertThatThrownBy(() -> end.get(5, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IOException.class);
    }
}
