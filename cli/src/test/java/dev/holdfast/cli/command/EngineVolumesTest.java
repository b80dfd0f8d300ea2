package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.marker.Marker;
import dev.holdfast.cli.launch.ProgramRun;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.snapshot.RecordHash;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.snapshot.SnapshotSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Volumes of a container engine, as the program treats them. With real engines: {@code ContainerVolumesTest} of the system tests. */
final class EngineVolumesTest {
    @TempDir
    Path folder;

    private TwoHosts site;
    private EngineStub engine;

    @BeforeEach
    void start() throws IOException {
        site = new TwoHosts(folder);
        engine = new EngineStub(folder.resolve("engine"));
    }

    @AfterEach
    void stop() {
        engine.close();
        site.close();
    }

    private ProgramRun alice(String... args) {
        return site.on("alice").with("DOCKER_HOST", engine.host()).run(args);
    }

    private static ProgramRun well(ProgramRun run) {
        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
        return run;
    }

    /** A snapshot of a volume of that kind; the volume itself is gone afterwards. */
    private void backedUp(Map<String, String> options) throws IOException {
        Path data = engine.make("photos", options);
        Path files = options.containsKey("device") ? Path.of(options.getOrDefault("device", "")) : data;
        Files.createDirectories(files);
        Files.writeString(files.resolve("readme.txt"), "first");
        well(alice("backup", "photos"));
    }

    private Map<String, String> bind(String name) {
        return Map.of(
                "type", "none", "o", "bind", "device", folder.resolve(name).toString());
    }

    private void forget(String volume) throws IOException {
        engine.close();
        engine = new EngineStub(folder.resolve("engine-without-" + volume));
    }

    /** Without a root of folders, all volumes of alice are the engine's. */
    private void withoutRoot() throws IOException {
        Path file = folder.resolve("holdfast.yaml");
        Files.writeString(file, Files.readString(file).replace("volume_root: \"" + folder + "/alice\", ", ""));
    }

    @Test
    void aVolumeThatCannotBeFilledIsNotMade() throws IOException {
        withoutRoot();
        backedUp(bind("device"));
        forget("photos");
        Files.move(folder.resolve("device"), folder.resolve("elsewhere"));

        ProgramRun run = alice("restore", "photos", "--yes");

        assertThat(run.exitCode()).isEqualTo(10);
        assertThat(run.err())
                .contains("is the folder " + folder.resolve("device") + " (o=bind), which is not there")
                .contains("`mkdir -p " + folder.resolve("device") + "`")
                .doesNotContain("made volume");
        assertThat(engine.has("photos")).isFalse();

        Files.createDirectory(folder.resolve("device"));
        well(alice("restore", "photos", "--yes"));
        assertThat(folder.resolve("device/readme.txt")).hasContent("first");
    }

    @Test
    void aVolumeWhoseFolderIsGoneIsNotToBeBackedUpFromAnEmptyOne() throws IOException {
        withoutRoot();
        backedUp(bind("device"));
        Files.move(folder.resolve("device"), folder.resolve("elsewhere"));

        ProgramRun backup = alice("backup", "photos");
        assertThat(backup.exitCode()).isEqualTo(10);
        assertThat(backup.err())
                .contains("is the folder " + folder.resolve("device") + " (o=bind), which is not there")
                .contains("Is the disk or share that it is on not mounted?")
                .doesNotContain("mkdir");

        ProgramRun restore = alice("restore", "photos", "--yes");
        assertThat(restore.exitCode()).isEqualTo(10);
        assertThat(restore.err()).contains("else make it: `mkdir -p " + folder.resolve("device") + "`");
    }

    @Test
    void aPausedContainerIsToBeLetGoOnBeforeItIsStopped() throws IOException {
        withoutRoot();
        backedUp(Map.of());
        engine.start("app", engine.data("photos"));
        engine.paused("app");

        ProgramRun run = alice("restore", "photos", "--stop", "--yes");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains("container 'app' cannot be stopped: it is paused")
                .contains("`docker unpause app`");
        assertThat(engine.done()).isEmpty();
    }

