package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.launch.ProgramRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is typed on the machine of a server, by whoever runs it. */
final class OnTheServerTest {
    @TempDir
    Path folder;

    private TwoHosts site;

    @BeforeEach
    void start() throws IOException {
        site = new TwoHosts(folder);
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private void configure(String more) throws IOException {
        Files.writeString(folder.resolve("holdfast.yaml"), more, StandardOpenOption.APPEND);
    }

    @Test
    void theChannelsAreListedByTheRunningServerWhileTheConfigurationIsBroken() throws IOException {
        configure("notify: [ webhook: 'https://hooks.example.org/S3CRET' ]\n");
        site.restart(data -> {});
        String before = site.on("attic").run("notify", "list").out();
        configure("clientz: []\n");

        ProgramRun run = site.on("attic").run("notify", "list");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .isEqualTo(before)
                .contains("webhook-1", "everything")
                .doesNotContain("S3CRET");
        assertThat(run.err()).startsWith("WARNING: ").contains("clientz");
        site.close();
        assertThat(site.on("attic").run("notify", "list").exitCode())
                .as("nobody is there to ask")
                .isEqualTo(2);
    }

    @Test
    void ordersNeedNoKeyOfAnOperator() {
        for (List<String> words : List.of(
                List.of("backup", "alice:photos"),
                List.of("cancel", "alice:photos"),
                List.of("restore", "photos", "--on", "alice", "--yes"))) {
            ProgramRun run = site.on("attic").run(words.toArray(String[]::new));
            assertThat(run.exitCode()).as(run.err()).isEqualTo(13);
            assertThat(run.err()).contains("the agent of host 'alice' is not connected: it has never been here");
        }
    }

    @Test
    void whatTheServerKeepsSealedIsExportedByTheLinesThatItsRefusalNames() throws IOException {
        site.write("alice", "photos", "readme.txt", "first");
        site.backUp("alice", "photos");
        String[] export = {"export", "photos", "--to-dir", folder.toString(), "--quiet"};

        ProgramRun refused = site.on("attic").run(export);

        assertThat(refused.exitCode()).as(refused.err()).isEqualTo(12);
        assertThat(refused.err())
                .contains("server 'attic' cannot read backups of 'alice'")
                .contains("on alice, bob, type `holdfast export photos --source alice`");
        ProgramRun onBob = site.on("bob").run("export", "photos", "--source", "alice", "--dry-run");
        assertThat(onBob.exitCode()).as(onBob.err()).isZero();

        List<String> lines = Pattern.compile("`([^`]*)`")
                .matcher(refused.err())
                .results()
                .map(quoted -> quoted.group(1))
                .skip(1)
                .toList();
        assertThat(lines).hasSize(4);
        configure(lines.get(0) + "\n");
        for (String line : lines.subList(1, 4)) {
            ProgramRun run =
                    site.on("attic").run(line.replaceFirst("holdfast ", "").split(" "));
            assertThat(run.exitCode()).as(line + ": " + run.err()).isZero();
        }
        ProgramRun exported = site.on("attic").run(export);
        assertThat(exported.exitCode()).as(exported.err()).isZero();
        assertThat(Path.of(exported.out().strip())).isNotEmptyFile();
    }

    @Test
    void aHostThatThereIsNotIsSaidToBeNone() {
        ProgramRun run = site.on("attic").run("restore", "photos", "--on", "carol", "--yes");

        assertThat(run.exitCode()).isEqualTo(10);
        assertThat(run.err()).contains("this server knows no host 'carol'", "Its hosts are alice, bob.");
    }

    @Test
    void anOrderOnAServerThatDoesNotRunSaysSo() {
        site.close();
        ProgramRun run = site.on("attic").run("backup", "alice:photos");

        assertThat(run.exitCode()).isEqualTo(10);
        assertThat(run.err()).contains("server 'attic' is not running");
    }
}
