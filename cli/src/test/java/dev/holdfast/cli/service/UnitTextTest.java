package dev.holdfast.cli.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.core.problem.HoldfastException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class UnitTextTest {
    private static final Path GOLDEN = Path.of("src/test/golden/units");
    private static final Path ANALYZE = Path.of("/usr/bin/systemd-analyze");

    @TempDir
    Path folder;

    /** Each kind of unit there is. */
    private enum Sample {
        SERVER("holdfast", Service.Manager.SYSTEM, Service.Reads.OWN_FILES, 10022, "/srv/holdfast"),
        SERVER_OF_ROOT_WITH_LOCAL_VOLUMES("root", Service.Manager.SYSTEM, Service.Reads.VOLUMES, 22, "/srv/a b/50% $x"),
        SERVER_ON_A_LOW_PORT("holdfast", Service.Manager.SYSTEM, Service.Reads.OWN_FILES, 443, "/home/backups"),
        SERVER_BELOW_TMP("holdfast", Service.Manager.SYSTEM, Service.Reads.OWN_FILES, 10022, "/var/tmp/holdfast"),
        AGENT("root", Service.Manager.SYSTEM, Service.Reads.VOLUMES, 0, ""),
        AGENT_OF_A_PERSON("ann", Service.Manager.USER, Service.Reads.VOLUMES, 0, "");

        private final String owner;
        private final Service.Manager manager;
        private final Service.Reads reads;
        private final int port;
        private final String data;

        Sample(String owner, Service.Manager manager, Service.Reads reads, int port, String data) {
            this.owner = owner;
            this.manager = manager;
            this.reads = reads;
            this.port = port;
            this.data = data;
        }

        Role role() {
            return port > 0 ? Role.SERVER : Role.AGENT;
        }

        Service service(String program) {
            List<Path> writes = new ArrayList<>(List.of(Path.of("/var/lib/holdfast/vault")));
            if (!data.isEmpty()) {
                writes.add(Path.of(data));
            }
            boolean named = manager == Service.Manager.SYSTEM && !owner.equals("root");
            return new Service(
                    role(),
                    "vault",
                    manager,
                    named ? Optional.of(owner) : Optional.empty(),
                    List.of(program, "--path", "/etc/my \"own\" $HOME/50%/holdfast.yaml", "server", "run"),
                    Map.of("JAVA_HOME", "/opt/java 17", "HOLDFAST_JAVA_OPTS", "-Xmx1g -Dx=\\y"),
                    reads,
                    List.of(Path.of("/etc/holdfast")),
                    writes,
                    port > 0 && port < 1024,
                    true);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aUnitIsAsWritten(Sample sample) throws IOException {
        String text = UnitFile.contentFor(sample.service("/opt/holdfast/bin/holdfast"));

        Path golden = GOLDEN.resolve(sample.name().toLowerCase(Locale.ROOT) + ".service");
        if (System.getProperty("golden.update") != null) {
            Files.createDirectories(GOLDEN);
            Files.writeString(golden, text);
        }
        assertThat(text).isEqualTo(Files.readString(golden));
    }

    @ParameterizedTest
    @EnumSource
    void systemdFindsNoFault(Sample sample) throws Exception {
        assumeTrue(Files.isExecutable(ANALYZE), "NOT RUN: needs " + ANALYZE);
        String text = UnitFile.contentFor(sample.service("/bin/true"));

        assertThat(analyze(sample, text.replaceAll("User=.*\n", ""))).isEmpty();
        // So that silence means something.
        assertThat(analyze(sample, text.replace("NoNewPrivileges=yes", "NoNewPrivilege=yes")))
                .contains("NoNewPrivilege");
    }

    private String analyze(Sample sample, String text) throws Exception {
        Path file = folder.resolve(sample.role().unit() + ".service");
        Files.writeString(file, text);
        Process process = new ProcessBuilder(ANALYZE.toString(), "verify", "--man=no", file.toString())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }

    @Test
    void nothingInAWordMeansAnythingToSystemd() {
        assertThat(UnitText.word("/opt/holdfast-0.1/bin")).isEqualTo("/opt/holdfast-0.1/bin");
        assertThat(UnitText.word("/a b")).isEqualTo("\"/a b\"");
        assertThat(UnitText.word("/50%h")).isEqualTo("\"/50%%h\"");
        assertThat(UnitText.word("/a\"b\\c")).isEqualTo("\"/a\\\"b\\\\c\"");
        assertThatThrownBy(() -> UnitText.word("/a\nUser=root"))
                .isInstanceOf(HoldfastException.class)
                .hasMessageContaining("control characters");
    }

    @Test
    void aFileThatSomebodyChangedIsToldFromOneThatIsOnlyOld() throws IOException {
        String before = UnitFile.contentFor(Sample.SERVER.service("/opt/old/bin/holdfast"));
        String wanted = UnitFile.contentFor(Sample.SERVER.service("/opt/new/bin/holdfast"));
        UnitFile unit = new UnitFile(Role.SERVER, folder.resolve("made by it"));
        assertThat(unit.standing(wanted)).isEqualTo(UnitFile.Standing.ABSENT);

        unit.write(before);
        assertThat(unit.standing(before)).isEqualTo(UnitFile.Standing.SAME);
        assertThat(unit.standing(wanted)).isEqualTo(UnitFile.Standing.OUTDATED);

        Files.writeString(unit.file(), before.replace("RestartSec=15", "RestartSec=16"));
        assertThat(unit.standing(wanted)).isEqualTo(UnitFile.Standing.EDITED);
        Files.writeString(unit.file(), "[Unit]\nDescription=mine\n");
        assertThat(unit.standing(wanted)).isEqualTo(UnitFile.Standing.FOREIGN);
        Files.writeString(unit.file(), before.replace("'vault'", "'other'"));
        assertThat(unit.standing(wanted)).isEqualTo(UnitFile.Standing.FOREIGN);
    }
}
