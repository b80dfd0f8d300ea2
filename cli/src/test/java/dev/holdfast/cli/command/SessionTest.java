package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.cli.terminal.Terminal;
import dev.holdfast.core.problem.HoldfastException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SessionTest {
    private static Session session(Map<String, String> environment, boolean superuser, boolean typed, String answer) {
        Terminal.Keyboard keyboard = new Terminal.Keyboard() {
            @Override
            public Optional<String> line(String prompt) {
                return Optional.of(answer);
            }

            @Override
            public Optional<char[]> secret(String prompt) {
                return Optional.empty();
            }
        };
        Terminal terminal = new Terminal(
                OutputStream.nullOutputStream(),
                OutputStream.nullOutputStream(),
                keyboard,
                new Terminal.Shape(typed, false, false, 80, false));
        return new Session(
                terminal,
                new Surroundings(environment, Path.of("/work"), Path.of("/home/ada"), superuser),
                InstantSource.system(),
                new SecureRandom());
    }

    @ParameterizedTest
    @CsvSource({
        "true, '', /var/lib/holdfast",
        "false, '', /home/ada/.local/state/holdfast",
        "false, /xdg, /xdg/holdfast",
        "false, relative, /home/ada/.local/state/holdfast"
    })
    void theStateDirectoryFollowsTheUserAndXdg(boolean superuser, String xdg, Path expected) {
        assertThat(session(Map.of("XDG_STATE_HOME", xdg), superuser, false, "").stateDirectory())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"y, true", "Yes, true", "n, false", "'', false", "yesterday, false"})
    void onlyAClearYesIsAYes(String answer, boolean agreed) {
        assertThat(session(Map.of(), false, true, answer).confirm("go on?")).isEqualTo(agreed);
    }

    @Test
    void withoutATerminalNobodyIsAsked() {
        Session session = session(Map.of(), false, false, "y");

        assertThatThrownBy(() -> session.confirm("go on?"))
                .isInstanceOf(HoldfastException.class)
                .hasMessageContaining("no terminal");
    }

    @Test
    void cancellationReachesWhoeverAskedForItOnce() {
        Cancellation cancellation = new Cancellation();
        List<String> heard = new ArrayList<>();
        cancellation.onRequest(() -> heard.add("early"));

        assertThat(cancellation.request()).isTrue();
        assertThat(cancellation.request()).isFalse();
        cancellation.onRequest(() -> heard.add("late"));

        assertThat(heard).containsExactly("early", "late");
    }
}
