package dev.holdfast.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class HeadMarkTest {
    private static final String DOCUMENTED =
            "a3725ab3 17 8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4 alice";

    @Test
    void theLineInTheFormatIsRead() {
        HeadMark mark = HeadMark.ofLine(DOCUMENTED).orElseThrow();

        assertThat(mark.host()).isEqualTo("alice");
        assertThat(mark.sequence()).isEqualTo(17);
        assertThat(mark.hash().brief()).isEqualTo("8f434346");
        assertThat(mark.line()).isEqualTo(DOCUMENTED + "\n");
    }

    @Test
    void aLineThatIsNotWholeIsNoMark() {
        for (int at = 0; at < DOCUMENTED.length(); at++) {
            char[] wrong = DOCUMENTED.toCharArray();
            wrong[at] = (char) (wrong[at] ^ 1);
            assertThat(HeadMark.ofLine(new String(wrong)))
                    .as("character %d", at)
                    .isEmpty();
            assertThat(HeadMark.ofLine(DOCUMENTED.substring(0, at)))
                    .as("cut at %d", at)
                    .isEmpty();
        }
    }
}
