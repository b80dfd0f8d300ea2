package dev.holdfast.server.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.daemon.ControlSocket;
import dev.holdfast.core.problem.HoldfastException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ControlClientTest {
    private static final String OWN = "holdfast 1";

    @TempDir
    Path state;

    private static byte[] status() {
        return new ServerStatus(
                        "attic",
                        "holdfast 9",
                        77,
                        0,
                        List.of("*:22"),
                        "/data",
                        5,
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        Optional.of("no such key"))
                .encode();
    }

    private interface Answer {
        byte[] to(String request) throws IOException;
    }

    private ControlSocket open(Answer answer) throws IOException {
        return ControlSocket.open(state, ControlClient.SOCKET, new ControlSocket.Requests() {
            @Override
            public byte[] answer(String request) throws IOException {
                return answer.to(request);
            }

            @Override
            public void refused(String request, String reason) {}

            @Override
            public void ended(String reason) {}
        });
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aServerOfAnotherVersionIsNamedAndCanStillBeReloadedAndStopped() throws IOException {
        byte[] longer = Arrays.copyOf(status(), status().length + 92);
        try (ControlSocket socket = open(request -> request.equals("status") ? longer : text(request + " done"))) {
            ControlClient client = new ControlClient(state, OWN);

            assertThatThrownBy(client::status).isInstanceOfSatisfying(HoldfastException.class, e -> {
                assertThat(e)
                        .hasMessageStartingWith(
                                "the running server is holdfast 9 (process 77), this program is holdfast 1");
                assertThat(e.problem().hint()).contains("`holdfast server stop`");
            });
            assertThat(client.process()).hasValue(77L);
            assertThat(client.reload()).hasValue("reload done");
            assertThat(client.stop()).hasValue("stop done");
            assertThat(socket).isNotNull();
        }
    }

    @Test
    void aServerThatSaysNothingIsNotWaitedForForever() throws IOException {
        Path file = state.resolve("silent.sock");
        Files.writeString(state.resolve("control.path"), file.toString());
        try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            silent.bind(UnixDomainSocketAddress.of(file));
            ControlClient client = new ControlClient(state, OWN, Duration.ofMillis(100));

            assertThatThrownBy(client::stop).hasMessageContaining("has not answered 'stop' within");
            assertThat(client.process()).isEmpty();
        }
    }

    @Test
    void aRefusalSaysMoreThanAPath() throws IOException {
        try (ControlSocket socket = open(request -> {
            throw new NoSuchFileException("/data");
        })) {
            assertThatThrownBy(() -> new ControlClient(state, OWN).reload())
                    .hasMessage("the server refused 'reload': NoSuchFileException: /data");
            assertThat(socket).isNotNull();
        }
    }

    @Test
    void nobodyIsThere() {
        ControlClient client = new ControlClient(state, OWN);

        assertThat(client.status()).isEmpty();
        assertThat(client.stop()).isEmpty();
    }
}
