package dev.holdfast.system.transport;

import static dev.holdfast.system.transport.ConversationTest.inBackground;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.transport.HostKeyPin;
import dev.holdfast.agent.transport.KeptConnection;
import dev.holdfast.agent.transport.SshConnection;
import dev.holdfast.agent.transport.SshLink;
import dev.holdfast.agent.transport.SshTarget;
import dev.holdfast.agent.transport.Timeouts;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.transport.FlowLimits;
import dev.holdfast.core.wire.ByteLink;
import dev.holdfast.server.transport.EndpointLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class KeptConnectionTest {
    private static final KeptConnection.Pauses SHORT =
            new KeptConnection.Pauses(Duration.ofMillis(10), Duration.ofMillis(40));
    private static final FlowLimits IMPATIENT = FlowLimits.standard().withHeartbeat(Duration.ofMillis(300));

    private final BlockingQueue<SshConnection> made = new LinkedBlockingQueue<>();

    private static SshConnection connect(Loopback loopback, int port, FlowLimits flow) {
        return SshConnection.open(
                new SshTarget(
                        "backup",
                        "127.0.0.1",
                        port,
                        HostKeyPin.keys(List.of(loopback.serverKey.publicKey()), "pin the new one")),
                "alice",
                loopback.alice,
                new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(20)),
                flow);
    }

    private KeptConnection keep(Loopback loopback, IntSupplier port, FlowLimits flow) {
        return KeptConnection.start(
                "backup", () -> connect(loopback, port.getAsInt(), flow), made::add, SHORT, new Random(1));
    }

    private SshConnection nextMade() throws InterruptedException {
        SshConnection connection = made.poll(20, TimeUnit.SECONDS);
        assertThat(connection).as("a connection").isNotNull();
        return connection;
    }

    private static void echo(ByteLink link) throws IOException {
        byte[] buffer = new byte[100];
        for (int n = link.read(buffer, 0, 100); n >= 0; n = link.read(buffer, 0, 100)) {
            link.write(buffer, 0, n);
            link.flush();
        }
    }

    private static void assertEchoes(ByteLink link) throws IOException {
        byte[] bytes = {7, 8, 9};
        link.write(bytes, 0, 3);
        link.flush();
        byte[] back = new byte[3];
        for (int at = 0; at < 3; ) {
            at += link.read(back, at, 3 - at);
        }
        assertThat(back).isEqualTo(bytes);
    }

    @Test
    void severalConversationsShareOneConnectionAndTheEndOfOneIsNotThatOfTheOthers() throws Exception {
        try (Loopback loopback = new Loopback((host, link) -> echo(link));
                KeptConnection kept = keep(loopback, loopback::port, FlowLimits.standard())) {
            nextMade();
            SshLink first = kept.channel().orElseThrow();
            try (SshLink second = kept.channel().orElseThrow()) {
                assertEchoes(first);
                assertEchoes(second);
                assertThat(loopback.endpoint.status())
                        .singleElement()
                        .satisfies(one -> assertThat(one.channels()).isEqualTo(2));
                first.close();
                assertEchoes(second);
            }
            assertThat(kept.isUp()).isTrue();
            try (SshLink third = kept.channel().orElseThrow()) {
                assertEchoes(third);
            }
            assertThat(made).isEmpty();
        }
    }

    @Test
    void aConversationThatIsDroppedInTheMiddleOfAFloodLeavesTheOthersAlone() throws Exception {
        AtomicInteger conversations = new AtomicInteger();
        try (Loopback loopback = new Loopback((host, link) -> {
                    if (conversations.getAndIncrement() > 0) {
                        echo(link);
                        return;
                    }
                    byte[] flood = new byte[100_000];
                    while (true) {
                        link.write(flood, 0, flood.length);
                    }
                });
                KeptConnection kept = keep(loopback, loopback::port, FlowLimits.standard())) {
            nextMade();
            SshLink flooded = kept.channel().orElseThrow();
            assertThat(flooded.read(new byte[1], 0, 1)).isEqualTo(1);
            try (SshLink other = kept.channel().orElseThrow()) {
                assertEchoes(other);
                CompletableFuture<Void> hurried = inBackground(() -> {
                    Thread.currentThread().interrupt();
                    flooded.close();
                });
                hurried.get(10, TimeUnit.SECONDS);
                for (int i = 0; i < 200; i++) {
                    assertEchoes(other);
                }
            }
            assertThat(made).isEmpty();
        }
    }

    @Test
    void aConnectionThatWasCutIsMadeAgain() throws Exception {
        try (Loopback loopback = new Loopback((host, link) -> echo(link));
                LocalProxy proxy = new LocalProxy(loopback.port());
                KeptConnection kept = keep(loopback, proxy::port, FlowLimits.standard())) {
            SshConnection first = nextMade();
            proxy.cut();
            first.awaitEnd();
            nextMade();
            try (SshLink link = kept.channel().orElseThrow()) {
                assertEchoes(link);
            }
        }
    }

    @Test
    void aServerThatFellSilentIsNoticedAndConnectedToAnew() throws Exception {
        EndpointLimits limits = EndpointLimits.standard().withFlow(IMPATIENT);
        try (Loopback loopback = new Loopback(limits, (host, link) -> echo(link));
                LocalProxy proxy = new LocalProxy(loopback.port())) {
            AtomicInteger port = new AtomicInteger(proxy.port());
            try (KeptConnection kept = keep(loopback, port::get, IMPATIENT)) {
                nextMade();
                port.set(loopback.port());
                proxy.swallow();
                nextMade();
                try (SshLink link = kept.channel().orElseThrow()) {
                    assertEchoes(link);
                }
            }
        }
    }

    @Test
    void withoutAConnectionThereIsNoChannelAndItIsTriedAgainUntilThereIsOne() throws Exception {
        AtomicBoolean there = new AtomicBoolean();
        try (Loopback loopback = new Loopback((host, link) -> echo(link));
                KeptConnection kept = KeptConnection.start(
                        "backup",
                        () -> {
                            if (!there.get()) {
                                throw Problem.of(ProblemCode.UNREACHABLE, "nobody there", "")
                                        .asException();
                            }
                            return connect(loopback, loopback.port(), FlowLimits.standard());
                        },
                        made::add,
                        SHORT,
                        new Random(1))) {
            assertThat(kept.channel()).isEmpty();
            assertThat(kept.isUp()).isFalse();
            there.set(true);
            nextMade();
            assertThat(kept.channel()).isPresent();
        }
    }

    @Test
    void whenWhatItWasMadeByHasChangedItIsMadeAnewAtOnce() throws Exception {
        KeptConnection.Pauses never = new KeptConnection.Pauses(Duration.ofHours(1), Duration.ofHours(2));
        try (Loopback loopback = new Loopback((host, link) -> echo(link));
                KeptConnection kept = KeptConnection.start(
                        "backup",
                        () -> connect(loopback, loopback.port(), FlowLimits.standard()),
                        made::add,
                        never,
                        new Random(1))) {
            SshConnection first = nextMade();
            kept.renew();
            assertThat(nextMade()).isNotSameAs(first);
            assertThat(first.isOpen()).isFalse();
        }
    }
}