    @Test
    void aVolumeThatWasMadeForARestoreThatDidNotBeginIsRemovedAgain() throws IOException {
        withoutRoot();
        backedUp(Map.of());
        forget("photos");

        ProgramRun run = alice("restore", "photos", "no-such-path", "--yes");

        assertThat(run.exitCode()).as(run.err()).isEqualTo(10);
        assertThat(run.err()).contains("removed volume 'photos' again");
        assertThat(engine.has("photos")).isFalse();
    }

    @Test
    void aVolumeWithOtherOptionsIsRefusedAndBothAreShown() throws IOException {
        backedUp(Map.of());
        forget("photos");
        engine.make("photos", bind("device"));
        Path mine = Files.writeString(
                Files.createDirectories(folder.resolve("device")).resolve("mine"), "x");

        ProgramRun run = alice("restore", "photos", "--yes");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains("volume 'photos' is not like the one that was backed up: it has driver local with device="
                        + folder.resolve("device")
                        + " o=bind type=none; the one that was backed up had driver local without options");
        assertThat(mine).exists();

        ProgramRun dry = alice("restore", "photos", "--dry-run");
        assertThat(dry.exitCode()).isEqualTo(1);
        assertThat(dry.err()).isEqualTo(run.err());

        well(alice("restore", "photos", "--yes", "--keep-options"));
        assertThat(mine).doesNotExist();
        assertThat(folder.resolve("device/readme.txt")).hasContent("first");
    }

    @Test
    void anotherVolumeThatWasNamedMayHaveOtherOptions() throws IOException {
        backedUp(Map.of());
        engine.make("mail", bind("device"));
        Files.createDirectories(folder.resolve("device"));

        ProgramRun run = well(alice("restore", "photos", "--to-volume", "mail", "--yes"));

        assertThat(run.err()).contains("warning: volume 'mail' is not like the one that was backed up");
        assertThat(folder.resolve("device/readme.txt")).hasContent("first");
    }

    @Test
    void aDryRunSaysWhatWouldBeMade() throws IOException {
        withoutRoot();
        backedUp(Map.of());
        forget("photos");

        ProgramRun run = well(alice("restore", "photos", "--dry-run"));

        assertThat(run.out()).contains("goes to volume 'photos' of the container engine, which would be made");
        assertThat(engine.has("photos")).isFalse();
        ProgramRun slip = alice("restore", "photos", "--to-volume", "photoz", "--dry-run");
        assertThat(slip.exitCode()).as(slip.err()).isEqualTo(10);
        assertThat(slip.err()).contains("Did you mean 'photos'?");
    }

    @Test
    void aFolderThatPassesOverAVolumeOfTheEngineIsToldOf() throws IOException {
        backedUp(Map.of());
        Files.createDirectories(site.volume("alice", "photos"));

        ProgramRun backup = well(alice("backup", "photos"));
        assertThat(backup.err())
                .contains("warning: volume 'photos' is the folder " + site.volume("alice", "photos"))
                .contains("volume 'photos' has 0 files; the last snapshot had 1");
        assertThat(alice("check").out())
                .containsPattern("warning +volume photos +.* can be read; the container engine has a volume of that");
        assertThat(alice("restore", "photos", "--yes").err())
                .contains("the container engine has a volume of that name, too, which is left alone");
    }

    @Test
    void anEmptiedVolumeIsToldOfInSilenceToo() throws IOException {
        backedUp(Map.of());
        Files.delete(engine.data("photos").resolve("readme.txt"));

        assertThat(well(alice("backup", "photos", "--quiet")).err())
                .contains("WARNING: volume 'photos' has 0 files; the last snapshot had 1");
        assertThat(well(alice("backup", "photos")).err()).doesNotContain("has 0 files");
    }

    @Test
    void whoeverIsStartedBeforeTheRestoreBeginsToWriteCountsToo() throws IOException {
        site.write("alice", "photos", "readme.txt", "first");
        well(alice("backup", "photos"));
        site.write("alice", "photos", "readme.txt", "of the container");
        Path photos = site.volume("alice", "photos");
        engine.start("app", photos);
        engine.startsOnceListed("app");

        ProgramRun refused = alice("restore", "photos", "--yes");

        assertThat(refused.exitCode()).as(refused.err()).isEqualTo(11);
        assertThat(refused.err()).contains(photos + " is in use by container app  [HF-BUSY]");
        assertThat(photos.resolve("readme.txt")).hasContent("of the container");
    }

