package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.leftover.OpenWork;
import dev.holdfast.agent.schedule.AgentControl;
import dev.holdfast.agent.schedule.ScheduleReport;
import dev.holdfast.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ScheduleTableTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void ofABrokenConfigurationTheFirstProblemIsSaidAndWhatShowsAll() {
        assertThat(shown("2 problems in /h.yaml\nh.yaml:3:1: unknown key 'cleints'\n    3 | cleints:\n      | ^^^"))
                .contains("warning: the changed configuration is not used: 2 problems in /h.yaml\n")
                .contains("the first: h.yaml:3:1: unknown key 'cleints'\n", "`holdfast config validate`")
                .doesNotContain("^^^");
    }

    @Test
    void aReasonOfOneLineStandsAlone() {
        assertThat(shown("no machine 'alice'"))
                .contains("is not used: no machine 'alice'\n")
                .doesNotContain("hint");
    }

    private String shown(String complaint) {
        Path here = Path.of("");
        Terminal terminal =
                new Terminal(out, OutputStream.nullOutputStream(), Terminal.Keyboard.NOBODY, Terminal.Shape.PIPES);
        Session session = new Session(
                terminal, new Surroundings(Map.of(), here, here, false), InstantSource.system(), new SecureRandom());
        new ScheduleTable(session)
                .status(
                        new ScheduleReport("alice", true, false, List.of()),
                        Optional.of(new AgentControl.Speaker(1, "holdfast test", Optional.of(complaint))),
                        new PortTrouble(Optional.empty()),
                        new OpenWork(List.of(), List.of()));
        terminal.flush();
        return out.toString(StandardCharsets.UTF_8);
    }
}
