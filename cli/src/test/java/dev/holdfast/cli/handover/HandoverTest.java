package dev.holdfast.cli.handover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.schedule.AgentControl;
import dev.holdfast.cli.terminal.Terminal;
import dev.holdfast.core.daemon.ControlSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class HandoverTest {
    private static final int LONG = 3 << 20;

    @TempDir
    Path state;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** An agent of that host that does this with each line. */
    private ControlSocket agent(String host, Consumer<Relay> work) throws IOException {
        return ControlSocket.open(state.resolve(host), AgentControl.SOCKET, new ControlSocket.Requests() {
            @Override
            public boolean converse(String request, ControlSocket.Caller caller) throws IOException {
                Reception.hold(caller, (line, relay) -> new Reception.Work() {
                    @Override
                    public void carryOut() {
                        assertThat(line.words()).containsExactly("backup", "v");
                        work.accept(relay);
                        relay.leave();
                    }

                    @Override
                    public void cancel(boolean bySystem) {}
                });
                return true;
            }

            @Override
            public byte[] answer(String request) {
                return new byte[0];
            }

            @Override
            public void refused(String request, String reason) {}

            @Override
            public void ended(String reason) {}
        });
    }

    private Handover.Outcome handOver(OutputStream stdout) {
        TypedLine line =
                TypedLine.ofThisProcess("1", Terminal.Shape.PIPES, state.toString(), Map.of(), List.of("backup", "v"));
        return new Handover(line, stdout, err, code -> {}).attempt(state);
    }

    private static void talk(Relay relay) {
        relay.accept();
        Terminal terminal = relay.terminal(Terminal.Shape.PIPES);
        terminal.out().print("o".repeat(LONG));
        terminal.err().print("caf\u00e9");
        terminal.flush();
        relay.end(143);
    }

    @Test
    void everythingThatIsSaidArrivesAndTheExitCodeToo() throws IOException {
        ControlSocket agent = agent("h", HandoverTest::talk);
        Handover.Outcome outcome = handOver(out);
        agent.close();

        assertThat(outcome.end()).isEqualTo(Handover.End.CARRIED_OUT);
        assertThat(outcome.exitCode()).isEqualTo(143);
        assertThat(out.size()).isEqualTo(LONG);
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("caf\u00e9");
    }

    @Test
    void aReaderThatHasGoneStopsNothing() throws IOException {
        ControlSocket agent = agent("h", HandoverTest::talk);
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("broken pipe");
            }
        };
        assertThat(handOver(closed).exitCode()).isEqualTo(143);
        agent.close();
    }

    @RepeatedTest(50)
    void aCommandThatBreaksOffWithoutAnEndIsLost() throws IOException {
        ControlSocket agent = agent("h", Relay::accept);
        assertThat(handOver(out).end()).isEqualTo(Handover.End.LOST);
        agent.close();
    }

    @Test
    void anAgentThatRefusesLeavesItsReason() throws IOException {
        ControlSocket agent = agent("a", relay -> relay.refuse("it is the agent of host 'a'"));
        Handover.Outcome outcome = handOver(out);
        assertThat(outcome.end()).isEqualTo(Handover.End.LEFT);
        assertThat(outcome.reason()).isEqualTo("it is the agent of host 'a'");
        agent.close();
    }

    /** Either of the two is asked first. */
    @ParameterizedTest
    @ValueSource(strings = {"a", "b"})
    void anAgentThatRefusesIsPassedOverForTheNext(String refusing) throws IOException {
        ControlSocket first = agent(refusing, relay -> relay.refuse("it is the agent of another host"));
        ControlSocket second = agent(refusing.equals("a") ? "b" : "a", HandoverTest::talk);
        assertThat(handOver(out).end()).isEqualTo(Handover.End.CARRIED_OUT);
        first.close();
        second.close();
    }

    @Test
    void withoutAnAgentItIsLeftWithoutAWord() {
        assertThat(handOver(out)).isEqualTo(Handover.Outcome.NOBODY_THERE);
    }

    @Test
    void onlyBackupsAndRestoresAreOffered() {
        assertThat(Handover.mayBe("--json", "backup", "v")).isTrue();
        assertThat(Handover.mayBe("restore", "v", "--yes")).isTrue();
        assertThat(Handover.mayBe("snapshots")).isFalse();
        assertThat(Handover.mayBe("backup", "v", "--no-agent")).isFalse();
        assertThat(Handover.mayBe("backup", "--help")).isFalse();
    }
}
