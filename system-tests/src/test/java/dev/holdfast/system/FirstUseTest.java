package dev.holdfast.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code ./holdfast} in a source tree: when it builds, when it waits, what it runs. Maven is played by a script that counts its
 * calls; the real build from a clean clone takes minutes and runs with {@code -Dholdfast.first-use}.
 */
final class FirstUseTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    private Path tree;

    @BeforeEach
    void sourceTree() throws IOException {
        tree = folder.resolve("a source tree");
        for (String source : List.of("pom.xml", "core/src/main/A.java", "docs/holdfast.schema.json")) {
            write(source, "");
        }
        copy("holdfast");
        copy("cli/src/dist/libexec/find-java.sh");
        maven("");
    }

    /** Builds a program that tells its arguments, after doing what {@code before} says. */
    private void maven(String before) throws IOException {
        script("mvnw", """
                echo built >>builds
                %s
                mkdir -p cli/target/app/bin
                printf '#!/bin/sh\\necho "ran in $PWD: $*"\\n' >cli/target/app/bin/holdfast
                chmod +x cli/target/app/bin/holdfast
                """.formatted(before));
    }

    private void copy(String name) throws IOException {
        Path copy = tree.resolve(name);
        Files.createDirectories(copy.getParent());
        Files.copy(ROOT.resolve(name), copy, StandardCopyOption.COPY_ATTRIBUTES);
    }

    private void write(String name, String text) throws IOException {
        Path file = tree.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void script(String name, String text) throws IOException {
        write(name, "#!/bin/sh\n" + text);
        Files.setPosixFilePermissions(tree.resolve(name), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Process start(Path program, String... args) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(program.toString()).directory(folder.toFile());
        builder.command().addAll(List.of(args));
        builder.environment().remove("HOLDFAST_NO_BUILD");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    private static String end(Process process) throws IOException, InterruptedException {
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return out;
    }

    private String run(String... args) throws IOException, InterruptedException {
        return end(start(tree.resolve("holdfast"), args));
    }

    private long builds() throws IOException {
        return Files.readAllLines(tree.resolve("builds")).size();
    }

    private String ran(String args) {
        return "ran in " + folder + ": " + args + "\n";
    }

    @Test
    void theFirstUseBuildsAndTheNextRuns() throws Exception {
        assertThat(run("version", "--json")).isEqualTo(ran("version --json"));
        assertThat(run("a b")).isEqualTo(ran("a b"));

        assertThat(builds()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pom.xml", "core/src/main/A.java", "docs/holdfast.schema.json"})
    void aTouchedSourceIsBuiltAgain(String source) throws Exception {
        run("version");
        touchLaterThan(tree.resolve("target/launcher/built"), tree.resolve(source));

        assertThat(run("version")).isEqualTo(ran("version"));
        assertThat(builds()).isEqualTo(2);
    }

    private static void touchLaterThan(Path early, Path late) throws IOException {
        FileTime time = Files.getLastModifiedTime(early);
        Files.setLastModifiedTime(late, FileTime.from(time.toInstant().plus(Duration.ofSeconds(10))));
    }

    @Test
    void itRunsThroughALinkUnderAnotherName() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("privateer"), Path.of("a source tree/holdfast"));

        assertThat(end(start(link, "version"))).isEqualTo(ran("version"));
    }

    @Test
    void ofTwoFirstUsesOneBuildsAndTheOtherWaits() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", tree.resolve("gate").toString())
                        .start()
                        .waitFor())
                .isZero();
        maven("read -r go <gate");
        Process one = start(tree.resolve("holdfast"), "one");
        BufferedReader first = one.errorReader(StandardCharsets.UTF_8);
        assertThat(first.readLine()).startsWith("building Holdfast (first use");
        Process two = start(tree.resolve("holdfast"), "two");
        assertThat(two.errorReader(StandardCharsets.UTF_8).readLine())
                .isEqualTo("waiting for another build of Holdfast");

        write("gate", "go\n");

        assertThat(end(one)).isEqualTo(ran("one"));
        assertThat(end(two)).isEqualTo(ran("two"));
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void theLockOfAKilledBuilderIsTakenAway() throws Exception {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        write("target/launcher/lock/owner", gone.pid() + "\n");

        assertThat(run("version")).isEqualTo(ran("version"));
        assertThat(tree.resolve("target/launcher/lock")).doesNotExist();
    }

    @Test
    void aFailedBuildIsShownAndTriedAgain() throws Exception {
        maven("echo 'A.java: broken'; exit 1");
        Process failed = start(tree.resolve("holdfast"), "version");

        assertThat(end(failed)).isEmpty();
        assertThat(failed.exitValue()).isEqualTo(1);
        assertThat(new String(failed.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("A.java: broken\n")
                .contains("error: Holdfast could not be built  [HF-FAILED]\n");
        maven("");
        assertThat(run("version")).isEqualTo(ran("version"));
    }

    @Test
    @EnabledIfSystemProperty(named = "holdfast.first-use", matches = ".*")
    void aCleanCloneBuildsItself() throws Exception {
        Path clone = folder.resolve("a clean clone");
        assertThat(new ProcessBuilder("git", "clone", "-q", ROOT.toString(), clone.toString())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();

        assertThat(end(start(clone.resolve("holdfast"), "version"))).startsWith("holdfast 0.1.0 on Java ");
    }
}
