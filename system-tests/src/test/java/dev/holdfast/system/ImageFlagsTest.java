package dev.holdfast.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The image of the agent starts Java without the launcher, but as the launcher would. */
final class ImageFlagsTest {
    private static final Path DISTRIBUTION = Path.of("../cli/src/dist");

    private static List<String> flags(String text) {
        List<String> flags = new ArrayList<>();
        Matcher flag = Pattern.compile("-X\\S+").matcher(text);
        while (flag.find()) {
            flags.add(flag.group().replaceAll("[\"']$", ""));
        }
        return flags;
    }

    private static String part(String text, String from, String to) {
        int begin = text.indexOf(from);
        assertThat(begin).as(from).isPositive();
        return text.substring(begin, text.indexOf(to, begin));
    }

    @Test
    void theFlagsAreThoseOfAnAgentThatStays() throws IOException {
        String launcher = Files.readString(DISTRIBUTION.resolve("bin/holdfast"));
        List<String> expected = flags(part(launcher, "\ncommon=", "\n["));
        expected.addAll(flags(part(launcher, "\n    backup) ", ";;")));

        assertThat(flags(Files.readString(DISTRIBUTION.resolve("image/jvm/agent.flags"))))
                .hasSizeGreaterThan(8)
                .containsExactlyInAnyOrderElementsOf(expected);
    }
}
