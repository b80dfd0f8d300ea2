package dev.holdfast.core.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InboundBytesTest {
    private static final long WINDOW = 1 << 20;

    private final List<Long> released = new ArrayList<>();
    private final InboundBytes inbound = new InboundBytes(released::add, WINDOW);

    @Test
    void theWindowIsGivenBackOnlyForWhatWasRead() throws IOException {
        inbound.offer(new byte[(int) WINDOW], 0, (int) WINDOW);
        assertThat(released).isEmpty();
        byte[] target = new byte[100_000];
        long read = 0;
        for (int i = 0; i < 5; i++) {
            read += inbound.read(target, 0, target.length);
        }
        assertThat(released.stream().mapToLong(Long::longValue).sum()).isBetween(read - WINDOW / 16, read);
    }

    @Test
    void singleBytesCostNoMoreThanTheWindow() throws IOException {
        byte[] one = {42};
        for (int i = 0; i < WINDOW; i++) {
            inbound.offer(one, 0, 1);
        }
        byte[] target = new byte[64 * 1024];
        int blocks = 0;
        for (long left = WINDOW; left > 0; blocks++) {
            left -= inbound.read(target, 0, target.length);
        }
        assertThat(blocks).isEqualTo((int) (WINDOW / target.length));
    }

    @Test
    void whatArrivedBeforeTheEndIsReadBeforeIt() throws IOException {
        inbound.offer(new byte[] {1, 2}, 0, 2);
        inbound.end();
        inbound.fail(new IOException("too late to matter"));
        assertThat(inbound.read(new byte[9], 0, 9)).isEqualTo(2);
        assertThat(inbound.read(new byte[9], 0, 9)).isEqualTo(-1);
        assertThat(inbound.read(new byte[9], 0, 9)).isEqualTo(-1);
    }

    @Test
    void aBrokenConnectionIsNotAnEnd() throws IOException {
        inbound.offer(new byte[] {1}, 0, 1);
        inbound.fail(new IOException("cable pulled"));
        inbound.end();
        assertThat(inbound.read(new byte[9], 0, 9)).isEqualTo(1);
        assertThatThrownBy(() -> inbound.read(new byte[9], 0, 9))
                .isInstanceOf(IOException.class)
                .hasMessage("cable pulled");
    }

    @Test
    void anAbandonedLinkKeepsNothing() {
        inbound.offer(new byte[] {1}, 0, 1);
        inbound.abandon();
        inbound.offer(new byte[] {2}, 0, 1);
        assertThatThrownBy(() -> inbound.read(new byte[9], 0, 9)).isInstanceOf(IOException.class);
    }
}
