package dev.holdfast.agent.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which engine is meant by an address, and what is to be done when nothing answers there. */
final class EngineAddressTest {
    @TempDir
    Path folder;

    private static String hint(String address) {
        return catchThrowableOfType(HoldfastException.class, () -> Engine.connect(EngineAddress.parse(address)))
                .problem()
                .hint();
    }

    @Test
    void anEngineThatIsDownIsToBeStartedFirstOfAll() {
        assertThat(hint("unix:///no-such/docker.sock"))
                .startsWith("Start it: `systemctl start docker`.")
                .contains("DOCKER_HOST");
        assertThat(hint("unix:///no-such/podman/podman.sock")).startsWith("Start it: `systemctl start podman.socket`.");
        assertThat(hint("unix:///run/user/0/no-such/podman.sock"))
                .startsWith("Start it: `systemctl --user start podman.socket`.");
    }

    @Test
    void anEngineThatListensButSaysNothingIsToBeStartedAnew() throws IOException {
        Path socket = folder.resolve("podman.sock");
        try (ServerSocketChannel mute = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            mute.bind(UnixDomainSocketAddress.of(socket));
            EngineAddress address = EngineAddress.socket(socket);
            Problem problem = catchThrowableOfType(
                            HoldfastException.class, () -> new Engine(address, Duration.ofMillis(20)))
                    .problem();
            assertThat(problem.message()).endsWith("cannot be reached: the engine does not answer");
            assertThat(problem.hint())
                    .startsWith("It listens but says nothing; restart it: `systemctl restart podman`.");
        }
        assertThat(EngineAddress.parse("unix:///run/user/7/docker.sock").toRestart())
                .endsWith("`systemctl --user restart docker`");
        assertThat(EngineAddress.parse("tcp://192.0.2.1:2375").toRestart()).endsWith("restart the engine there");
    }

    @Test
    void theCommandLineIsThatOfTheEngine() {
        assertThat(EngineAddress.parse("unix:///run/podman/podman.sock").program())
                .isEqualTo("podman");
        assertThat(EngineAddress.parse("unix:///var/run/docker.sock").program()).isEqualTo("docker");
        assertThat(EngineAddress.parse("tcp://proxy:2375").program()).isEqualTo("docker");
    }
}
