package dev.holdfast.server.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.server.local.LocalAgent;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What to do about a client whose public key the server does not have depends on where keys come from there. */
final class StatusReportTest {
    @TempDir
    Path folder;

    private String way(Path keyStore) {
        return StatusReport.wayToKey(setup(keyStore), "field");
    }

    private ServerSetup setup(Path keyStore) {
        return new ServerSetup(
                "annex",
                folder.resolve("holdfast.yaml"),
                keyStore,
                folder.resolve("installed"),
                folder.resolve("data"),
                folder.resolve("state"),
                InstantSource.system(),
                new SecureRandom(),
                "test",
                Map.of(),
                LocalAgent.NONE);
    }

    @Test
    void whoeverJoinedIsTakenIntoAFolderAtOnceAndIntoAVaultWithTwoStepsMore() {
        assertThat(StatusReport.wayIntoStore(setup(folder), "field")).isEqualTo("run `holdfast keygen field` here");
        assertThat(StatusReport.wayIntoStore(setup(folder.resolve("installed")), "field"))
                .isEqualTo(
                        "run `holdfast keygen field` here, then `holdfast configure annex` and `holdfast server reload`");
    }

    @Test
    void outOfAVaultConfigureBringsIt() {
        assertThat(way(folder.resolve("installed")))
                .startsWith("run `holdfast configure annex` and `holdfast server reload` here");
        assertThat(way(folder.resolve("elsewhere"))).startsWith("run `holdfast configure annex`");
    }

    @Test
    void inAFolderBesideTheConfigurationTheServerReadsItItself() {
        assertThat(way(folder)).startsWith("run `holdfast keygen field`").doesNotContain("configure");
    }
}
