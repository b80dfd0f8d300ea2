package dev.holdfast.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.holdfast.core.transport.SshIdentity;
import dev.holdfast.keys.machine.SshSecret;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** What a host that has logged in may open, and what the log says of the rest. */
@Timeout(60)
final class HostChannelsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static SshIdentity newKey() {
        return SshIdentity.of(SshSecret.generate(new SecureRandom()));
    }

    @Test
    void aSubsystemThatIsNotHereIsToldInOneLineOfOurOwnWithTheNameOfTheHost() throws IOException {
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        Level before = root.getLevel();
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        EndpointConfig config = new EndpointConfig(
                List.of(new EndpointConfig.ListenAddress("127.0.0.1", 0)),
                newKey(),
                EndpointLimits.standard(),
                InstantSource.system());
        try (SshEndpoint endpoint = SshEndpoint.start(config, (key, user) -> Optional.of("alice"), (host, link) -> {});
                SshClient client = SshClient.setUpDefaultClient()) {
            client.setServerKeyVerifier((session, address, key) -> true);
            client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
            client.start();
            root.setLevel(Level.INFO);
            root.addAppender(lines);
            try (ClientSession session = client.connect(
                            "alice", "127.0.0.1", endpoint.ports().get(0))
                    .verify(PATIENCE)
                    .getSession()) {
                session.addPublicKeyIdentity(newKey().keyPair());
                session.auth().verify(PATIENCE);
                assertThat(isThere(session, "no\npe")).isFalse();
                assertThat(isThere(session, "nope")).isFalse();
                assertThat(isThere(session, "sftp")).isTrue();
            }
        } finally {
            root.detachAppender(lines);
            root.setLevel(before);
        }

        assertThat(lines.list)
                .filteredOn(event -> event.getLoggerName().contains(".server."))
                .extracting(ILoggingEvent::getFormattedMessage)
                .filteredOn(line -> line.contains("subsystem"))
                .singleElement()
                .asString()
                .matches("alice \\(127\\.0\\.0\\.1:[0-9]+\\) asked for subsystem 'no\\\\u000ape': there is none here");
    }

    /** What the server has started gives an exit status when it ends. */
    private static boolean isThere(ClientSession session, String subsystem) throws IOException {
        var channel = session.createSubsystemChannel(subsystem);
        channel.open().verify(PATIENCE);
        assertThat(channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), PATIENCE))
                .contains(ClientChannelEvent.CLOSED);
        return channel.getExitStatus() != null;
    }
}
