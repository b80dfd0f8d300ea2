package dev.holdfast.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DemoTest {
    @TempDir
    Path temp;

    /** The program as tests have it: classes, not an archive. */
    private Path launcher() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
        return Files.writeString(
                Files.createFile(
                        temp.resolve("launcher"),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))),
                "#!/bin/sh\nexec '" + java + "' -Xshare:auto -XX:TieredStopAtLevel=1 -cp '"
                        + System.getProperty("java.class.path") + "' -Dholdfast.launcher=\"$0\""
                        + " dev.holdfast.cli.launch.Main \"$@\"\n");
    }

    @Test
    void aFolderWithASetuidFileComesBackAsItWas() throws Exception {
        Path source = Files.createDirectory(temp.resolve("source"));
        Files.writeString(source.resolve("a"), "the file that the demonstration changes");
        Path program = Files.writeString(source.resolve("program"), "of another");
        assertThat(new ProcessBuilder("chmod", "6755", program.toString())
                        .start()
                        .waitFor())
                .isZero();
        List<String> said = new ArrayList<>();
        Demo demo = new Demo(launcher().toString(), Files.createDirectory(temp.resolve("demo")), said::add);
        try {
            demo.run(Optional.of(source));
        } finally {
            demo.stop();
        }

        assertThat(said).last().asString().startsWith("It works: ");
        assertThat(Files.getAttribute(temp.resolve("demo/bob/papers/program"), "unix:mode"))
                .isEqualTo(0106755);
    }
}
