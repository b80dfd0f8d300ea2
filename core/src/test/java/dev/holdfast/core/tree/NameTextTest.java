package dev.holdfast.core.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NameTextTest {
    private static byte[] latin1(String bytes) {
        return bytes.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void everyNameThatIsPrintedIsTakenBack() {
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        for (int i = 0; i < 20_000; i++) {
            byte[] name = new byte[random.nextInt(12)];
            for (int at = 0; at < name.length; at++) {
                // Backslashes, digits and letters of escapes, and pieces of UTF-8 come often.
                name[at] = random.nextBoolean()
                        ? (byte) random.nextInt(256)
                        : latin1("\\x5cFf\u00c3\u00bc\u00e2\u0080\u00ae\n")[random.nextInt(12)];
            }
            String printed = NameText.print(name);
            assertThat(NameText.bytes(printed)).as(printed).isEqualTo(name);
            assertThat(NameText.encode(NameText.carried(name))).as(printed).isEqualTo(name);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'caf\u00e9', 'caf\\xe9'",
        "'\u00c3\u00bc\u00ff', '\u00fc\\xff'",
        "'a\\b', 'a\\x5cb'",
        "'a\\xe9', 'a\\x5cxe9'",
        "'\u00f0\u009f\u0098\u0080', '\ud83d\ude00'",
    })
    void onlyWhatIsNoPlainTextIsEscaped(String bytes, String printed) {
        assertThat(NameText.print(latin1(bytes))).isEqualTo(printed);
        assertThat(NameText.bytes(printed)).isEqualTo(latin1(bytes));
    }

    @ParameterizedTest
    @CsvSource({
        "'a\\b', 'a\\b'",
        "'a\\', 'a\\'",
        "'\\x', '\\x'",
        "'\\x4', '\\x4'",
        "'\\x4g', '\\x4g'",
        "'\\X41', '\\X41'",
        "'\\xE9', '\u00e9'",
        "'\udce9', '\u00e9'",
    })
    void aBackslashThatBeginsNoEscapeIsOne(String typed, String bytes) {
        assertThat(NameText.bytes(typed)).isEqualTo(latin1(bytes));
    }

    @ParameterizedTest
    @CsvSource({
        "'*.txt', '*.txt'",
        "'\\*', '\\*'",
        "'\\x2a?', '\\*?'",
        "'\\\\x2a', '\\\\x2a'",
        "'\\xc3\\xbc', '\\\u00fc'",
        "'\\xff', '\\\udcff'",
    })
    void inPatternsAnEscapeIsNeverAWildcard(String pattern, String quoted) {
        assertThat(NameText.quoted(pattern)).isEqualTo(quoted);
    }
}
