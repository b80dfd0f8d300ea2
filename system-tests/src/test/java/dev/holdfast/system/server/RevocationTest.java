package dev.holdfast.system.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.holdfast.agent.transport.SshLink;
import dev.holdfast.agent.transport.SshTarget;
import dev.holdfast.agent.transport.Timeouts;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.transport.FlowLimits;
import dev.holdfast.core.transport.SshIdentity;
import dev.holdfast.core.wire.ByteLink;
import dev.holdfast.core.wire.FrameReader;
import dev.holdfast.core.wire.FrameWriter;
import dev.holdfast.core.wire.Message;
import dev.holdfast.keys.machine.MachineKeys;
import dev.holdfast.keys.machine.SshPublicKey;
import dev.holdfast.keys.store.DirectoryKeyStore;
import dev.holdfast.keys.store.KeyGeneration;
import dev.holdfast.keys.store.KeyPlan;
import dev.holdfast.keys.store.RealmMembers;
import dev.holdfast.keys.store.StoredKeys;
import dev.holdfast.server.daemon.BackupServer;
import dev.holdfast.server.daemon.ServerSetup;
import dev.holdfast.server.transport.SshEndpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.InvalidKeyException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@Timeout(120)
final class RevocationTest {
    @TempDir
    Path folder;

    private int port;
    private BackupServer server;
    private StoredKeys keys;

    @BeforeEach
    void start() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        configure("alice", "bob");
        DirectoryKeyStore store = new DirectoryKeyStore(folder.resolve("keys"));
        try (KeyPlan plan = new KeyGeneration(store, new SecureRandom())
                .plan(
                        List.of("attic", "alice", "bob"),
                        List.of(new RealmMembers("default", List.of("alice", "bob"), List.of())))) {
            plan.commit();
        }
        keys = new StoredKeys(store);
        server = BackupServer.start(new ServerSetup(
                "attic",
                folder.resolve("holdfast.yaml"),
                folder.resolve("keys"),
                folder.resolve("keys"),
                folder.resolve("data"),
                folder.resolve("state"),
                InstantSource.system(),
                new SecureRandom(),
                "test"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void configure(String... clients) throws IOException {
        StringBuilder text = new StringBuilder("""
                servers:
                  - {name: attic, hostname: 127.0.0.1, port: %d, listen: "127.0.0.1:%d", data: data}
                volumes:
                  - {name: photos, path: photos}
                clients:
                """.formatted(port, port));
        for (String client : clients) {
            text.append("  - {name: " + client + ", backup: [photos]}\n");
        }
        Path fresh = folder.resolve("fresh");
        Files.writeString(fresh, text);
        Files.move(fresh, folder.resolve("holdfast.yaml"), StandardCopyOption.REPLACE_EXISTING);
    }

    private ByteLink connect(String host) throws InvalidKeyException {
        SshPublicKey pinned = keys.findSsh("attic").orElseThrow();
        try (MachineKeys secrets = keys.machine(host)) {
            return SshLink.open(
                    new SshTarget("attic", "127.0.0.1", port, List.of(pinned)),
                    host,
                    SshIdentity.of(secrets.sshSeed(), secrets.publicKeys().ssh().raw()),
                    Timeouts.standard(),
                    FlowLimits.standard());
        }
    }

    private static FrameReader begin(ByteLink link) throws IOException {
        FrameWriter writer = new FrameWriter(link);
        FrameReader reader = new FrameReader(link);
        writer.writeNow(new Message.Hello(1, 1, "test", 0));
        assertThat(reader.read()).isInstanceOf(Message.Welcome.class);
        writer.writeNow(new Message.Begin("default", "photos", new byte[16]));
        assertThat(reader.read()).isInstanceOf(Message.Begun.class);
        return reader;
    }

    /** The read ends because the server cut the connection, not because it answered. */
    private static void assertCutWithinASecond(FrameReader reader, long sinceNanos) {
        assertThatThrownBy(reader::read).isInstanceOf(IOException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - sinceNanos)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void aReloadCutsARevokedHostOffWithinASecondAndNobodyElse() throws Exception {
        try (ByteLink alice = connect("alice");
                ByteLink bob = connect("bob")) {
            FrameReader aliceReads = begin(alice);
            FrameReader bobReads = begin(bob);

            configure("bob");
            long since = System.nanoTime();
            server.reload();

            assertCutWithinASecond(aliceReads, since);
            new FrameWriter(bob).writeNow(new Message.Ping(4));
            assertThat(bobReads.read()).isEqualTo(new Message.Pong(4));
            assertThatThrownBy(() -> connect("alice").close())
                    .isInstanceOfSatisfying(
                            HoldfastException.class,
                            e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.DENIED));
        }
    }

    @Test
    void theLogHasOneLineForAHostThatIsPutOutThoughItHasTwoChannels() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger("dev.holdfast.server");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(lines);
        try (ByteLink first = connect("alice");
                ByteLink second = connect("alice")) {
            FrameReader firstReads = begin(first);
            FrameReader secondReads = begin(second);
            configure("bob");
            long since = System.nanoTime();
            server.reload();
            assertCutWithinASecond(firstReads, since);
            assertCutWithinASecond(secondReads, since);
        }
        server.close();
        logger.detachAppender(lines);
        logger.setLevel(null);
        assertThat(lines.list.stream()
                        .filter(line -> line.getLevel().isGreaterOrEqual(Level.INFO))
                        .filter(line -> !line.getLoggerName().equals(SshEndpoint.LIBRARY_VOICE))
                        .map(ILoggingEvent::getFormattedMessage))
                .filteredOn(line -> line.contains("alice") || line.contains("broke") || line.contains("session"))
                .containsExactly("alice is no longer in the configuration: put out");
    }

    @Test
    void theChangedFileAloneDoesTheSame() throws Exception {
        try (ByteLink alice = connect("alice")) {
            FrameReader aliceReads = begin(alice);

            configure("bob");

            assertCutWithinASecond(aliceReads, System.nanoTime());
        }
    }

    @Test
    void aBrokenConfigurationChangesNothing() throws Exception {
        try (ByteLink alice = connect("alice")) {
            FrameReader aliceReads = begin(alice);
            Files.writeString(folder.resolve("holdfast.yaml"), "nonsense: true\n");

            assertThatThrownBy(server::reload).isInstanceOf(HoldfastException.class);

            new FrameWriter(alice).writeNow(new Message.Ping(5));
            assertThat(aliceReads.read()).isEqualTo(new Message.Pong(5));
        }
    }
}
