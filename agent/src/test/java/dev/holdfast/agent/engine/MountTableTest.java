package dev.holdfast.agent.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MountTableTest {
    private final MountTable mounts = new MountTable(List.of(
            "80 53 0:39 / / rw - overlay overlay rw",
            "97 80 254:0 /var/lib/docker/volumes /var/lib/docker/volumes ro - ext4 /dev/vda rw",
            "98 80 254:0 /srv/blue\\040sky /srv/blue\\040sky ro - ext4 /dev/vda rw"));

    @Test
    void aFolderOnTheRootIsBelowNoMount() {
        assertThat(mounts.isBelowMountPoint(Path.of("/srv"))).isFalse();
        assertThat(mounts.isBelowMountPoint(Path.of("/"))).isFalse();
        assertThat(mounts.isBelowMountPoint(Path.of("/var/lib/docker/volumes2/orders")))
                .isFalse();
    }

    @Test
    void aMountPointAndWhatIsInItAre() {
        assertThat(mounts.isBelowMountPoint(Path.of("/var/lib/docker/volumes"))).isTrue();
        assertThat(mounts.isBelowMountPoint(Path.of("/var/lib/docker/volumes/orders/_data")))
                .isTrue();
        assertThat(mounts.isBelowMountPoint(Path.of("/srv/blue sky"))).isTrue();
    }
}
