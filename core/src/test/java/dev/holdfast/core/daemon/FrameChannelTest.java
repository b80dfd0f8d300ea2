package dev.holdfast.core.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class FrameChannelTest {
    private static final int LARGEST = 100;

    @TempDir
    Path folder;

    private interface Talk {
        void with(FrameChannel frames) throws IOException;
    }

    private ControlSocket listening(Talk talk) throws IOException {
        return ControlSocket.open(folder, "test", new ControlSocket.Requests() {
            @Override
            public boolean converse(String request, ControlSocket.Caller caller) throws IOException {
                if (request.equals("talk")) {
                    assertThat(caller.isSameUser()).isTrue();
                    talk.with(caller.frames(LARGEST));
                }
                return request.equals("talk");
            }

            @Override
            public byte[] answer(String request) throws IOException {
                throw new IOException("unknown request");
            }

            @Override
            public void refused(String request, String reason) {}

            @Override
            public void ended(String reason) {}
        });
    }

    private FrameChannel call(String request) throws IOException {
        return FrameChannel.call(folder, "test", request, LARGEST);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void framesGoBothWaysAtOnceUntilOneSideEnds() throws Exception {
        CountDownLatch waits = new CountDownLatch(1);
        try (ControlSocket socket = listening(frames -> {
                    Thread sender = new Thread(() -> {
                        try {
                            waits.await();
                            frames.send(7, bytes("while the other thread waits for a frame"));
                        } catch (IOException | InterruptedException e) {
                            throw new AssertionError(e);
                        }
                    });
                    sender.start();
                    waits.countDown();
                    frames.send(9, frames.receive().orElseThrow().bytes());
                });
                FrameChannel frames = call("talk")) {
            FrameChannel.Frame first = frames.receive().orElseThrow();
            assertThat(first.type()).isEqualTo(7);
            frames.send(200, bytes("echo"));
            FrameChannel.Frame second = frames.receive().orElseThrow();
            assertThat(second.type()).isEqualTo(9);
            assertThat(second.bytes()).isEqualTo(bytes("echo"));
            assertThat(frames.receive()).isEmpty();
            assertThat(socket).isNotNull();
        }
    }

    @Test
    void whoKnowsNoSuchConversationRefusesInAFrame() throws Exception {
        try (ControlSocket socket = listening(frames -> {});
                FrameChannel frames = call("something of another version")) {
            FrameChannel.Frame refusal = frames.receive().orElseThrow();
            assertThat(refusal.type()).isEqualTo(FrameChannel.REFUSED);
            assertThat(new String(refusal.bytes(), StandardCharsets.UTF_8)).contains("unknown request");
            assertThat(socket).isNotNull();
        }
    }

    @Test
    void aFrameThatIsTooLongIsNotTaken() throws Exception {
        try (ControlSocket socket = listening(frames -> {
                    frames.send(1, new byte[LARGEST]);
                    frames.send(1, new byte[LARGEST + 1]);
                });
                FrameChannel frames = call("talk")) {
            assertThat(frames.receive().orElseThrow().bytes()).hasSize(LARGEST);
            assertThatThrownBy(frames::receive).isInstanceOf(IOException.class).hasMessageContaining("101 bytes");
            assertThat(socket).isNotNull();
        }
    }

    @Test
    void anAnswerThatDoesNotBeginInTimeEndsTheConversation() throws Exception {
        try (ControlSocket socket = listening(FrameChannel::receive);
                FrameChannel frames = call("talk")) {
            assertThatThrownBy(() -> frames.receive(Duration.ofMillis(1))).isInstanceOf(IOException.class);
            assertThat(socket).isNotNull();
        }
    }

    @Test
    void nobodyThereIsAnIoException() {
        assertThatThrownBy(() -> call("talk")).isInstanceOf(IOException.class);
    }
}
