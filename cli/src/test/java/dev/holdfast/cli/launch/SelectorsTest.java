package dev.holdfast.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

final class SelectorsTest {
    @Test
    @EnabledOnOs(OS.LINUX)
    void whatIsNamedIsWhatJavaTakesByItself() throws IOException {
        // Nobody has named one in this process.
        assertThat(SelectorProvider.provider().getClass().getName()).isEqualTo(Selectors.OF_LINUX);
        try (Selector selector = Selector.open()) {
            assertThat(selector.isOpen()).isTrue();
        }
    }
}
