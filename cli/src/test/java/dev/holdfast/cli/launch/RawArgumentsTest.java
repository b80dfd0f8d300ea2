package dev.holdfast.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RawArgumentsTest {
    @TempDir
    Path folder;

    private String[] restore(String commandLine, String... decoded) throws IOException {
        Path file = Files.write(folder.resolve("cmdline"), commandLine.getBytes(StandardCharsets.ISO_8859_1));
        return RawArguments.restore(decoded, file);
    }

    @Test
    void whatTheLocaleCouldNotSayIsTakenFromTheKernel() throws IOException {
        assertThat(restore(
                        "java\0-cp\0x\0Main\0dump\0v\0caf\u00e9/\u00c3\u00bc\0\0",
                        "dump",
                        "v",
                        "caf\ufffd/\ufffd\ufffd",
                        ""))
                .containsExactly("dump", "v", "caf\udce9/\u00fc", "");
    }

    @Test
    void whatWasUnderstoodStaysAsItIs() throws IOException {
        assertThat(restore("java\0Main\0other\0", "caf\u00e9")).containsExactly("caf\u00e9");
        assertThat(restore("java\0Main\0", "a", "b", "\ufffd")).containsExactly("a", "b", "\ufffd");
        assertThat(restore("java\0Main\0ls\0\u00ff\0", "dump", "\ufffd")).containsExactly("dump", "\ufffd");
        assertThat(RawArguments.restore(new String[] {"\ufffd"}, folder.resolve("missing")))
                .containsExactly("\ufffd");
    }
}
