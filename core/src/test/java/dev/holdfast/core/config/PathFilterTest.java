package dev.holdfast.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PathFilterTest {
    private static boolean excludes(String pattern, String path) {
        boolean directory = path.endsWith("/");
        String bare = directory ? path.substring(0, path.length() - 1) : path;
        return PathFilter.of(List.of(), List.of(pattern)).excluded(bare, directory);
    }

    @ParameterizedTest(name = "{0} covers {1}")
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "*.tmp, a.tmp",
                "*.tmp, a/b/c.tmp",
                "*.tmp, .tmp",
                "*.tmp, a.tmp/inside/x",
                "cache, cache",
                "cache, a/cache/",
                "cache, a/cache/x",
                "cache/, cache/",
                "cache/, a/b/cache/",
                "cache/, a/cache/x/y",
                "/cache, cache",
                "/cache, cache/x",
                "/cache/, cache/x",
                "a/b, a/b",
                "a/b, a/b/c/d",
                "/a/b, a/b",
                "a/*, a/x",
                "a/*, a/x/y",
                "a/**, a/x",
                "a/**, a/x/y/z",
                "a/**/z, a/z",
                "a/**/z, a/b/z",
                "a/**/z, a/b/c/z/y",
                "**/a/b, a/b",
                "**/a/b, x/y/a/b",
                "**/a/b, x/a/a/b",
                "a/**/b/**/c, a/b/x/b/y/c",
                "**/a/**/a, a/x/a",
                "**, x",
                "**, x/y",
                "**/, x/",
                "**/, x/y",
                "a**b, a123b",
                "a**b/, x/ab/",
                "?, x",
                "?, ä",
                "???, äöü",
                "[abc], b",
                "[a-c]x, bx",
                "[!a-c]x, dx",
                "[^a-c]x, dx",
                "[]]x, ]x",
                "[!]]x, ax",
                "[a-]x, -x",
                "[\\]]x, ]x",
                "[ä-ü], ö",
                "\\*, *",
                "\\[x\\], [x]",
                "\\!x, !x",
                "a\\?b, a?b",
                "*a*b*c*, xxaxxbxxcxx",
                "*.[ch], main.c",
                "core.*, core.1234",
                "ä*, äpfel",
                "*é, café",
                "#x, #x",
            })
    void aPatternCovers(String pattern, String path) {
        assertThat(excludes(pattern, path)).isTrue();
    }

    @ParameterizedTest(name = "{0} leaves {1}")
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "*.tmp, a.tmpx",
                "*.tmp, tmp",
                "*.tmp, a.TMP",
                "cache, cached",
                "cache, acache",
                "cache/, cache",
                "cache/, a/b/cache",
                "/cache, a/cache",
                "/cache/, cache",
                "/cache/, a/cache/x",
                "a/b, x/a/b",
                "a/b, a",
                "a/b, a/",
                "a/*, a/",
                "a/**, a/",
                "a/**/z, a/b",
                "a/**/z, b/a/z",
                "**/a/b, a/x/b",
                "**/, x",
                "a/**/b/, a/x/b",
                "?, xy",
                "?, äö",
                "??, ä",
                "*??, ä",
                "[abc], d",
                "[!a-c]x, ax",
                "[a-c], bb",
                "\\*, x",
                "a?b, a/b",
                "a[!x]b, a/b",
                "a*b, a/b",
                "*a*b*c*, xxbxxaxxcxx",
            })
    void aPatternLeaves(String pattern, String path) {
        assertThat(excludes(pattern, path)).isFalse();
    }

    @Test
    void namesThatAreNotUtf8AreMatchedByteForByte() {
        byte[] stray = {'a', '/', (byte) 0xff, (byte) 0xc3, '.', 't', 'm', 'p'};
        assertThat(PathFilter.of(List.of(), List.of("*.tmp")).excluded(stray, false))
                .isTrue();
        assertThat(PathFilter.of(List.of(), List.of("??.tmp")).excluded(stray, false))
                .isTrue();
        assertThat(PathFilter.of(List.of(), List.of("?.tmp")).excluded(stray, false))
                .isFalse();
        assertThat(PathFilter.of(List.of(), List.of("[!x][!y].t?p")).excluded(stray, false))
                .isTrue();
        assertThat(PathFilter.of(List.of(), List.of("ÿÃ.tmp")).excluded(stray, false))
                .isFalse();
        assertThat(PathFilter.of(List.of(), List.of("b/*")).excluded(stray, false))
                .isFalse();
        for (String named :
                List.of("\\xff\\xc3.tmp", "\\xff*.tmp", "?\\xC3.tmp", "*\\xff\\xc3.tmp", "[\\xf0-\\xff]?.tmp")) {
            assertThat(PathFilter.of(List.of(), List.of(named)).excluded(stray, false))
                    .as(named)
                    .isTrue();
        }
        assertThat(PathFilter.of(List.of(), List.of("\\xff\\xc4.tmp")).excluded(stray, false))
                .isFalse();
    }

    @Test
    void withIncludePatternsOnlyTheseAndTheWayToThemAreTaken() {
        PathFilter filter = PathFilter.of(List.of("/srv/media", "/etc/*.conf", "docs/**/*.md"), List.of("*.tmp"));
        assertThat(filter.excluded("", true)).isFalse();
        assertThat(filter.excluded("srv", true)).isFalse();
        assertThat(filter.excluded("srv", false))
                .as("a file where a folder is wanted")
                .isTrue();
        assertThat(filter.excluded("srv/media", true)).isFalse();
        assertThat(filter.excluded("srv/media/deep/x.jpg", false)).isFalse();
        assertThat(filter.excluded("srv/media/deep/x.tmp", false))
                .as("exclude wins")
                .isTrue();
        assertThat(filter.excluded("srv/other", true)).isTrue();
        assertThat(filter.excluded("etc/x.conf", false)).isFalse();
        assertThat(filter.excluded("etc/x.ini", false)).isTrue();
        assertThat(filter.excluded("etc/sub", true)).isTrue();
        assertThat(filter.excluded("docs", true)).isFalse();
        assertThat(filter.excluded("docs/a/b", true)).isFalse();
        assertThat(filter.excluded("docs/a/b/c.md", false)).isFalse();
        assertThat(filter.excluded("docs/a/b/c.txt", false)).isTrue();
        assertThat(filter.excluded("home", true)).isTrue();
    }

    @Test
    void anUnanchoredIncludeEntersEveryFolder() {
        PathFilter filter = PathFilter.of(List.of("*.sql"), List.of("/tmp/"));
        assertThat(filter.excluded("any/where", true)).isFalse();
        assertThat(filter.excluded("any/where/dump.sql", false)).isFalse();
        assertThat(filter.excluded("any/where/dump.txt", false)).isTrue();
        assertThat(filter.excluded("tmp", true)).isTrue();
        assertThat(filter.excluded("tmp/dump.sql", false)).isTrue();
    }

    @Test
    void withoutPatternsNothingIsLeftOut() {
        assertThat(PathFilter.of(List.of(), List.of())).isSameAs(PathFilter.everything());
        assertThat(PathFilter.everything().excluded("anything", false)).isFalse();
    }

    @Test
    void theRootIsNeverLeftOut() {
        assertThat(PathFilter.of(List.of(), List.of("**", "*")).excluded("", true))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "/", "//", "a//b", "!x", "[abc", "[", "[]", "[!]", "a\\", "./a", "a/../b", "[z-a]", "a/.", "\u0000",
                "[a\\"
            })
    void aMalformedPatternIsNamedAndRefused(String pattern) {
        assertThat(PathFilter.fault(pattern)).isPresent();
        assertThatThrownBy(() -> PathFilter.of(List.of(), List.of(pattern)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyMalformedPatternSaysWhy() {
        assertThat(PathFilter.fault("[abc")).hasValue("a '[' that is never closed");
        assertThat(PathFilter.fault("!x"))
                .hasValue("a pattern cannot be negated with '!'; use include, or '\\!' for the character");
        assertThat(PathFilter.fault("a//b")).hasValue("an empty component ('//')");
        assertThat(PathFilter.fault("*.tmp")).isEmpty();
    }

    @Test
    void noPatternMakesMatchingExplode() {
        PathFilter filter = PathFilter.of(
                List.of(), List.of("*a".repeat(100) + "b", "**/a/".repeat(100) + "b", "**/*a*a*a*a*a*a*b/".repeat(50)));
        byte[] name = "a".repeat(250).getBytes(StandardCharsets.UTF_8);
        byte[] deep = "a/".repeat(2000).concat("c").getBytes(StandardCharsets.UTF_8);
        Assertions.assertTimeout(Duration.ofSeconds(10), () -> {
            for (int i = 0; i < 20; i++) {
                assertThat(filter.excluded(name, false)).isFalse();
                assertThat(filter.excluded(deep, false)).isFalse();
            }
        });
    }

    /** The matcher against the plainest possible one, on random patterns and paths. */
    @Test
    void agreesWithASimpleRecursiveMatcher() {
        SplittableRandom random = new SplittableRandom(7);
        String[] parts = {"a", "b", "*", "**", "?", "a*", "*b", "[ab]", "a*b", "[!a]"};
        String[] names = {"a", "b", "ab", "aab", "ba", "c"};
        for (int i = 0; i < 200_000; i++) {
            StringBuilder pattern = new StringBuilder(random.nextBoolean() ? "/" : "");
            int length = 1 + random.nextInt(4);
            for (int j = 0; j < length; j++) {
                pattern.append(j == 0 ? "" : "/").append(parts[random.nextInt(parts.length)]);
            }
            pattern.append(random.nextInt(4) == 0 ? "/" : "");
            String path = names[random.nextInt(names.length)];
            for (int j = random.nextInt(5); j > 0; j--) {
                path += "/" + names[random.nextInt(names.length)];
            }
            boolean directory = random.nextBoolean();
            assertThat(PathFilter.of(List.of(), List.of(pattern.toString())).excluded(path, directory))
                    .as("%s against %s (%s)", pattern, path, directory)
                    .isEqualTo(PlainMatcher.covers(pattern.toString(), path, directory));
        }
    }
}
