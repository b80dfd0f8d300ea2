package dev.holdfast.agent.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.agent.source.FolderSource;
import dev.holdfast.agent.source.FrozenView;
import dev.holdfast.core.config.Hooks;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class VolumeHooksTest {
    private static final String NOTE = "echo \"$HOLDFAST_HOOK of $HOLDFAST_HOST/$HOLDFAST_VOLUME\" >>";

    @TempDir
    Path folder;

    private Path volume;
    private Path state;
    private Path notes;
    private final List<String> notices = new ArrayList<>();

    @BeforeEach
    void makeVolume() throws IOException {
        volume = Files.createDirectory(folder.resolve("volume"));
        state = folder.resolve("state");
        notes = folder.resolve("notes");
    }

    private VolumeHooks hooks(String before, String after, Duration timeout) {
        return new VolumeHooks(
                "alice",
                "shop",
                new Hooks(said(before), said(after), Optional.of(NOTE + notes), timeout),
                state,
                notices::add);
    }

    private VolumeHooks noting() {
        return hooks(NOTE + notes, NOTE + notes, Duration.ofMinutes(1));
    }

    private static Optional<String> said(String command) {
        return Optional.of(command).filter(one -> !one.isEmpty());
    }

    private FrozenView freeze(VolumeHooks hooks) {
        return hooks.around(new FolderSource(volume)).freeze();
    }

    private List<String> noted() throws IOException {
        return Files.exists(notes) ? Files.readAllLines(notes) : List.of();
    }

    /** As a run that was killed between the two: the lock is gone, and nothing else happens. */
    private void leaveOwed() {
        try (OwedHook owed = OwedHook.open(state, "shop", notices::add)) {
            owed.owe(true);
        }
    }

    @Test
    void oneCommandRunsBeforeTheVolumeIsReadAndOneWhenItIsLetGo() throws IOException {
        try (FrozenView view = freeze(noting())) {
            assertThat(view.root()).isEqualTo(volume);
            assertThat(noted()).containsExactly("before of alice/shop");
        }

        assertThat(noted()).containsExactly("before of alice/shop", "after of alice/shop");
        assertThat(notices).containsExactly("running hook `before` of 'shop'", "running hook `after` of 'shop'");
        assertThat(VolumeHooks.left(state)).isEmpty();
    }

    @Test
    void whenTheFirstFailsNothingIsReadAndTheSecondRunsNevertheless() throws IOException {
        VolumeHooks hooks =
                hooks("echo one; echo 'no lock to be had' >&2; exit 4", NOTE + notes, Duration.ofMinutes(1));

        assertThatThrownBy(() -> freeze(hooks))
                .isInstanceOf(HoldfastException.class)
                .hasMessage("hook `before` of volume 'shop' ended with code 4: no lock to be had");

        assertThat(noted()).containsExactly("after of alice/shop");
        assertThat(VolumeHooks.left(state)).isEmpty();
    }

    @Test
    void theSecondOneThatFailsIsToldAndNotOwedAgain() {
        FrozenView view = freeze(hooks("", "exit 1", Duration.ofMinutes(1)));

        assertThatThrownBy(view::close).hasMessage("hook `after` of volume 'shop' ended with code 1");

        assertThat(VolumeHooks.left(state)).isEmpty();
        assertThat(OwedHook.openIfFree(state, "shop")).as("its lock is free").hasValueSatisfying(OwedHook::close);
    }

    @Test
    void whatAKilledRunOwesIsMadeUpForBeforeTheNext() throws IOException {
        leaveOwed();

        freeze(noting()).close();

        assertThat(noted()).containsExactly("after of alice/shop", "before of alice/shop", "after of alice/shop");
        assertThat(notices).contains("an interrupted backup of 'shop' has not run its hook `after`");
    }

    @Test
    void whatAKilledRunOwesIsMadeUpForByARecoveryButNotWhatALivingOneHolds() throws IOException {
        FrozenView view = freeze(noting());
        noting().recover();
        assertThat(noted()).containsExactly("before of alice/shop");
        view.close();
        Files.delete(notes);
        leaveOwed();
        assertThat(VolumeHooks.left(state)).containsExactly("shop");

        noting().recover();

        assertThat(noted()).containsExactly("after of alice/shop");
        assertThat(VolumeHooks.left(state)).isEmpty();
    }

    @Test
    void aCommandThatTakesTooLongIsKilledWithAllThatItStarted() throws Exception {
        Path pid = folder.resolve("pid");
        VolumeHooks hooks = hooks("sleep 300 & echo $! >" + pid + "; wait", "", Duration.ofMillis(500));

        assertThatThrownBy(() -> freeze(hooks))
                .hasMessage("hook `before` of volume 'shop' was killed: it took too long");

        ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
                .ifPresent(process -> process.onExit().join());
    }

    @Test
    void whatACommandLeavesRunningIsNotWaitedFor() throws Exception {
        Path pid = folder.resolve("pid");

        freeze(hooks("sleep 300 & echo $! >" + pid, "", Duration.ofMinutes(2))).close();

        ProcessHandle started =
                ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
        assertThat(started.isAlive()).isTrue();
        started.destroyForcibly();
    }

    @Test
    void anotherRunOfTheVolumeWaits() throws Exception {
        FrozenView first = freeze(noting());
        CountDownLatch waits = new CountDownLatch(1);
        VolumeHooks other = new VolumeHooks(
                "alice",
                "shop",
                new Hooks(said(NOTE + notes), Optional.empty(), Optional.empty(), Duration.ofMinutes(1)),
                state,
                notice -> {
                    if (notice.startsWith("waiting for another backup of 'shop'")) {
                        waits.countDown();
                    }
                });
        CompletableFuture<Void> second =
                CompletableFuture.runAsync(() -> freeze(other).close());
        waits.await();
        assertThat(noted()).containsExactly("before of alice/shop");

        first.close();
        second.get();

        assertThat(noted()).containsExactly("before of alice/shop", "after of alice/shop", "before of alice/shop");
    }

    @Test
    void aFailureIsToldToTheCommandForItUnlessSomebodyWantedToStop() throws IOException {
        Path told = folder.resolve("told");
        VolumeHooks hooks = new VolumeHooks(
                "alice",
                "shop",
                new Hooks(
                        Optional.empty(),
                        Optional.empty(),
                        said("echo \"$HOLDFAST_PROBLEM: $HOLDFAST_MESSAGE\" >>" + told + "; exit 3"),
                        Duration.ofMinutes(1)),
                state,
                notices::add);

        hooks.failed(Problem.of(ProblemCode.UNREACHABLE, "no $(way) to 'it'", ""));
        hooks.failed(Problem.of(ProblemCode.CANCELLED, "stopped", ""));

        assertThat(Files.readAllLines(told)).containsExactly("HF-UNREACHABLE: no $(way) to 'it'");
        assertThat(notices).contains("hook `on_failure` of volume 'shop' ended with code 3");
    }
}
