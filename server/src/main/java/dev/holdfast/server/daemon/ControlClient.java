package dev.holdfast.server.daemon;

import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Asks a running server on the same machine, through its {@link ControlSocket}. The server may be of another version, because the
 * program was replaced while it ran: what is asked and answered as text works all the same, and its status at least says who it is.
 */
public final class ControlClient {
    private static final int MAX_ANSWER_BYTES = 64 << 20;

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
        Path socket;
        try {
            socket = Path.of(
                    Files.readString(state.resolve(ControlSocket.POINTER)).strip());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failed(request, e);
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                TimeLimit limit = new TimeLimit(channel, patience)) {
            return converse(channel, socket, request, limit);
        } catch (IOException e) {
            throw failed(request, e);
        }
    }

    private Optional<byte[]> converse(SocketChannel channel, Path socket, String request, TimeLimit limit)
            throws IOException {
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            DataOutputStream out = new DataOutputStream(Channels.newOutputStream(channel));
            out.writeUTF(request);
            out.flush();
            DataInputStream in = new DataInputStream(Channels.newInputStream(channel));
            int refused = in.readUnsignedByte();
            int length = in.readInt();
            if (length < 0 || length > MAX_ANSWER_BYTES) {
                throw new IOException("an answer of " + length + " bytes");
            }
            byte[] answer = in.readNBytes(length);
            if (refused != 0) {
                throw Problem.of(
                                ProblemCode.FAILED,
                                "the server refused '" + request + "': " + new String(answer, StandardCharsets.UTF_8),
                                "See its log file in " + state + ".")
                        .asException();
            }
            return Optional.of(answer);
        } catch (ClosedChannelException e) {
            throw limit.isOver() ? silent(request, e) : failed(request, e);
        } catch (ConnectException | EOFException e) {
            return Optional.empty(); // left behind by a server that was killed, or it ended over the question
        } catch (SocketException e) {
            if (Files.exists(socket)) {
                throw failed(request, e);
            }
            return Optional.empty();
        }
    }

    private HoldfastException silent(String request, IOException e) {
        return new HoldfastException(
                Problem.of(
                        ProblemCode.FAILED,
                        "the server in " + state + " has not answered '" + request + "' within " + patience.toSeconds()
                                + " seconds",
                        "See its log file there and the system log: it may be waiting for its disk. Killing the process is safe:"
                                + " what was acknowledged is on disk."),
                e);
    }

    private HoldfastException failed(String request, IOException e) {
        return new HoldfastException(
                Problem.of(
                        ProblemCode.FAILED,
                        "the server in " + state + " cannot be asked for '" + request + "': "
                                + e.getClass().getSimpleName() + ": " + e.getMessage(),
                        "Run this as the user who started the server; else see its log file there."),
                e);
    }
}
