package dev.holdfast.system.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.wire.ByteLink;
import dev.holdfast.core.wire.FrameReader;
import dev.holdfast.core.wire.FrameWriter;
import dev.holdfast.core.wire.Message;
import dev.holdfast.server.transport.SshEndpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

    private ServerWithHosts site;

    @BeforeEach
    void start() throws IOException {
        site = new ServerWithHosts(folder);
    }

    @AfterEach
    void stop() {
        site.close();
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
        try (ByteLink alice = site.connect("alice");
                ByteLink bob = site.connect("bob")) {
            FrameReader aliceReads = begin(alice);
            FrameReader bobReads = begin(bob);

            site.configure("bob");
            long since = System.nanoTime();
            site.server().reload();

            assertCutWithinASecond(aliceReads, since);
            new FrameWriter(bob).writeNow(new Message.Ping(4));
            assertThat(bobReads.read()).isEqualTo(new Message.Pong(4));
            assertThatThrownBy(() -> site.connect("alice").close())
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
        try (ByteLink first = site.connect("alice");
                ByteLink second = site.connect("alice")) {
            FrameReader firstReads = begin(first);
            FrameReader secondReads = begin(second);
            site.configure("bob");
            long since = System.nanoTime();
            site.server().reload();
            assertCutWithinASecond(firstReads, since);
            assertCutWithinASecond(secondReads, since);
        }
        site.close();
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
        try (ByteLink alice = site.connect("alice")) {
            FrameReader aliceReads = begin(alice);

            site.configure("bob");

            assertCutWithinASecond(aliceReads, System.nanoTime());
        }
    }

    @Test
    void aBrokenConfigurationChangesNothing() throws Exception {
        try (ByteLink alice = site.connect("alice")) {
            FrameReader aliceReads = begin(alice);
            Files.writeString(site.configuration(), "nonsense: true\n");

            assertThatThrownBy(site.server()::reload).isInstanceOf(HoldfastException.class);

            new FrameWriter(alice).writeNow(new Message.Ping(5));
            assertThat(aliceReads.read()).isEqualTo(new Message.Pong(5));
        }
    }
}
