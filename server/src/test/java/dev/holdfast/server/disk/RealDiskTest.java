package dev.holdfast.server.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RealDiskTest {
    private static final int PIECE = 1 << 20;

    @TempDir
    Path folder;

    /** More than is synced ahead on the other thread, from buffers with and without an array. */
    @Test
    void whatIsWrittenInManyPiecesIsThereAfterForceEvenWhenTheWriterIsInterrupted() throws Exception {
        Path path = folder.resolve("pack");
        try (WritableFile file = new RealDisk().create(path)) {
            for (int i = 0; i < 40; i++) {
                byte[] piece = new byte[PIECE + 2];
                Arrays.fill(piece, (byte) i);
                ByteBuffer source = ByteBuffer.wrap(piece, 1, PIECE);
                if (i % 3 == 0) {
                    source = ByteBuffer.allocateDirect(PIECE).put(source).flip();
                }
                if (i == 20) {
                    Thread.currentThread().interrupt();
                }
                file.write(source, (long) i * PIECE);
                assertThat(source.hasRemaining()).isFalse();
            }
            file.force();
            assertThat(Thread.interrupted()).as("the interrupt is passed on").isTrue();
            file.write(ByteBuffer.wrap(new byte[] {77}), 5);
        }
        byte[] all = Files.readAllBytes(path);
        assertThat(all).hasSize(40 * PIECE);
        for (int i = 0; i < 40; i++) {
            assertThat(all[i * PIECE]).isEqualTo((byte) i);
            assertThat(all[(i + 1) * PIECE - 1]).isEqualTo((byte) i);
        }
        assertThat(all[5]).isEqualTo((byte) 77);
    }
}
