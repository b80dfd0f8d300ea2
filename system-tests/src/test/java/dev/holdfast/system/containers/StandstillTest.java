package dev.holdfast.system.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.agent.engine.Engine;
import dev.holdfast.agent.engine.EngineVolume;
import dev.holdfast.agent.engine.FolderUsers;
import dev.holdfast.agent.engine.SharedFolder;
import dev.holdfast.agent.engine.VolumeData;
import dev.holdfast.agent.source.EngineTarget;
import dev.holdfast.agent.source.FolderTarget;
import dev.holdfast.agent.source.InUse;
import dev.holdfast.agent.source.Target;
import dev.holdfast.agent.standstill.Standstill;
import dev.holdfast.core.config.Consistency;
import dev.holdfast.core.problem.HoldfastException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers that use a volume are held still while it is read, and run again afterwards as before. */
final class StandstillTest {
    @TempDir
    static Path shared;

    static DockerEngine docker;

    @TempDir
    Path state;

    private final List<String> notices = new ArrayList<>();

    @BeforeAll
    static void startEngine() throws Exception {
        docker = DockerEngine.start(shared.resolve("engine"));
    }

    @AfterAll
    static void stopEngine() throws Exception {
        if (docker != null) {
            docker.stop();
        }
    }

    @AfterEach
    void removeContainers() throws Exception {
        docker.clear();
    }

    @Test
    void stopsWhatRunsAndStartsExactlyThatAgain() throws Exception {
        docker.startIdle("first", "orders");
        docker.startIdle("second", "orders");
        docker.startIdle("asleep", "orders");
        docker.docker("stop", "-t", "0", "asleep");
        docker.startIdle("elsewhere", "orders2");

        during("orders", Consistency.STOP, () -> {
            assertThat(docker.state("first")).isEqualTo("exited");
            assertThat(docker.state("second")).isEqualTo("exited");
            assertThat(docker.state("elsewhere")).isEqualTo("running");
        });

        assertThat(docker.state("first")).isEqualTo("running");
        assertThat(docker.state("second")).isEqualTo("running");
        assertThat(docker.state("asleep")).isEqualTo("exited");
        assertThat(notices)
                .as("the youngest stops first and starts last")
                .containsExactly(
                        "stopping container 'second'",
                        "stopping container 'first'",
                        "started container 'first' again",
                        "started container 'second' again");
    }

    @Test
    void whoeverHasTheVolumesFolderMountedByItsPathIsHeldStillToo() throws Exception {
        docker.startIdle("byName", "orders");
        Path orders = docker.mountpoint("orders");
        docker.startIdle("byPath", orders.toString());
        docker.startIdle("part", Files.createDirectory(orders.resolve("sub")).toString());
        docker.startIdle("all", orders.resolve("../..").normalize().toString());

        during("orders", Consistency.STOP, () -> {
            assertThat(docker.state("byName")).isEqualTo("exited");
            assertThat(docker.state("byPath")).isEqualTo("exited");
            assertThat(docker.state("part")).isEqualTo("exited");
            assertThat(docker.state("all")).isEqualTo("running");
        });

        assertThat(docker.state("byPath")).isEqualTo("running");
        assertThat(docker.state("part")).isEqualTo("running");
    }

    @Test
    void aFolderIsInUseByContainersOfAVolumeThatBindsIt() throws Exception {
        Path folder = Files.createDirectories(shared.resolve("srv/shop"));
        docker.docker("volume", "create", "-o", "type=none", "-o", "o=bind", "-o", "device=" + folder, "shop");
        docker.startIdle("byName", "shop");
        docker.startIdle("byPath", folder.toString());
        EngineTarget volume = EngineTarget.find(docker.connect(), "shop", InUse.REFUSE, state, notices::add)
                .orElseThrow();

        assertThatThrownBy(volume::requireFree)
                .hasMessageContaining("volume 'shop' is in use by containers byName")
                .hasMessageContaining("byPath (which has " + folder + " mounted)");
        assertThatThrownBy(() -> target(folder, InUse.REFUSE).requireFree())
                .hasMessageContaining(folder + " is in use by containers byName (which has ")
                .hasMessageContaining("_data mounted), byPath");

        Target stopping = target(folder, InUse.STOP);
        stopping.requireFree();
        Target.Hold held = stopping.hold();
        try {
            assertThat(docker.state("byName")).isEqualTo("exited");
            assertThat(docker.state("byPath")).isEqualTo("exited");
        } finally {
            held.close();
        }
        assertThat(docker.state("byName")).isEqualTo("running");
        assertThat(docker.state("byPath")).isEqualTo("running");
    }

