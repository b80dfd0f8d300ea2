package dev.holdfast.system.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.holdfast.core.object.SealedObject;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.wire.Message;
import dev.holdfast.core.wire.MessageType;
import dev.holdfast.server.transport.SshEndpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * An agent with a good key breaks the protocol in every state of a session, over real SSH: it says whatever may not be said there, noise,
 * and whatever may be said there cut short, too long, with bytes left over, and with its end missing. Each time its session ends with one
 * line in the log, the others' sessions go on, and the repository is what it was. Types of messages and examples of them are those that
 * {@code core} has, so a new one is tried as well.
 */
@Timeout(300)
final class HostileAgentTest {
    private static final Path EXAMPLES = Path.of("../core/src/test/golden/messages.txt");
    private static final int HEADER_BYTES = 5;

    @TempDir
    Path folder;

    private final SplittableRandom random = new SplittableRandom(41);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Map<MessageType, byte[]> examples = new EnumMap<>(MessageType.class);
    private ServerWithHosts site;
    private Conversation neighbour;
    private SnapshotRecord stored;

    @BeforeEach
    void open() throws Exception {
        readExamples();
        site = new ServerWithHosts(folder);
        try (Conversation alice = new Conversation(site.connect("alice"))) {
            alice.greet();
            stored = alice.commit();
            alice.say(new Message.Bye());
        }
        neighbour = new Conversation(site.connect("bob"));
        neighbour.greet();
        neighbour.begin();
        lines.start();
        logger().setLevel(Level.INFO);
        logger().addAppender(lines);
    }

    @AfterEach
    void close() throws IOException {
        logger().detachAppender(lines);
        logger().setLevel(null);
        neighbour.close();
        site.close();
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger("dev.holdfast.server");
    }

    /** One frame of each type, as they follow each other in the golden file of {@code core}. */
    private void readExamples() throws IOException {
        byte[] all = HexFormat.of().parseHex(Files.readString(EXAMPLES).replace("\n", ""));
        ByteBuffer in = ByteBuffer.wrap(all);
        for (MessageType type : MessageType.values()) {
            byte[] frame = new byte[4 + in.getInt(in.position())];
            in.get(frame);
            assertThat(frame[4]).as("type of the example of %s", type).isEqualTo((byte) type.number());
            examples.put(type, frame);
        }
        assertThat(in.hasRemaining()).isFalse();
    }

    private byte[] example(MessageType type) {
        return Objects.requireNonNull(examples.get(type));
    }

    @ParameterizedTest
    @EnumSource(ProtocolState.class)
    void whoeverBreaksTheProtocolEndsHisOwnSessionAndNothingElse(ProtocolState state) throws Exception {
        for (MessageType type : MessageType.values()) {
            byte[] example = example(type);
            if (!state.allows(type)) {
                assertTurnedAway(state, type + " out of place", example);
                continue;
            }
            assertTurnedAway(state, type + " cut short", resized(example, example.length - 1));
            assertTurnedAway(state, type + " with a byte left over", resized(example, example.length + 1));
            assertTurnedAway(state, type + " over its limit", header(type, type.maxBodyBytes() + 1));
            assertTurnedAway(state, type + " of noise", noise(type));
            if (example.length > HEADER_BYTES) {
                assertBreaks(state, type + " without its end", Arrays.copyOf(example, example.length - 1));
            }
        }
        byte[] noise = new byte[20_000];
        random.nextBytes(noise);
        assertTurnedAway(state, "noise", noise);
        assertTurnedAway(state, "an unknown type", header(MessageType.values().length + 1, 0));
        assertTurnedAway(state, "a frame without a type", new byte[HEADER_BYTES]);
        assertHoldsNothingOfTheExamples();
    }

    /** The same frame with a body of another length, and a header that says so. */
    private static byte[] resized(byte[] frame, int length) {
        // Of a type that has no body there is then a header that counts nothing.
        byte[] other = Arrays.copyOf(frame, Math.max(length, HEADER_BYTES));
        ByteBuffer.wrap(other).putInt(length - 4);
        return other;
    }

    private static byte[] header(MessageType type, int bodyBytes) {
        return header(type.number(), bodyBytes);
    }

    private static byte[] header(int type, int bodyBytes) {
        return ByteBuffer.allocate(HEADER_BYTES)
                .putInt(bodyBytes + 1)
                .put((byte) type)
                .array();
    }

    private byte[] noise(MessageType type) {
        byte[] body = new byte[Math.min(type.maxBodyBytes(), 300)];
        random.nextBytes(body);
        return ByteBuffer.allocate(HEADER_BYTES + body.length)
                .put(header(type, body.length))
                .put(body)
                .array();
    }

    private void assertTurnedAway(ProtocolState state, String what, byte[] says) throws Exception {
        Map<String, byte[]> before;
        Message.Failure failure;
        try (Conversation alice = new Conversation(site.connect("alice"))) {
            alice.reach(state, stored);
            before = repository();
            assertThat(before).isNotEmpty();
            lines.list.clear();
            alice.say(says);
            failure = alice.readToFailure();
        } catch (IOException | AssertionError e) {
            throw new AssertionError(what + " in state " + state + ": " + e.getMessage(), e);
        }
        assertThat(failure.code()).as(what).isEqualTo(ProblemCode.PROTOCOL);
        assertThat(complaints())
                .as(what)
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith("session of alice (127.0.0.1:")
                        .endsWith(" ended: " + failure.message() + " [HF-PROTOCOL]"));
        assertNothingElseHappened(what, before);
    }

    /** A message that ends in the middle is a connection that broke: no one is left to be told. */
    private void assertBreaks(ProtocolState state, String what, byte[] says) throws Exception {
        Map<String, byte[]> before;
        try (Conversation alice = new Conversation(site.connect("alice"))) {
            alice.reach(state, stored);
            before = repository();
            lines.list.clear();
            alice.say(says);
        }
        while (complaints().isEmpty()) {
            Thread.onSpinWait(); // the test's timeout bounds this
        }
        assertThat(complaints())
                .as(what)
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith("connection of alice (127.0.0.1:")
                        .contains(" broke: "));
        assertNothingElseHappened(what, before);
    }

    private List<String> complaints() {
        return List.copyOf(lines.list).stream()
                .filter(line -> !line.getLoggerName().equals(SshEndpoint.LIBRARY_VOICE))
                .filter(line -> line.getLevel().isGreaterOrEqual(Level.WARN)
                        || line.getFormattedMessage().contains(" broke: "))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private void assertNothingElseHappened(String what, Map<String, byte[]> before) throws IOException {
        neighbour.assertAnswers();
        while (site.server().status().connections().size() > 1) {
            Thread.onSpinWait(); // until the session is gone, with all that it does at its end
        }
        Map<String, byte[]> after = repository();
        assertThat(after.keySet()).as(what).isEqualTo(before.keySet());
        before.forEach((file, content) -> assertThat(Arrays.mismatch(content, after.get(file)))
                .as("%s: %s", what, file)
                .isEqualTo(-1));
    }

    private Map<String, byte[]> repository() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(site.data())) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(site.data().relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return files;
    }

    private void assertHoldsNothingOfTheExamples() throws Exception {
        try (Conversation alice = new Conversation(site.connect("alice"))) {
            alice.greet();
            byte[] put = example(MessageType.PUT);
            SealedObject object = SealedObject.parse(put, HEADER_BYTES, put.length - HEADER_BYTES);
            assertThat(alice.lacksAll(List.of(object.id()))).isTrue();
        }
    }
}
