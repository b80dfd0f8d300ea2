package dev.holdfast.core.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ControlSocketTest {
    private static final String NAME = "agent";
    private static final int STARTS = 300;

    @TempDir
    Path folder;

    private ControlSocket open() throws IOException {
        return ControlSocket.open(folder, NAME, new ControlSocket.Requests() {
            @Override
            public byte[] answer(String request) {
                return request.getBytes(StandardCharsets.UTF_8);
            }

            @Override
            public void refused(String request, String reason) {}

            @Override
            public void ended(String reason) {}
        });
    }

    private String ask() {
        return new ControlCall(folder, NAME, "the agent", Duration.ofSeconds(10))
                .ask("who")
                .map(answer -> new String(answer, StandardCharsets.UTF_8))
                .orElse("nobody");
    }

    /** What a process leaves behind that could not clean up: the word of where its socket is, and a socket that nobody serves. */
    private void leaveRemains() throws IOException {
        Path socket = folder.resolve(NAME + ".sock");
        try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.bind(UnixDomainSocketAddress.of(socket));
        }
        Path pointer = Files.writeString(folder.resolve("remains"), socket.toString());
        Files.move(pointer, ControlSocket.pointer(folder, NAME), StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void whoeverAsksWhileAKilledOneIsFollowedGetsAnAnswerOrHearsThatNobodyIsThere() throws Exception {
        leaveRemains();
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Set<String>> asking = CompletableFuture.supplyAsync(() -> {
            Set<String> heard = new HashSet<>();
            while (!over.get()) {
                heard.add(ask());
            }
            return heard;
        });

        try {
            for (int i = 0; i < STARTS; i++) {
                ControlSocket socket = open();
                assertThat(ask()).isEqualTo("who");
                socket.close();
                leaveRemains();
            }
        } finally {
            over.set(true);
        }

        assertThat(asking.get()).isSubsetOf("who", "nobody");
    }

    @Test
    void remainsOfAProcessThatWasKilledWhileItOpenedAreNotInTheWay() throws IOException {
        leaveRemains();
        Files.writeString(folder.resolve(NAME + ".sock.new"), "half");
        Files.writeString(folder.resolve(NAME + ".path.new"), "half");

        ControlSocket socket = open();
        assertThat(ask()).isEqualTo("who");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(NAME + ".sock"))))
                .isEqualTo("rw-------");
        socket.close();

        try (var left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }
}