    private FolderTarget target(Path folder, InUse inUse) {
        return new FolderTarget(
                new SharedFolder(folder, "", List.of()),
                () -> Optional.of(docker.connect()),
                inUse,
                state,
                notices::add);
    }

    @Test
    void aLabelDecidesForItsContainer() throws Exception {
        docker.startIdle("frozen", "orders", "--label", "holdfast.consistency=pause");
        docker.startIdle("free", "orders");

        during("orders", Consistency.LIVE, () -> {
            assertThat(docker.state("frozen")).isEqualTo("paused");
            assertThat(docker.state("free")).isEqualTo("running");
        });

        assertThat(docker.state("frozen")).isEqualTo("running");
    }

    @Test
    void aContainersOwnCommandsRunBeforeAndAfter() throws Exception {
        docker.startIdle(
                "base",
                "orders",
                "--label",
                "holdfast.exec.before=echo dumped >/data/dump",
                "--label",
                "holdfast.exec.after=rm /data/dump");
        Path dump =
                docker.connect().findVolume("orders").orElseThrow().mountpoint().resolve("dump");

        during("orders", Consistency.LIVE, () -> assertThat(dump).hasContent("dumped\n"));

        assertThat(dump).doesNotExist();
    }

    @Test
    void whenACommandFailsNothingStaysStopped() throws Exception {
        docker.startIdle("base", "orders", "--label", "holdfast.exec.before=echo no room >&2; exit 4");
        docker.startIdle("first", "orders", "--label", "holdfast.consistency=stop");

        assertThatThrownBy(() -> begin("orders", Consistency.LIVE))
                .hasMessageContaining("of container 'base' ended with 4: no room");

        assertThat(docker.state("first")).isEqualTo("running");
    }

    @Test
    void wakesAllWhenOneCannotBeStopped() throws Exception {
        docker.startIdle("first", "orders");
        docker.startIdle("vanishing", "orders", "--rm");

        assertThatThrownBy(() -> begin("orders", Consistency.STOP))
                .isInstanceOf(HoldfastException.class)
                .hasMessageContaining("'vanishing' cannot be stopped: it was started with --rm");

        assertThat(docker.state("first")).isEqualTo("running");
        assertThat(docker.state("vanishing")).isEqualTo("running");
    }

    @Test
    void whoeverIsStartedWhileTheVolumeIsReadIsFoundOut() throws Exception {
        docker.startIdle("stopped", "orders");
        docker.startIdle("paused", "orders", "--label", "holdfast.consistency=pause");
        docker.startIdle("live", "orders", "--label", "holdfast.consistency=live");

        Standstill still = begin("orders", Consistency.STOP);
        try {
            still.requireHeld();
            docker.docker("start", "stopped");
            assertDisturbed(still, "'stopped' was started again");
            docker.docker("stop", "-t", "0", "stopped");
            assertDisturbed(still, "'stopped' was started again");
        } finally {
            still.close();
        }

        Standstill again = begin("orders", Consistency.STOP);
        try {
            docker.docker("unpause", "paused");
            assertDisturbed(again, "'paused' did not stay paused");
            docker.docker("pause", "paused");
            docker.startIdle("guest", "orders", "--label", "holdfast.consistency=live");
            again.requireHeld();
            docker.startIdle("stranger", "orders");
            assertDisturbed(again, "'stranger' was started");
        } finally {
            again.close();
        }
        assertThat(notices).noneMatch(notice -> notice.contains("still runs"));
    }

    private static void assertDisturbed(Standstill still, String how) {
        assertThatThrownBy(still::requireHeld)
                .hasMessageContaining("container " + how)
                .hasMessageContaining(" while the volume was read: its files may not fit together")
                .hasMessageContaining("no snapshot was made");
    }

    @Test
    void whatWasNotTouchedYetIsNotWaitedFor() throws Exception {
        docker.startIdle(
                "both", "orders", "--label", "holdfast.consistency=stop", "--label", "holdfast.exec.before=exit 4");

        assertThatThrownBy(() -> begin("orders", Consistency.LIVE)).hasMessageContaining("of container 'both' ended");

        assertThat(notices).noneMatch(notice -> notice.contains("still runs"));
        assertThat(docker.state("both")).isEqualTo("running");
        assertThat(state.resolve("standstill")).isEmptyFile();
    }

    @Test
    void anInterruptedThreadWakesThemToo() throws Exception {
        docker.startIdle("first", "orders");
        Standstill still = begin("orders", Consistency.STOP);

        Thread.currentThread().interrupt();
        still.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(docker.state("first")).isEqualTo("running");
    }

