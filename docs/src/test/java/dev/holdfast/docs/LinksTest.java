package dev.holdfast.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every link between the texts leads somewhere, down to the heading. They are looked at as they are packed for the archive, so that
 * a link to something that stays behind in the source tree is found as well.
 */
final class LinksTest {
    private static final Path HANDBOOK = Path.of("target", "classes").toAbsolutePath();
    private static final Pattern LINK = Pattern.compile("\\]\\(\\s*([^)\\s]+)\\s*\\)");
    private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```|^ {4}.*?$|`[^`\n]*`");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+?)\\s*$");

    static List<Path> texts() throws IOException {
        try (Stream<Path> files = Files.walk(HANDBOOK)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void theTextsAreThere() throws IOException {
        assertThat(texts())
                .contains(HANDBOOK.resolve("README.md"), HANDBOOK.resolve("docs/guide/quickstart.md"))
                .hasSizeGreaterThan(20);
    }

    @ParameterizedTest
    @MethodSource("texts")
    void everyLinkLeadsSomewhere(Path text) throws IOException {
        List<String> broken = new ArrayList<>();
        Matcher links = LINK.matcher(CODE.matcher(Files.readString(text)).replaceAll(""));
        while (links.find()) {
            String link = links.group(1);
            if (!link.matches("[a-z]+:.*") && !leadsSomewhere(text, link)) {
                broken.add(link);
            }
        }
        assertThat(broken)
                .as("links of %s that lead nowhere", HANDBOOK.relativize(text))
                .isEmpty();
    }

    private static boolean leadsSomewhere(Path from, String link) throws IOException {
        int hash = link.indexOf('#');
        String file = hash < 0 ? link : link.substring(0, hash);
        Path target = file.isEmpty() ? from : from.resolveSibling(file).normalize();
        return target.startsWith(HANDBOOK)
                && Files.exists(target)
                && (hash < 0 || anchors(target).contains(link.substring(hash + 1)));
    }

    /** As the usual renderers name headings. */
    private static Set<String> anchors(Path text) throws IOException {
        return HEADING.matcher(Files.readString(text))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }
}
