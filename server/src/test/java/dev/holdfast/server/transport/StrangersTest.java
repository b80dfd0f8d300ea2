package dev.holdfast.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.holdfast.core.transport.SshIdentity;
import dev.holdfast.keys.machine.SshSecret;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** What the server's log says of those who do not get in: one line for each, in our words. */
@Timeout(60)
final class StrangersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.holdfast.server.transport");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final SshIdentity stranger = newKey();
    private SshEndpoint endpoint;

    @BeforeEach
    void listen() {
        listen(Duration.ofSeconds(1));
    }

    private void listen(Duration loginTimeout) {
        EndpointConfig config = new EndpointConfig(
                List.of(new EndpointConfig.ListenAddress("127.0.0.1", 0)),
                newKey(),
                EndpointLimits.standard().withLoginTimeout(loginTimeout),
                InstantSource.system());
        endpoint = SshEndpoint.start(config, (key, user) -> Optional.empty(), (host, link) -> {});
        logger.setLevel(Level.INFO);
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stop() {
        endpoint.close();
        logger.detachAppender(lines);
        logger.setLevel(null);
    }

    private static SshIdentity newKey() {
        return SshIdentity.of(SshSecret.generate(new SecureRandom()));
    }

    /** Sends bytes instead of SSH, and returns when the server has hung up and let go. */
    private void send(String text) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), endpoint.ports().get(0))) {
            socket.setSoTimeout(20_000);
            try {
                socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
                InputStream in = socket.getInputStream();
                while (in.read() >= 0) {
                    // greeting and goodbye
                }
            } catch (IOException e) {
                // a reset is an end, too
            }
        }
        awaitNoStrangers();
    }

    private void awaitNoStrangers() {
        while (endpoint.strangers() > 0) {
            Thread.onSpinWait();
        }
    }

    private void knock(String user) throws IOException {
        try (SshClient client = SshClient.setUpDefaultClient()) {
            client.setServerKeyVerifier((session, address, key) -> true);
            client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
            client.start();
            try (ClientSession session = client.connect(
                            user, "127.0.0.1", endpoint.ports().get(0))
                    .verify(PATIENCE)
                    .getSession()) {
                session.addPublicKeyIdentity(stranger.keyPair());
                session.auth().verify(PATIENCE);
            } catch (IOException e) {
                // refused, as it should be
            }
        }
        awaitNoStrangers();
    }

    /** What the server's log shows: the library's own voice is turned down there. */
    private List<String> said() {
        return lines.list.stream()
                .filter(event -> !event.getLoggerName().equals(SshEndpoint.LIBRARY_VOICE))
                .map(event -> event.getFormattedMessage().replaceFirst("^127.0.0.1:[0-9]+ ", ""))
                .filter(line -> !line.startsWith("listening"))
                .toList();
    }

    @Test
    void theLibrarySpeaksThroughItsSessions() {
        assertThat(SshEndpoint.LIBRARY_VOICE).isEqualTo(HostSession.class.getName());
    }

    @Test
    void whoeverIsNoHostLeavesOneLineThatSaysWhy() throws Exception {
        send("SSH-2.0-x\r\n\0\0\0\10 and so on and on and on and on and on and on");
        send("SSH-2.0-\033[31m'red\r\n");
        send("");
        assertThat(said())
                .containsExactly(
                        "did not get in: it broke the rules of SSH, calling itself 'SSH-2.0-x'",
                        "did not get in: it went, or was put out, before it showed a key, calling itself 'SSH-2.0-\\u001b[31m\\u0027red'",
                        "did not get in: it went, or was put out, without a word");
    }

    @Test
    void garbageIsCalledSo() throws Exception {
        send("GET / HTTP/1.1\r\n\r\n".repeat(400));
        assertThat(said()).containsExactly("did not get in: it does not speak SSH");
    }

    @Test
    void aRefusedKeyIsNamedAndTheUserIsOnlyAClaim() throws Exception {
        stop();
        listen(PATIENCE); // a client on a busy machine takes its time

        knock("root\nERROR all is lost");

        assertThat(said())
                .containsExactly("did not get in: no host here has the key "
                        + stranger.publicKey().fingerprint()
                        + ", saying that it is 'root\\u000aERROR all is lost'");
    }

    @Test
    void aFloodIsCountedAndNotToldLineByLine() throws Exception {
        long[] now = {0};
        StrangerLog log = new StrangerLog(() -> now[0]);
        for (int i = 0; i < 5000; i++) {
            byte[] address = {10, 0, (byte) (i % 7), 1};
            log.notIn(InetAddress.getByAddress(address), "10.0.x.1:1", "it does not speak SSH");
        }
        assertThat(said()).hasSize(StrangerLog.LINES_PER_MINUTE);

        now[0] = Duration.ofMinutes(1).toNanos();
        log.notIn(InetAddress.getLoopbackAddress(), "127.0.0.1:9", "it does not speak SSH");
        assertThat(said().subList(StrangerLog.LINES_PER_MINUTE, said().size()))
                .containsExactly(
                        "4970 more strangers did not get in, from 7 addresses",
                        "did not get in: it does not speak SSH");
    }

    @Test
    void aClaimIsCutAndCannotEndItsQuotes() {
        assertThat(StrangerLog.quoted("alice")).isEqualTo("'alice'");
        assertThat(StrangerLog.quoted("a' b\\\r\u202e")).isEqualTo("'a\\u0027 b\\u005c\\u000d\\u202e'");
        assertThat(StrangerLog.quoted("x".repeat(1000))).isEqualTo("'" + "x".repeat(64) + "...'");
    }
}
