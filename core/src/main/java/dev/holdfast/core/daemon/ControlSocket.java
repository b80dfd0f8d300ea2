package dev.holdfast.core.daemon;

import dev.holdfast.core.problem.HoldfastException;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import jdk.net.ExtendedSocketOptions;

/**
 * A Unix socket for the command line on the same machine: one request word, one answer, one connection each (or a whole {@link
 * Requests#converse conversation}, for the few requests that need one). Whoever may open the
 * file may steer the process, so its folder is for the owner alone. The answer is {@code u8 (0 done, 1 refused) | u32 length |
 * bytes}: a text, or whatever the two have agreed on. That much is the same in every version: a stop must work when the program was
 * replaced while the process ran. Other first bytes are kept free for what may come before the answer.
 *
 * <p>Socket paths may have only about a hundred bytes: when the folder's is longer, the socket goes into a private folder under the
 * system's temporary one, and a file beside it ({@code NAME.path}) tells where. {@link ControlCall} is the other end.
 *
 * <p>Both appear under their names when they are ready, by rename: what a killed process left behind answers nobody until then, and
 * whoever asks in between finds one or the other.
 */
public final class ControlSocket implements Closeable {
    private static final int LONGEST_PATH = 96;

    /** Carries requests out. */
    public interface Requests {
        /** An {@link IOException}'s message is the refusal. */
        byte[] answer(String request) throws IOException;

        /** Takes a request over that has more than one answer, and returns when it is through; false when it is none. */
        default boolean converse(String request, Caller caller) throws IOException {
            return false;
        }

        /** Told what was refused, for the log. */
        void refused(String request, String reason);

        /** Told that nobody can ask any more. */
        void ended(String reason);
    }

    /** Who asks. */
    @AllowForbidden(
            "jdk.net is documented and in every JDK since 16, and there is no other way to learn who has called")
    public static final class Caller {
        private final SocketChannel channel;
        private final UserPrincipal self;

        Caller(SocketChannel channel, UserPrincipal self) {
            this.channel = channel;
            this.self = self;
        }

        /** The rest of the conversation. */
        public FrameChannel frames(int largestBytes) {
            return new FrameChannel(channel, largestBytes);
        }

        /** Whether it is, by the kernel's word, the user of this very process: root could have opened the socket as well. */
        public boolean isSameUser() throws IOException {
            return self.equals(
                    channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user());
        }
    }

    private final Path pointer;
    private final Path socket;
    private final UserPrincipal self;
    private final ServerSocketChannel channel;
    private final Requests requests;
    private final Thread thread;

    private ControlSocket(
            Path pointer, Path socket, UserPrincipal self, ServerSocketChannel channel, Requests requests) {
        this.pointer = pointer;
        this.self = self;
        this.socket = socket;
        this.channel = channel;
        this.requests = requests;
        this.thread = new Thread(this::run, "holdfast-control");
        thread.setDaemon(true);
    }

    /** Where the place of the socket is written down. */
    static Path pointer(Path folder, String name) {
        return folder.resolve(name.concat(".path"));
    }

    /** {@code name} tells several sockets of one folder apart. */
    public static ControlSocket open(Path folder, String name, Requests requests) throws IOException {
        PrivateFolder.create(folder);
        Path socket = folder.resolve(name + ".sock").toAbsolutePath();
        if (socket.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH) {
            socket = Files.createTempDirectory(
                            "holdfast-",
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")))
                    .resolve(name + ".sock");
        }
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            Path bound = unready(socket);
            channel.bind(UnixDomainSocketAddress.of(bound));
            Files.setPosixFilePermissions(bound, PosixFilePermissions.fromString("rw-------"));
            Files.move(bound, socket, StandardCopyOption.ATOMIC_MOVE);
            Path pointer = pointer(folder, name);
            Path written = unready(pointer);
            Files.writeString(written, socket.toString());
            Files.move(written, pointer, StandardCopyOption.ATOMIC_MOVE);
            ControlSocket control = new ControlSocket(pointer, socket, Files.getOwner(socket), channel, requests);
            control.thread.start();
            return control;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** The name of a file until it is ready; one that a killed process left there is removed. */
    private static Path unready(Path file) throws IOException {
        Path name = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(name);
        return name;
    }

    private void run() {
        while (channel.isOpen()) {
            try {
                SocketChannel client = channel.accept();
                // One that connects and says nothing must not keep others from asking.
                Thread one = new Thread(() -> converse(client), "holdfast-control-request");
                one.setDaemon(true);
                one.start();
            } catch (IOException e) {
                if (channel.isOpen()) {
                    requests.ended(reason(e));
                    return;
                }
            }
        }
    }

    private void converse(SocketChannel client) {
        try (client;
                InputStream in = Channels.newInputStream(client);
                OutputStream out = Channels.newOutputStream(client)) {
            serve(client, new DataInputStream(in), new DataOutputStream(out));
        } catch (IOException e) {
            // Whoever asked has gone away, and nothing depends on the answer.
        }
    }

    private void serve(SocketChannel client, DataInputStream in, DataOutputStream out) throws IOException {
        String request = in.readUTF();
        if (requests.converse(request, new Caller(client, self))) {
            return;
        }
        byte[] answer;
        int refused = 0;
        try {
            answer = requests.answer(request);
        } catch (IOException | RuntimeException e) {
            requests.refused(request, reason(e));
            answer = reason(e).getBytes(StandardCharsets.UTF_8);
            refused = 1;
        }
        out.writeByte(refused);
        out.writeInt(answer.length);
        out.write(answer);
        out.flush();
    }

    /** Exceptions of the file system have only a path for a message. */
    private static String reason(Exception e) {
        return e instanceof HoldfastException
                ? String.valueOf(e.getMessage())
                : e.getClass().getSimpleName() + ": " + e.getMessage();
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(socket);
        Files.deleteIfExists(pointer);
    }
}
