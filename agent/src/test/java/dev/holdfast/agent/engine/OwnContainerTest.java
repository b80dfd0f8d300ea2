package dev.holdfast.agent.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Lines as Docker 20.10, Docker 27 and Podman 4 were seen to show them to the processes of a container. */
final class OwnContainerTest {
    private static final String OURS = "99c11fe4b4aac2374d86d63e92cab6e3b183d33b61a89deabfbc4c1bba374de6";
    private static final String OTHER = "4bf686b5cdf3408b134f19345da3451cb936f0fef2dfba39df5b22e499d277b2";
    private static final String LAYER = "0271ec8a96dc3a69067811796f19eae3507e0c74963f2eb23adc603fa23e8398";
    private static final List<String> HIDDEN = List.of("0::/");

    private static Optional<String> find(List<String> cgroups, String hostname, String... mounts) {
        return OwnContainer.find(cgroups, List.of(mounts), hostname);
    }

    @Test
    void theControlGroupTells() {
        assertThat(find(List.of("9:name=systemd:/docker/" + OURS, "0::/docker/" + OURS), ""))
                .contains(OURS);
        assertThat(find(List.of("0::/system.slice/docker-" + OURS + ".scope"), ""))
                .contains(OURS);
        assertThat(find(List.of("0::/machine.slice/libpod-" + OURS + ".scope/container"), ""))
                .contains(OURS);
    }

    @Test
    void ofContainersInContainersItIsTheInnermost() {
        assertThat(find(List.of("1:cpu:/docker/" + OTHER + "/docker/" + OURS), ""))
                .contains(OURS);
    }

    @Test
    void withAGroupNamespaceTheMountOfTheHostNameTells() {
        assertThat(find(
                        HIDDEN,
                        "anything",
                        "80 53 0:39 / / rw - overlay overlay rw,upperdir=/var/lib/docker/overlay2/" + LAYER + "/diff",
                        "90 80 254:0 /lib/docker/containers/" + OTHER + "/mounts/shm /shown rw - ext4 /dev/vda rw",
                        "99 80 254:0 /lib/docker/containers/" + OURS + "/hostname /etc/hostname rw - ext4 /dev/vda rw"))
                .contains(OURS);
    }

    @Test
    void theGroupGoesBeforeTheMountWhichASharedNetworkBrings() {
        assertThat(find(
                        List.of("0::/docker/" + OURS),
                        "",
                        "99 80 254:0 /lib/docker/containers/" + OTHER
                                + "/hostname /etc/hostname rw - ext4 /dev/vda rw"))
                .contains(OURS);
    }

    @Test
    void theHostNameTellsWhenNothingElseDoes() {
        assertThat(find(HIDDEN, OURS.substring(0, 12))).contains(OURS.substring(0, 12));
    }

    @Test
    void aProcessOfAHostIsInNone() {
        assertThat(find(
                        List.of("0::/user.slice/user-0.slice/session-3.scope"),
                        "production2",
                        "27 1 254:0 / / rw - ext4 /dev/vda rw",
                        "40 27 0:40 / /var/lib/docker/containers/" + OTHER + "/mounts/shm rw - tmpfs shm rw"))
                .isEmpty();
    }
}
