package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.launch.ProgramRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which volume of this machine {@code export --source local} and {@code import} mean, and what they say of it. */
final class LocalFoldersTest {
    @TempDir
    Path folder;

    private EngineStub engine;
    private Path archive;

    @BeforeEach
    void start() throws IOException {
        engine = new EngineStub(folder.resolve("engine"));
        Files.writeString(engine.make("photos", Map.of()).resolve("readme.txt"), "of the engine");
        archive = Files.write(folder.resolve("empty.tar"), new byte[10_240]);
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    private ProgramRun run(String... words) {
        return new ProgramRun(folder)
                .with("DOCKER_HOST", engine.host())
                .with("HOLDFAST_STATE", folder.resolve("state").toString())
                .run(words);
    }

    private static ProgramRun well(ProgramRun run) {
        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
        return run;
    }

    /** @param more of the client {@code alice} */
    private void configure(String more) throws IOException {
        Files.writeString(folder.resolve("holdfast.yaml"), """
                servers: [ { name: attic, hostname: 127.0.0.1, port: 2222, data: /srv/none } ]
                clients: [ { name: alice, backup: [photos]%s }, { name: bob, backup: [photos] } ]
                volumes: [ { name: photos } ]
                """.formatted(more));
    }

    @Test
    void aConfigurationThatHasNoFolderForTheVolumeNeedsNoMachine() throws IOException {
        configure("");

        ProgramRun export = well(run("export", "photos", "--source", "local"));
        well(run("import", "local-photos-20261120-120000.tar", "copy"));

        assertThat(export.err())
                .contains("the configuration " + folder.resolve("holdfast.yaml") + " is not used: which machine this is"
                        + " was not said");
        assertThat(engine.data("copy").resolve("readme.txt")).hasContent("of the engine");
    }

    @Test
    void whereOnlyTheMachineTellsTheFolderItHasToBeNamed() throws IOException {
        configure(", volume_root: \"" + folder + "/root\"");

        for (String[] line :
                new String[][] {{"export", "photos", "--source", "local"}, {"import", archive.toString(), "fresh"}}) {
            ProgramRun run = run(line);
            assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
            assertThat(run.err())
                    .contains("depends on which machine this is, and that was not said  [HF-USAGE]")
                    .contains("Add `--as NAME`; NAME is one of attic, alice, bob.", "Or name the folder itself");
        }
        assertThat(engine.has("fresh")).isFalse();

        well(run("--as", "alice", "import", archive.toString(), "fresh"));
        assertThat(folder.resolve("root/fresh")).isDirectory();
        assertThat(run("--as", "carol", "import", archive.toString(), "more").exitCode())
                .isNotZero();
    }

    @Test
    void aBrokenConfigurationStopsOnlyThoseWhoNeedIt() throws IOException {
        Files.writeString(folder.resolve("holdfast.yaml"), "clientz: []\n");

        well(run("import", archive.toString(), "any", "--to", "data"));
        well(run("export", "./data", "--source", "local"));
        ProgramRun run = run("import", archive.toString(), "fresh");

        assertThat(run.exitCode()).isNotZero();
        assertThat(run.err()).contains("clientz", "Or name the folder itself, such as `./fresh`");
        assertThat(engine.has("fresh")).isFalse();
    }

    @Test
    void aNameThatNobodyHasIsLookedForInTheEngineToo() {
        ProgramRun run = run("export", "nosuch", "--source", "local");

        assertThat(run.exitCode()).isEqualTo(10);
        assertThat(run.err())
                .contains("there is no folder " + folder.resolve("nosuch")
                        + ", and the container engine has no volume 'nosuch'  [HF-NOT-FOUND]");
    }

    @Test
    void aVolumeThatIsThereIsNotToldToBeRemovedFirst() {
        ProgramRun run = run("import", archive.toString(), "photos");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains("choose another name. Only if nobody wants the old one any more, remove that with"
                        + " `docker volume rm photos`.");
    }

    @Test
    void aDryRunOfAnImportSaysWhatTheRunWillLeaveOut() throws IOException {
        Path tool =
                Files.writeString(Files.createDirectory(folder.resolve("data")).resolve("tool"), "x");
        Files.setAttribute(tool, "unix:mode", 0104755);
        well(run("export", "./data", "--source", "local"));
        String made = "local-data-20261120-120000.tar";

        ProgramRun dry = well(run("import", made, "./copy", "--dry-run"));
        ProgramRun json = well(run("import", made, "./copy", "--dry-run", "--json"));
        ProgramRun real = well(run("import", made, "./copy"));

        assertThat(dry.err()).contains("would be left out: setuid or setgid bit of 'tool'");
        assertThat(json.out()).contains("\"left_out_count\":1,\"left_out\":[{\"path\":\"/tool\"");
        assertThat(real.err())
                .contains("left out: setuid or setgid bit of 'tool'")
                .doesNotContain("would");
    }
}
