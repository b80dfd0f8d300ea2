package dev.holdfast.core.daemon;

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
 * Asks a process of the same machine that listens on a {@link ControlSocket}.
 *
 * @param folder where its socket, or the word of where that is, lies
 * @param name of the socket
 * @param who what to call the process, such as {@code the server}
 */
public record ControlCall(Path folder, String name, String who, Duration patience) {
    private static final int MAX_ANSWER_BYTES = 64 << 20;

    /** The answer; empty when nobody listens. */
    public Optional<byte[]> ask(String request) {
        Path socket;
        try {
            socket = Path.of(
                    Files.readString(ControlSocket.pointer(folder, name)).strip());
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
            if (!say(channel, request)) {
                return Optional.empty();
            }
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
                                who + " refused '" + request + "': " + new String(answer, StandardCharsets.UTF_8),
                                "See its log file in " + folder + ".")
                        .asException();
            }
            return Optional.of(answer);
        } catch (ClosedChannelException e) {
            throw limit.isOver() ? silent(request, e) : failed(request, e);
        } catch (ConnectException | EOFException e) {
            return Optional.empty(); // left behind by a process that was killed, or it ended over the question
        } catch (SocketException e) {
            if (Files.exists(socket) && !Files.isWritable(socket)) {
                throw failed(request, e);
            }
            return Optional.empty(); // it was not there, even if one is by now
        }
    }

    /** False when whoever listened has been killed since the connection was made: the pipe is broken. */
    private static boolean say(SocketChannel channel, String request) throws IOException {
        try {
            new DataOutputStream(Channels.newOutputStream(channel)).writeUTF(request);
            return true;
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            return false;
        }
    }

    private HoldfastException silent(String request, IOException e) {
        return new HoldfastException(
                Problem.of(
                        ProblemCode.FAILED,
                        who + " in " + folder + " has not answered '" + request + "' within " + patience.toSeconds()
                                + " seconds",
                        "See its log file there and the system log: it may be waiting for its disk. Killing the process is safe:"
                                + " what was acknowledged is on disk."),
                e);
    }

    private HoldfastException failed(String request, IOException e) {
        return new HoldfastException(
                Problem.of(
                        ProblemCode.FAILED,
                        who + " in " + folder + " cannot be asked for '" + request + "': "
                                + e.getClass().getSimpleName() + ": " + e.getMessage(),
                        "Run this as the user who started it; else see its log file there."),
                e);
    }
}