    @Test
    void anEngineThatIsAwayForAWhileIsWaitedForAndNothingStaysStopped() throws Exception {
        docker.startIdle("first", "orders");
        docker.startIdle("second", "orders");
        List<String> heard = new ArrayList<>();
        Standstill still =
                Standstill.begin(docker.connect(), shared("orders"), Consistency.STOP, true, state, notice -> {
                    heard.add(notice);
                    if (notice.contains("does not answer")) {
                        startEngineAgain();
                    }
                });

        docker.shutDown();
        still.close();

        assertThat(heard).anyMatch(notice -> notice.startsWith("the container engine does not answer; waiting"));
        assertThat(docker.state("first")).isEqualTo("running");
        assertThat(docker.state("second")).isEqualTo("running");
        assertThat(state.resolve("standstill")).isEmptyFile();
    }

    private static void startEngineAgain() {
        try {
            docker.startAgain();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatAKilledRunLeftIsWokenByTheNext() throws Exception {
        docker.startIdle("first", "orders");
        docker.startIdle("second", "orders", "--label", "holdfast.consistency=pause");
        Path left = state.resolve("left");
        during("orders", Consistency.STOP, () -> Files.copy(state.resolve("standstill"), left));
        docker.docker("stop", "-t", "0", "first");
        docker.docker("pause", "second");
        Files.copy(left, state.resolve("standstill"), StandardCopyOption.REPLACE_EXISTING);

        Standstill.recover(state, notices::add);

        assertThat(docker.state("first")).isEqualTo("running");
        assertThat(docker.state("second")).isEqualTo("running");
        assertThat(state.resolve("standstill")).isEmptyFile();
    }

    @Test
    void whatALivingRunHoldsIsLeftAlone() throws Exception {
        docker.startIdle("first", "orders");
        during("orders", Consistency.STOP, () -> {
            Standstill.recover(state, notices::add);
            assertThat(docker.state("first")).isEqualTo("exited");
        });
    }

    @Test
    void aVolumeWithMountOptionsIsReadOnlyWhileItIsMounted() throws Exception {
        docker.docker("volume", "create", "-o", "type=tmpfs", "-o", "device=tmpfs", "fleeting");
        EngineVolume fleeting = docker.connect().findVolume("fleeting").orElseThrow();

        assertThatThrownBy(() -> VolumeData.locate(fleeting))
                .hasMessageContaining("'fleeting' (tmpfs) cannot be seen now");

        docker.startIdle("user", "fleeting");
        docker.docker("exec", "user", "sh", "-c", "echo here >/data/file");
        assertThat(VolumeData.locate(fleeting).folder().resolve("file")).hasContent("here");
    }

    @Test
    void aBoundFolderIsReadWhereItLies() throws Exception {
        Path folder = Files.createDirectories(shared.resolve("bound"));
        docker.docker("volume", "create", "-o", "type=none", "-o", "o=bind", "-o", "device=" + folder, "bound");

        EngineVolume bound = docker.connect().findVolume("bound").orElseThrow();

        assertThat(VolumeData.locate(bound).folder()).isEqualTo(folder);
    }

    @Test
    void aVolumeIsMadeWithAllThatIsRecordedOfIt() throws Exception {
        Engine engine = docker.connect();

        EngineVolume made = engine.createVolume(
                "made", "local", Map.of("type", "tmpfs", "device", "tmpfs"), Map.of("team", "ä & b"));

        assertThat(engine.findVolume("made")).contains(made);
        assertThat(made.labels()).containsEntry("team", "ä & b");
        assertThat(made.options()).containsEntry("type", "tmpfs");
        assertThat(engine.findVolume("never-made")).isEmpty();
    }

    @Test
    void aCommandInAContainerTellsHowItEnded() throws Exception {
        docker.startIdle("first", "orders");
        Engine engine = docker.connect();

        Engine.Executed executed = engine.execute(
                new FolderUsers(engine, shared("orders")).find().get(0).container(),
                "echo out; echo err >&2; exit 7",
                Duration.ofSeconds(20));

        assertThat(executed.exitCode()).isEqualTo(7);
        assertThat(executed.output()).contains("out", "err");
    }

    private interface Work {
        void run() throws Exception;
    }

    private void during(String volume, Consistency consistency, Work work) throws Exception {
        Standstill still = begin(volume, consistency);
        try {
            work.run();
        } finally {
            still.close();
        }
    }

    private static SharedFolder shared(String volume) {
        EngineVolume found = docker.connect().findVolume(volume).orElseThrow();
        return SharedFolder.ofVolume(volume, VolumeData.locate(found).folder());
    }

    private Standstill begin(String volume, Consistency consistency) {
        return Standstill.begin(docker.connect(), shared(volume), consistency, true, state, notices::add);
    }
}
