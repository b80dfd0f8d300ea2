package dev.holdfast.agent.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PrintableNameTest {
    @Test
    void textIsShownAndEverythingElseIsSpelledOut() {
        assertThat(PrintableName.of(FileSystemContract.bytes("Gr\u00fc\u00dfe \u2603")))
                .isEqualTo("Gr\u00fc\u00dfe \u2603");
        assertThat(PrintableName.of(FileSystemContract.raw('a', 0xff, 'b'))).isEqualTo("a\\xffb");
        assertThat(PrintableName.of(FileSystemContract.raw('a', 0xc3))).isEqualTo("a\\xc3");
        assertThat(PrintableName.of(FileSystemContract.raw('\n', 0x1b, '\\'))).isEqualTo("\\x0a\\x1b\\\\");
        assertThat(PrintableName.of(FileSystemContract.bytes("a\u202eb"))).isEqualTo("a\\u{202e}b");
    }
}
