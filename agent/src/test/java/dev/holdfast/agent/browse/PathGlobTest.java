package dev.holdfast.agent.browse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.tree.EntryPath;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PathGlobTest {
    @ParameterizedTest
    @CsvSource({
        "*.conf, etc/app.conf, true",
        "*.conf, etc/app.conf/x, false",
        "app.conf, etc/appxconf, false",
        "/etc/*, etc/app.conf, true",
        "/etc/*, etc/a/b, false",
        "etc/**, etc/a/b, true",
        "etc/**, etc, false",
        "**/b, b, true",
        "**/b, etc/a/b, true",
        "a/**/b, a/b, true",
        "a/**/b, a/x/y/b, true",
        "a/**/b, ax/b, false",
        "?.txt, ä.txt, true",
        "?.txt, 𝄞.txt, true",
        "??.txt, ä.txt, false",
        "[a-c]*, book, true",
        "[!a-c]*, book, false",
        "[!a-c]*, dog, true",
        "[]x]*, ]y, true",
        "[&^\\\\]*, &y, true",
        "'\\*', '*', true",
        "'\\*', a, false",
        "'a.b(c', 'a.b(c', true"
    })
    void patternsMatchAsAShellDoes(String glob, String path, boolean expected) throws MalformedException {
        assertThat(PathGlob.compile(glob, false).matches(EntryPath.ofText(path)))
                .isEqualTo(expected);
    }

    @Test
    void capitalsCountUnlessTheyAreToldNotTo() throws MalformedException {
        EntryPath path = EntryPath.ofText("Ökonomie.TXT");

        assertThat(PathGlob.compile("ö*.txt", false).matches(path)).isFalse();
        assertThat(PathGlob.compile("ö*.txt", true).matches(path)).isTrue();
    }

    @Test
    void namesThatAreNotUtf8AreFoundToo() throws MalformedException {
        EntryPath path = EntryPath.ofBytes("caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(PathGlob.compile("caf?", false).matches(path)).isTrue();
        assertThat(PathGlob.compile("caf\\xe9", false).matches(path)).isTrue();
        assertThat(PathGlob.compile("c*\\xE9", true).matches(path)).isTrue();
        assertThat(PathGlob.compile("caf\\xe8", false).matches(path)).isFalse();
        assertThat(PathGlob.compile(path.toString(), false).matches(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "[abc", "[z-a]"})
    void malformedPatternsAreRefused(String glob) {
        assertThatThrownBy(() -> PathGlob.compile(glob, false)).isInstanceOf(IllegalArgumentException.class);
    }
}