    @Test
    void aFolderThatAContainerHasMountedIsNotRestoredIntoUnasked() throws IOException {
        site.write("alice", "photos", "readme.txt", "first");
        well(alice("backup", "photos"));
        site.write("alice", "photos", "readme.txt", "of the container");
        Path photos = site.volume("alice", "photos");
        engine.start("app", photos);
        String[][] lines = {
            {"restore", "photos", "--yes"},
            {"restore", "photos", "--yes", "--to", photos.toString()},
            {"restore", "photos", "--dry-run"},
            {"restore", "photos", "--dry-run", "--to", photos.toString()}
        };

        for (String[] line : lines) {
            ProgramRun refused = alice(line);
            assertThat(refused.exitCode()).as(refused.err()).isEqualTo(11);
            assertThat(refused.err()).contains(photos + " is in use by container app  [HF-BUSY]", "`--stop`");
        }
        assertThat(photos.resolve("readme.txt")).hasContent("of the container");

        well(alice(
                "restore",
                "photos",
                "--yes",
                "--to",
                folder.resolve("elsewhere").toString()));
        well(alice("restore", "photos", "--yes", "--force"));
        assertThat(photos.resolve("readme.txt")).hasContent("first");
    }

    /** One with {@code --stop} was killed. */
    private void leaveRestoreThatStopped(String container, Path target) throws IOException {
        Path state = site.state("alice").folder();
        SnapshotSummary summary = new SnapshotSummary(
                "alice",
                "photos",
                ObjectId.copyOf(new byte[32], 0),
                SnapshotSummary.Outcome.COMPLETE,
                false,
                new UUID(0, 1),
                Instant.EPOCH,
                1,
                1,
                1);
        SnapshotRecord record = new SnapshotRecord(1, RecordHash.NONE, Instant.EPOCH, false, new UUID(1, 2), summary);
        Marker.open(state, target, new Marker.Purpose(record, true, "photos", ""))
                .close();
        engine.start(container, target);
        engine.stopped(container);
        Files.writeString(
                state.resolve("standstill"),
                "engine " + engine.host() + "\nrestore " + container + " " + container + " " + target + "\n");
    }

    @Test
    void whatAnInterruptedRestoreStoppedIsStartedByTheOneThatComesToItsEndWhateverThatWasToStop() throws IOException {
        site.write("alice", "photos", "readme.txt", "first");
        well(alice("backup", "photos"));
        leaveRestoreThatStopped("app", site.volume("alice", "photos"));

        assertThat(well(alice("restore", "photos", "--dry-run")).err()).contains("container 'app' stays stopped");
        assertThat(engine.done()).isEmpty();
        ProgramRun run = well(alice("restore", "photos", "--yes"));

        assertThat(run.err()).contains("this one takes its place", "started container 'app' again");
        assertThat(engine.done()).containsExactly("start app");
        assertThat(alice("check").out()).doesNotContain("container app");
    }

    @Test
    void aDryRunNamesWhatWouldBeStoppedAndStopsNothing() throws IOException {
        site.write("alice", "photos", "readme.txt", "first");
        well(alice("backup", "photos"));
        engine.start("app", site.volume("alice", "photos"));

        assertThat(well(alice("restore", "photos", "--dry-run", "--stop")).err())
                .contains("would stop container app for the restore");
        assertThat(well(alice("restore", "photos", "--dry-run", "--stop", "--json"))
                        .out())
                .contains("\"containers_stopped\":[\"app\"]");
        assertThat(well(alice("restore", "photos", "--dry-run", "--force")).err())
                .doesNotContain("would stop");
        assertThat(engine.done()).isEmpty();

        assertThat(well(alice("restore", "photos", "--yes", "--stop", "--json")).out())
                .contains("\"containers_stopped\":[\"app\"]");
        assertThat(engine.done()).containsExactly("stop app", "start app");
    }

