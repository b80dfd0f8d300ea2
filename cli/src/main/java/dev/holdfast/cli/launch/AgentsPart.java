package dev.holdfast.cli.launch;

import dev.holdfast.agent.schedule.AgentControl;
import dev.holdfast.cli.command.Surroundings;
import dev.holdfast.cli.handover.Reception;
import dev.holdfast.cli.handover.Relay;
import dev.holdfast.cli.terminal.Terminal;
import dev.holdfast.core.daemon.ControlSocket;
import java.io.IOException;
import java.nio.file.Path;

/** Plays a resident agent that has nothing to do, for the {@link Rehearsal}: so the classes of the shell's side are loaded. */
final class AgentsPart implements ControlSocket.Requests {
    private AgentsPart() {}

    static void rehearse(Path folder, Surroundings surroundings) throws IOException {
        ControlSocket socket = ControlSocket.open(folder.resolve("state/c"), AgentControl.SOCKET, new AgentsPart());
        try {
            String[] words = {"--path", folder.toString(), "backup", "v"};
            Terminal.Shape shape =
                    Terminal.Shape.ofProcess(Surroundings.ofProcess().environment());
            AgentFirst.attempt(
                    "rehearsal",
                    RawArguments.restore(words, Path.of("/proc/self/cmdline")),
                    surroundings,
                    shape,
                    Main.exit());
        } finally {
            socket.close();
        }
    }

    @Override
    public boolean converse(String request, ControlSocket.Caller caller) throws IOException {
        Reception.hold(caller, (line, relay) -> new Nothing(relay, line.shape()));
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

    private record Nothing(Relay relay, Terminal.Shape shape) implements Reception.Work {
        @Override
        public void carryOut() {
            relay.accept();
            Terminal terminal = relay.terminal(shape);
            terminal.out().println("done");
            terminal.err().println("nothing");
            terminal.flush();
            relay.end(0);
        }

        @Override
        public void cancel(boolean bySystem) {}
    }
}
