package dev.holdfast.server.daemon;

import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Asks a running server on the same machine, through its {@link ControlSocket}. */
public final class ControlClient {
    private static final int MAX_ANSWER_BYTES = 64 << 20;

    private final Path state;

    /** @param state the server's state folder */
    public ControlClient(Path state) {
        this.state = state;
    }

    /** What the server says of itself; empty when none is running. */
    public Optional<ServerStatus> status() {
        Optional<byte[]> answer = ask("status");
        try {
            return answer.isEmpty() ? Optional.empty() : Optional.of(ServerStatus.decode(answer.get()));
        } catch (IOException e) {
            throw failed("status", e);
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
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
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
        } catch (ConnectException | EOFException e) {
            return Optional.empty(); // left behind by a server that was killed, or it ended over the question
        } catch (SocketException e) {
            if (Files.exists(socket)) {
                throw failed(request, e);
            }
            return Optional.empty();
        } catch (IOException e) {
            throw failed(request, e);
        }
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
