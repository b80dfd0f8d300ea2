package dev.holdfast.agent.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.core.problem.HoldfastException;
import org.junit.jupiter.api.Test;

/** Which engine is meant by an address, and what is to be done when nothing answers there. */
final class EngineAddressTest {
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
    void theCommandLineIsThatOfTheEngine() {
        assertThat(EngineAddress.parse("unix:///run/podman/podman.sock").program())
                .isEqualTo("podman");
        assertThat(EngineAddress.parse("unix:///var/run/docker.sock").program()).isEqualTo("docker");
        assertThat(EngineAddress.parse("tcp://proxy:2375").program()).isEqualTo("docker");
    }
}