    @Test
    void aDryRunStartsNothingThatAKilledRunLeftAndKnowsThatItWillRun() throws IOException {
        site.write("alice", "photos", "readme.txt", "first");
        well(alice("backup", "photos"));
        engine.start("app", site.volume("alice", "photos"));
        engine.stopped("app");
        Files.writeString(
                site.state("alice").folder().resolve("standstill"), "engine " + engine.host() + "\nstop app app\n");
        String told =
                "an interrupted run has not put back as it was: container app; without --dry-run that is done first";

        assertThat(well(alice("backup", "photos", "--dry-run")).err()).contains(told);
        ProgramRun dry = alice("restore", "photos", "--dry-run");
        assertThat(dry.exitCode()).as(dry.err()).isEqualTo(11);
        assertThat(dry.err()).contains(told, "is in use by container app  [HF-BUSY]");
        assertThat(well(alice("restore", "photos", "--dry-run", "--stop")).err())
                .contains("would stop container app for the restore");
        assertThat(engine.done()).isEmpty();

        assertThat(alice("restore", "photos", "--yes").exitCode()).isEqualTo(11);
        assertThat(engine.done()).containsExactly("start app");
    }

    @Test
    void whoeverHasTheWholeRootOfVolumesMountedIsOnlyToldOf() throws IOException {
        site.write("alice", "photos", "readme.txt", "first");
        well(alice("backup", "photos"));
        Path root = folder.resolve("alice");
        engine.start("browser", root);

        assertThat(well(alice("restore", "photos", "--yes")).err())
                .contains("container 'browser' has " + root + " mounted as a whole and can write to "
                        + site.volume("alice", "photos") + ", too");
    }

    @Test
    void anEngineThatDoesNotAnswerHasNoSayAboutAFolder() throws IOException {
        site.write("alice", "photos", "readme.txt", "first");
        well(alice("backup", "photos"));

        ProgramRun run = well(down("unix:///no-such/docker.sock", "restore", "photos", "--yes", "--to", "elsewhere"));

        assertThat(run.err())
                .contains("warning: whether a container uses " + folder.resolve("elsewhere") + " is not known: the"
                        + " container engine at unix:///no-such/docker.sock cannot be reached");
    }

    private ProgramRun down(String host, String... args) {
        return site.on("alice").with("DOCKER_HOST", host).run(args);
    }

    @Test
    void whenTheEngineIsDownTheFirstAdviceIsToStartIt() throws IOException {
        withoutRoot();

        assertThat(down("unix:///no-such/docker.sock", "backup", "photos").err())
                .contains("hint: Start it: `systemctl start docker`.");
        assertThat(down("unix:///no-such/podman.sock", "backup", "photos").err())
                .contains("hint: Start it: `systemctl start podman.socket`.");
        assertThat(down("unix:///no-such/podman.sock", "check").out())
                .contains("hint: Start it: `systemctl start podman.socket`.");
    }

    @Test
    void whereTheConfigurationSaysSoContainersOfAFolderAreHeldStill() throws IOException {
        site.write("alice", "photos", "readme.txt", "first");
        engine.start("app", site.volume("alice", "photos"));
        well(alice("backup", "photos"));
        assertThat(engine.done()).isEmpty();

        Path file = folder.resolve("holdfast.yaml");
        Files.writeString(
                file, Files.readString(file).replace("- { name: photos }", "- { name: photos, consistency: pause }"));

        assertThat(well(alice("backup", "photos")).err()).contains("pausing container 'app'");
        assertThat(engine.done()).containsExactly("pause app", "unpause app");
    }

    @Test
    void aLabelIsHeededForAFolderToo() throws IOException {
        site.write("alice", "photos", "readme.txt", "first");
        engine.start("app", site.volume("alice", "photos"));
        engine.start("elsewhere", folder, Map.of("holdfast.consistency", "stop"));
        well(alice("backup", "photos"));
        assertThat(engine.lookedAt()).as("without a label nobody is looked at").containsExactly("elsewhere");

        engine.start("db", site.volume("alice", "photos"), Map.of("holdfast.consistency", "stop"));
        assertThat(well(alice("backup", "photos")).err()).contains("stopping container 'db'");
        assertThat(engine.done()).containsExactly("stop db", "start db");
    }

