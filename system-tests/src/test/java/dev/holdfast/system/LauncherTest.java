package dev.holdfast.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The distribution archive, unpacked into a folder with blanks in its name and run from elsewhere. Needs the packaged {@code cli},
 * as {@code mvn verify} leaves it.
 */
final class LauncherTest {
    /** What one process said. */
    private record Said(int exitCode, String out, String err) {}

    @TempDir
    static Path folder;

    private static Path home;

    @BeforeAll
    static void unpack() throws Exception {
        Path archive = Path.of("../cli/target").toAbsolutePath().normalize().resolve("holdfast-0.1.0.tar.gz");
        assertThat(archive).as("made by the package phase of cli").exists();
        Path place = Files.createDirectories(folder.resolve("a folder with blanks"));
        assertThat(run(folder, Map.of(), "tar", "-xzf", archive.toString(), "-C", place.toString())
                        .exitCode())
                .isZero();
        home = place.resolve("holdfast-0.1.0");
    }

    private static Said run(Path from, Map<String, String> environment, String... command) throws Exception {
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(from.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException(String.join(" ", command) + " does not end");
        }
        return new Said(process.exitValue(), read(out), read(err));
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }

    private static Path program() {
        return home.resolve("bin/holdfast");
    }

    @Test
    void itRunsFromAnyFolder() throws Exception {
        Said said = run(Path.of("/"), Map.of(), program().toString(), "version");

        assertThat(said.err()).isEmpty();
        assertThat(said.out()).startsWith("holdfast 0.1.0 on Java ");
        assertThat(said.exitCode()).isZero();
    }

    @Test
    void whatItsReadmeLinksToIsInTheArchive() throws Exception {
        List<String> links = Pattern.compile("]\\s*\\(([^):#]+)\\)")
                .matcher(read(home.resolve("README.md")))
                .results()
                .map(link -> link.group(1))
                .toList();

        assertThat(links).contains("docs/guide/quickstart.md", "LICENSE");
        assertThat(links).allSatisfy(link -> assertThat(home.resolve(link)).exists());
        assertThat(home.resolve("docs/holdfast.schema.json")).exists();
        assertThat(home.resolve("META-INF")).doesNotExist();
    }

    @Test
    void itRunsThroughLinksUnderAnotherName() throws Exception {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path absolute = Files.createSymbolicLink(bin.resolve("holdfast-link"), program());
        Path relative = Files.createSymbolicLink(bin.resolve("privateer"), bin.relativize(absolute));

        assertThat(run(folder, Map.of(), relative.toString(), "version").out()).startsWith("holdfast 0.1.0");
    }

    @Test
    void theArchiveBringsALinkForThoseWhoTypePrivateer() throws Exception {
        Path link = home.resolve("bin/privateer");

        assertThat(Files.readSymbolicLink(link)).isEqualTo(Path.of("holdfast"));
        assertThat(run(folder, Map.of(), link.toString(), "--version").out()).isEqualTo("holdfast 0.1.0\n");
    }

    /** The JVM would silently take nothing from an archive that was made for jars in another folder. */
    @Test
    void aCopiedInstallationMakesItsClassArchiveAnew() throws Exception {
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        run(folder, Map.of(), "cp", "-r", home.toString(), first.toString());
        run(folder, Map.of(), first.resolve("bin/holdfast").toString(), "version");
        run(folder, Map.of(), "cp", "-r", first.toString(), second.toString());
        String launcher = second.resolve("bin/holdfast").toString();
        run(folder, Map.of(), launcher, "version");

        Said said = run(folder, Map.of("HOLDFAST_JAVA_OPTS", "-Xlog:class+load:stdout"), launcher, "version");
        assertThat(said.out().lines())
                .filteredOn(line -> line.contains(" picocli.CommandLine "))
                .singleElement()
                .asString()
                .contains("shared objects file");
    }

    /** In a folder without blanks: the JVM takes no application classes into an archive from a path that a URL must escape. */
    @Test
    void theFirstStartMakesTheClassArchiveAndLaterOnesUseIt() throws Exception {
        Path plain = folder.resolve("plain");
        run(folder, Map.of(), "cp", "-r", home.toString(), plain.toString());
        run(folder, Map.of(), "rm", "-rf", plain.resolve("lib/cds").toString());
        String launcher = plain.resolve("bin/holdfast").toString();
        run(folder, Map.of(), launcher, "version");

        try (Stream<Path> files = Files.list(plain.resolve("lib/cds"))) {
            assertThat(files.map(Path::toString).filter(name -> !name.endsWith(".home")))
                    .singleElement()
                    .asString()
                    .endsWith(".jsa");
        }
        Said said = run(folder, Map.of("HOLDFAST_JAVA_OPTS", "-Xlog:class+load:stdout"), launcher, "version");
        assertThat(said.out().lines())
                .filteredOn(line -> line.contains(" picocli.CommandLine "))
                .singleElement()
                .asString()
                .contains("shared objects file");
    }

    @Test
    void nothingBreaksWhereNoArchiveCanBeMade() throws Exception {
        Path copy = folder.resolve("copy");
        run(folder, Map.of(), "cp", "-r", home.toString(), copy.toString());
        run(folder, Map.of(), "rm", "-rf", copy.resolve("lib/cds").toString());
        // A file where the folder should be stops even root.
        Files.writeString(copy.resolve("lib/cds"), "");

        Said said = run(
                folder,
                Map.of("XDG_CACHE_HOME", "/dev/null/nowhere"),
                copy.resolve("bin/holdfast").toString(),
                "version");

        assertThat(said).isEqualTo(new Said(0, said.out(), ""));
        assertThat(said.out()).startsWith("holdfast 0.1.0");
    }

    @Test
    void exitCodesAndErrorsPassThrough() throws Exception {
        Said said = run(folder, Map.of(), program().toString(), "no-such-command");

        assertThat(said.exitCode()).isEqualTo(2);
        assertThat(said.out()).isEmpty();
        assertThat(said.err()).contains("[HF-USAGE]");
    }

    @Test
    void withoutUtf8LocaleNamesSurvive() throws Exception {
        Said said = run(folder, Map.of("LC_ALL", "C", "LANG", "C"), program().toString(), "gr\u00fc\u00dfe");

        assertThat(said.err()).contains("gr\u00fc\u00dfe");
    }

    @Test
    void theArchiveHoldsWhatAPackageNeeds() {
        assertThat(List.of(
                        "LICENSE",
                        "examples/one-server.yaml",
                        "completion/holdfast.bash",
                        "completion/holdfast.zsh",
                        "man/man1/holdfast.1",
                        "man/man1/holdfast-version.1",
                        "lib/native/linux-amd64/libzstd-jni.so",
                        "lib/native/linux-amd64/libjnidispatch.so"))
                .allSatisfy(name -> assertThat(home.resolve(name)).exists());
    }

    @Test
    void completionIsValidBash() throws Exception {
        assertThat(run(
                        folder,
                        Map.of(),
                        "bash",
                        "-n",
                        home.resolve("completion/holdfast.bash").toString()))
                .isEqualTo(new Said(0, "", ""));
    }
}
