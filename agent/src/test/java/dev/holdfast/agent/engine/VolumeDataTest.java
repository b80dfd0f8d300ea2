package dev.holdfast.agent.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be said of a volume before it is made. */
final class VolumeDataTest {
    @TempDir
    Path folder;

    private static EngineVolume planned(String driver, Map<String, String> options) {
        return new EngineVolume("shop", driver, Path.of("/"), options, Map.of(), "docker", false);
    }

    private static Problem refusal(EngineVolume planned) {
        return catchThrowableOfType(HoldfastException.class, () -> VolumeData.requireUsable(planned))
                .problem();
    }

    @Test
    void aPlainVolumeCanBeMade() {
        assertThatCode(() -> VolumeData.requireUsable(planned("local", Map.of())))
                .doesNotThrowAnyException();
    }

    @Test
    void aVolumeThatIsMountedOnlyWhileItIsUsedIsRefusedWithTheWayToDoIt() {
        Problem problem = refusal(planned("local", Map.of("type", "tmpfs", "device", "tmpfs")));

        assertThat(problem.code()).isEqualTo(ProblemCode.NOT_FOUND);
        assertThat(problem.message()).contains("(tmpfs)", "mounted only while a container uses it");
        assertThat(problem.hint())
                .contains("`docker volume create --driver local --opt device=tmpfs --opt type=tmpfs shop`", "--force");
        assertThat(refusal(planned("rexray", Map.of())).message()).contains("(driver rexray)");
    }

    @Test
    void aVolumeThatBindsAFolderNeedsTheFolderAndForItselfAlone() throws IOException {
        Path device = folder.resolve("device");
        Map<String, String> options = Map.of("type", "none", "o", "bind", "device", device.toString());

        assertThat(refusal(planned("local", options)).hint())
                .contains("mount that; else make it: `mkdir -p " + device + "`");
        assertThat(device.toFile().mkdir()).isTrue();
        assertThatCode(() -> VolumeData.requireUsable(planned("local", options)))
                .doesNotThrowAnyException();

        Files.writeString(device.resolve("precious"), "live");
        assertThat(refusal(planned("local", options)).message())
                .contains("would be the folder " + device + " (o=bind)", "is not empty");
    }
}