    @Test
    void anEngineThatDoesNotAnswerIsNotMissedWhereNothingIsAskedOfIt() throws IOException {
        site.write("alice", "photos", "readme.txt", "first");

        assertThat(well(down("unix:///no-such/docker.sock", "backup", "photos")).err())
                .doesNotContain("container");
        assertThat(down("unix:///no-such/docker.sock", "check").out())
                .contains("whether containers have labels is not known");
    }

    @Test
    void aSlipInALabelIsToldWithWhatToWrite() throws IOException {
        site.write("alice", "photos", "readme.txt", "first");
        engine.start("app", site.volume("alice", "photos"), Map.of("holdfast.consistancy", "stop"));
        String[] key = {
            "container 'app' has the label holdfast.consistancy=stop, which means nothing",
            "Did you mean holdfast.consistency=stop?"
        };

        assertThat(well(alice("backup", "photos")).err()).contains(key);
        assertThat(alice("check").out()).contains(key);

        engine.start("app", site.volume("alice", "photos"), Map.of("holdfast.consistency", "stopp"));
        String[] word = {
            "container 'app' has the label holdfast.consistency=stopp, which means nothing",
            "Did you mean holdfast.consistency=stop?"
        };
        ProgramRun refused = alice("backup", "photos");
        assertThat(refused.exitCode()).as(refused.err()).isEqualTo(2);
        assertThat(refused.err()).contains(word);
        assertThat(alice("check").out()).contains(word);
        assertThat(engine.done()).isEmpty();
    }

    @Test
    void labelsWithoutEffectAreTold() throws IOException {
        site.write("alice", "photos", "readme.txt", "first");
        engine.start("app", site.volume("alice", "photos"), Map.of("holdfast.consistency", "stop"));
        engine.start("web", folder.resolve("elsewhere"), Map.of("holdfast.exec.before", "sync"));
        engine.start("browser", folder.resolve("alice"), Map.of("holdfast.consistency", "stop"));

        assertThat(alice("check").out())
                .contains("those of container 'app' are understood")
                .contains("those of container 'web' have no effect: it uses no volume that client 'alice' backs up")
                .contains("those of container 'browser' have no effect: what it has mounted holds volumes");
    }

    @Test
    void whatAKilledImportLeftIsKnownByAll() throws IOException {
        Path archive = emptyArchive();
        Path remains = engine.make("mail", Map.of()).resolve(".holdfast-import");
        Files.writeString(Files.createDirectories(remains).resolve("half"), "x");

        for (String[] words : new String[][] {
            {"import", archive.toString(), "mail"}, {"import", archive.toString(), "mail", "--dry-run"}
        }) {
            ProgramRun again = nowhere(words);
            assertThat(again.exitCode()).as(again.err()).isEqualTo(11);
            assertThat(again.err())
                    .contains("an import into volume 'mail' is at work or was interrupted", "`docker volume rm mail`");
        }
        assertThat(nowhere("export", "mail", "--source", "local").exitCode()).isEqualTo(11);
        ProgramRun backup = alice("backup", "mail");
        assertThat(backup.exitCode()).as(backup.err()).isEqualTo(11);
        assertThat(backup.err()).contains("an import into volume 'mail' is at work or was interrupted");
        assertThat(remains.resolve("half")).exists();
    }

    @Test
    void aDryRunOfAnImportSaysWhatWouldBeMade() throws IOException {
        ProgramRun run = well(nowhere("import", emptyArchive().toString(), "fresh", "--dry-run"));

        assertThat(run.out()).contains("volume 'fresh' of the container engine would be made");
        assertThat(engine.has("fresh")).isFalse();
    }

    private Path emptyArchive() throws IOException {
        return Files.write(folder.resolve("empty.tar"), new byte[10_240]);
    }

    /** Where there is no configuration, so that every volume is the engine's. */
    private ProgramRun nowhere(String... args) throws IOException {
        return new ProgramRun(Files.createDirectories(folder.resolve("nowhere")))
                .with("DOCKER_HOST", engine.host())
                .run(args);
    }

    @Test
    void aRefusalOfTheEngineItselfDoesNotBlameAProxy() throws IOException {
        ProgramRun run = nowhere("import", emptyArchive().toString(), "x");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("at least two characters").doesNotContain("proxy");
    }
}
