package dev.holdfast.server.daemon;

import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.daemon.ControlCall;
import dev.holdfast.core.daemon.FrameChannel;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.wire.ByteLink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Asks a running server on the same machine, through its control socket. The server may be of another version, because the
 * program was replaced while it ran: what is asked and answered as text works all the same, and its status at least says who it is.
 */
public final class ControlClient {
    static final String SOCKET = "control";

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Path state;
    private final String software;
    private final Duration patience;

    /**
     * @param state the server's state folder
     * @param software this program and its version
     */
    public ControlClient(Path state, String software) {
        this(state, software, PATIENCE);
    }

    ControlClient(Path state, String software, Duration patience) {
        this.state = state;
        this.software = software;
        this.patience = patience;
    }

    /** What the server says of itself; empty when none is running. */
    public Optional<ServerStatus> status() {
        Optional<byte[]> answer = ask("status");
        try {
            return answer.isEmpty() ? Optional.empty() : Optional.of(ServerStatus.decode(answer.get()));
        } catch (MalformedException e) {
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.FAILED,
                            "the running server is " + speaker(answer.get()) + ", this program is " + software
                                    + ": they do not understand each other",
                            "Run `holdfast server stop` and start it again: `holdfast server start`."),
                    e);
        }
    }

    /** How the backups of all hosts stand; empty when no server is running. */
    public Optional<FleetStatus> fleet() {
        return ask("fleet").map(answer -> understood(answer, FleetStatus::decode));
    }

    /** Whom the server tells, by the configuration that it goes by; empty when none is running. */
    public Optional<List<ChannelStatus>> channels() {
        return ask("channels").map(answer -> understood(answer, ChannelStatus::decode));
    }

    /**
     * A session in which whoever runs the server may know and order what operators may; the caller closes it. Empty when no server is
     * running.
     */
    public Optional<ByteLink> operate() {
        if (ask("status").isEmpty()) {
            return Optional.empty();
        }
        try {
            FrameChannel frames = FrameChannel.call(state, SOCKET, LocalOperator.REQUEST, ControlLink.LARGEST_BYTES);
            return Optional.of(new ControlLink(frames, "the server"));
        } catch (IOException e) {
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.FAILED,
                            "the server in " + state + " cannot be asked: " + e.getMessage(),
                            "Run this as the user who started it; else see its log file there."),
                    e);
        }
    }

    private interface Decoding<T> {
        T decode(byte[] answer) throws MalformedException;
    }

    private <T> T understood(byte[] answer, Decoding<T> decoding) {
        try {
            return decoding.decode(answer);
        } catch (MalformedException e) {
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.FAILED,
                            "the running server is of another version than this program, " + software
                                    + ": they do not understand each other",
                            "Run `holdfast server stop` and start it again: `holdfast server start`."),
                    e);
        }
    }

    private static String speaker(byte[] status) {
        try {
            ServerStatus.Speaker speaker = ServerStatus.speaker(status);
            return speaker.software() + " (process " + speaker.processId() + ")";
        } catch (MalformedException e) {
            return "of an unknown version";
        }
    }

    /** The process of the server, of whatever version it is; empty when none is running or it cannot say. */
    public Optional<Long> process() {
        try {
            Optional<byte[]> answer = ask("status");
            return answer.isEmpty()
                    ? Optional.empty()
                    : Optional.of(ServerStatus.speaker(answer.get()).processId());
        } catch (MalformedException | HoldfastException e) {
            return Optional.empty(); // only wanted for a message about something else
        }
    }

    /** Asks the server to read its configuration again; empty when none is running, else what it says. */
    public Optional<String> reload() {
        return ask("reload").map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    /** Asks the server to finish what is in flight and stop; empty when none is running. */
    public Optional<String> stop() {
        return ask("stop").map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    private Optional<byte[]> ask(String request) {
        return new ControlCall(state, SOCKET, "the server", patience).ask(request);
    }
}
