package dev.holdfast.system.transport;

import static dev.holdfast.system.transport.ConversationTest.finish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.agent.transport.SshLink;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.transport.SshIdentity;
import dev.holdfast.server.transport.EndpointLimits;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DoorTest {
    @Test
    void aServerWithAnotherHostKeyIsNotTalkedTo() {
        SshIdentity other = Loopback.newKey();
        try (Loopback loopback = new Loopback((host, link) -> {})) {
            Problem problem = problemOf(() -> loopback.open(loopback.port(), loopback.alice, other.publicKey()));
            assertThat(problem.code()).isEqualTo(ProblemCode.HOST_KEY);
            assertThat(problem.message())
                    .contains(other.publicKey().fingerprint())
                    .contains(loopback.serverKey.publicKey().fingerprint());
            assertThat(problem.hint()).isNotEmpty();
        }
    }

    @Test
    void aKeyThatNobodyKnowsIsRefusedAndSaysSo() {
        SshIdentity stranger = Loopback.newKey();
        try (Loopback loopback = new Loopback((host, link) -> {})) {
            Problem problem = problemOf(() -> loopback.open(loopback.port(), stranger));
            assertThat(problem.code()).isEqualTo(ProblemCode.DENIED);
            assertThat(problem.message()).contains(stranger.publicKey().fingerprint());
            assertThat(loopback.endpoint.status()).isEmpty();
        }
    }

    @Test
    void aClosedPortIsUnreachable() throws Exception {
        int free;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = probe.getLocalPort();
        }
        try (Loopback loopback = new Loopback((host, link) -> {})) {
            Problem problem = problemOf(() -> loopback.open(free, loopback.alice));
            assertThat(problem.code()).isEqualTo(ProblemCode.UNREACHABLE);
            assertThat(problem.message()).contains("refused");
        }
    }

    @Test
    void aServerThatSpeaksSomethingElseIsUnreachable() throws Exception {
        try (ServerSocket web = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Loopback loopback = new Loopback((host, link) -> {})) {
            CompletableFuture<Void> answered = ConversationTest.inBackground(() -> {
                try (Socket caller = web.accept()) {
                    caller.getOutputStream()
                            .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                }
            });
            Problem problem = problemOf(() -> loopback.open(web.getLocalPort(), loopback.alice));
            assertThat(problem.code()).isEqualTo(ProblemCode.UNREACHABLE);
            answered.join();
        }
    }

    @Test
    void aRevokedHostIsPutOutWithinASecondAndStaysOut() throws Exception {
        CompletableFuture<Integer> served = new CompletableFuture<>();
        try (Loopback loopback = new Loopback((host, link) -> finish(served, () -> link.read(new byte[1], 0, 1)));
                SshLink link = loopback.open()) {
            loopback.hosts.clear();
            long before = System.nanoTime();
            loopback.endpoint.disconnectIf("alice"::equals);
            assertThatThrownBy(() -> link.read(new byte[1], 0, 1)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> served.get(1, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));
            assertThat(loopback.endpoint.status()).isEmpty();
            assertThat(problemOf(loopback::open).code()).isEqualTo(ProblemCode.DENIED);
        }
    }

    @Test
    void revokingOneHostLeavesTheOthersAlone() throws Exception {
        try (Loopback loopback = new Loopback((host, link) -> {
                    link.write(new byte[1], 0, 1);
                    link.flush();
                    link.read(new byte[1], 0, 1);
                });
                SshLink link = loopback.open()) {
            loopback.endpoint.disconnectIf("bob"::equals);
            assertThat(link.read(new byte[1], 0, 1)).isEqualTo(1);
            assertThat(loopback.endpoint.status()).hasSize(1);
        }
    }

    @Test
    void oneHostCannotHoldMoreThanItsShareOfSessions() {
        List<SshLink> open = new ArrayList<>();
        try (Loopback loopback = new Loopback((host, link) -> link.read(new byte[1], 0, 1))) {
            for (int i = 0; i < EndpointLimits.standard().sessionsPerHost(); i++) {
                open.add(loopback.open());
            }
            Problem problem = problemOf(loopback::open);
            assertThat(problem.code()).isEqualTo(ProblemCode.BUSY);
            assertThat(problem.message()).contains("alice");
        } finally {
            open.forEach(SshLink::close);
        }
    }

    @Test
    void aFloodOfSilentConnectionsIsBoundedAndDoesNotShutOutARunningBackup() throws Exception {
        List<Socket> flood = new ArrayList<>();
        EndpointLimits limits = EndpointLimits.standard().withStrangers(64, 8);
        try (Loopback loopback = new Loopback(limits, (host, link) -> {
                    byte[] echo = new byte[1];
                    while (link.read(echo, 0, 1) > 0) {
                        link.write(echo, 0, 1);
                        link.flush();
                    }
                });
                SshLink running = loopback.open()) {
            for (int i = 0; i < 50; i++) {
                flood.add(new Socket(InetAddress.getLoopbackAddress(), loopback.port()));
            }
            assertThat(refused(flood)).isEqualTo(42);
            assertThat(loopback.endpoint.strangers()).isEqualTo(8);
            running.write(new byte[] {7}, 0, 1);
            running.flush();
            byte[] answer = new byte[1];
            RandomBytes.readFully(running, answer);
            assertThat(answer).containsExactly(7);
        } finally {
            for (Socket socket : flood) {
                socket.close();
            }
        }
    }

    /** How many of them the server has hung up on; the others have got its greeting. */
    private static int refused(List<Socket> sockets) throws IOException {
        int refused = 0;
        for (Socket socket : sockets) {
            socket.setSoTimeout(5000);
            refused += ends(socket) ? 1 : 0;
        }
        return refused;
    }

    private static boolean ends(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException e) {
            return true; // a reset is a refusal as well
        }
    }

    @Test
    void whoDoesNotLogInInTimeIsPutOut() throws Exception {
        EndpointLimits limits = EndpointLimits.standard().withLoginTimeout(Duration.ofSeconds(1));
        try (Loopback loopback = new Loopback(limits, (host, link) -> {});
                Socket idle = new Socket(InetAddress.getLoopbackAddress(), loopback.port())) {
            idle.setSoTimeout(10_000);
            readToTheEnd(idle);
            while (loopback.endpoint.strangers() > 0) {
                Thread.onSpinWait(); // the socket is closed a moment before the count is; the test's timeout bounds
                // this
            }
        }
    }

    @Test
    void garbageInsteadOfSshEndsTheConnectionAndNothingElse() throws Exception {
        SplittableRandom random = new SplittableRandom(7);
        EndpointLimits limits = EndpointLimits.standard().withLoginTimeout(Duration.ofSeconds(1));
        try (Loopback loopback = new Loopback(limits, (host, link) -> link.write(new byte[1], 0, 1))) {
            for (String start :
                    List.of("", "GET / HTTP/1.1\r\n\r\n", "SSH-2.0-x\r\n", "SSH-2.0-x\r\n\u0000\u0000\u0000\u0008")) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), loopback.port())) {
                    byte[] garbage = new byte[20_000];
                    random.nextBytes(garbage);
                    socket.setSoTimeout(20_000);
                    sendQuietly(socket, start.getBytes(StandardCharsets.ISO_8859_1));
                    sendQuietly(socket, garbage);
                    readToTheEnd(socket);
                }
            }
            try (SshLink link = loopback.open()) {
                assertThat(link.read(new byte[1], 0, 1)).isEqualTo(1);
            }
        }
    }

    private static void sendQuietly(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            // The server has hung up already, which is right.
        }
    }

    private static void readToTheEnd(Socket socket) throws IOException {
        byte[] buffer = new byte[4096];
        InputStream in = socket.getInputStream();
        try {
            while (in.read(buffer) >= 0) {
                // greeting, key exchange proposal, goodbye: none of it matters here
            }
        } catch (java.net.SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            // reset: ended as well
        }
    }

    interface Opening {
        SshLink open();
    }

    private static Problem problemOf(Opening opening) {
        try {
            opening.open().close();
        } catch (HoldfastException e) {
            return e.problem();
        }
        throw new AssertionError("the connection should have been refused");
    }
}
