package dev.holdfast.agent.hook;

import dev.holdfast.agent.process.ShellCommand;
import dev.holdfast.agent.source.Source;
import dev.holdfast.core.config.Hooks;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The hooks of one volume on this host. The commands get {@code HOLDFAST_HOST}, {@code HOLDFAST_VOLUME} and {@code HOLDFAST_HOOK} in
 * their environment, that of a failure {@code HOLDFAST_PROBLEM}, {@code HOLDFAST_MESSAGE} and {@code HOLDFAST_SNAPSHOT} too.
 */
public final class VolumeHooks {
    static final String BEFORE = "before";
    static final String AFTER = "after";
    static final String ON_FAILURE = "on_failure";

    private final String host;
    private final String volume;
    private final Hooks hooks;
    private final Path state;
    private final Consumer<String> notices;

    /** @param state the host's folder, which remembers what has yet to be run */
    public VolumeHooks(String host, String volume, Hooks hooks, Path state, Consumer<String> notices) {
        this.host = host;
        this.volume = volume;
        this.hooks = hooks;
        this.state = state;
        this.notices = notices;
    }

    /** The volumes for which a killed run may have left {@code after} to be run. */
    public static List<String> left(Path state) {
        return OwedHook.left(state);
    }

    /** Those of them that no living run is about to settle. */
    public static List<String> owed(Path state) {
        return left(state).stream().filter(volume -> isOwed(state, volume)).toList();
    }

    private static boolean isOwed(Path state, String volume) {
        return OwedHook.openIfFree(state, volume)
                .map(owed -> {
                    try (owed) {
                        return owed.isOwed();
                    }
                })
                .orElse(false);
    }

    /** A source that runs {@code before} when it is frozen, and {@code after} when it is let go. */
    public Source around(Source source) {
        return hooks.surround() ? new HookedSource(source, this) : source;
    }

    /** Runs what a killed run owes, unless another is at work; does nothing when nothing is owed. */
    public void recover() {
        OwedHook.openIfFree(state, volume).ifPresent(owed -> {
            try (owed) {
                settleLeft(owed);
            }
        });
    }

    /** Waits for another run of this volume; then settles what a killed one left. */
    OwedHook begin() {
        OwedHook owed = OwedHook.open(state, volume, notices);
        try {
            settleLeft(owed);
            owed.owe(hooks.after().isPresent());
            return owed;
        } catch (RuntimeException e) {
            owed.close();
            throw e;
        }
    }

    private void settleLeft(OwedHook owed) {
        if (owed.isOwed()) {
            notices.accept("an interrupted backup of '" + volume + "' has not run its hook `" + AFTER + "`");
            settle(owed);
        }
    }

    boolean haveBefore() {
        return hooks.before().isPresent();
    }

    void before() {
        run(BEFORE, hooks.before(), Map.of());
    }

    /** Runs {@code after}, even in an interrupted thread. It has had its chance then, however it ends. */
    void settle(OwedHook owed) {
        boolean interrupted = Thread.interrupted();
        try {
            run(AFTER, hooks.after(), Map.of());
        } finally {
            owed.owe(false);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Tells the operator's command that the backup failed, unless somebody wanted that; if it fails too, it is only mentioned. A
     * problem of which {@code snapshot_id} is known came after the snapshot.
     */
    public void failed(Problem problem) {
        if (problem.code() == ProblemCode.CANCELLED) {
            return;
        }
        boolean interrupted = Thread.interrupted();
        try {
            run(
                    ON_FAILURE,
                    hooks.onFailure(),
                    Map.of(
                            "HOLDFAST_PROBLEM",
                            problem.code().label(),
                            "HOLDFAST_MESSAGE",
                            problem.message(),
                            "HOLDFAST_SNAPSHOT",
                            problem.context().getOrDefault("snapshot_id", "")));
        } catch (HoldfastException e) {
            notices.accept(e.problem().message());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run(String name, Optional<String> command, Map<String, String> more) {
        if (command.isEmpty()) {
            return;
        }
        notices.accept("running hook `" + name + "` of '" + volume + "'");
        Map<String, String> environment = new HashMap<>(more);
        environment.putAll(Map.of("HOLDFAST_HOST", host, "HOLDFAST_VOLUME", volume, "HOLDFAST_HOOK", name));
        ShellCommand.Ended ended = ShellCommand.run(command.get(), environment, hooks.timeout());
        if (!ended.well()) {
            throw Problem.of(
                            ProblemCode.FAILED,
                            "hook `" + name + "` of volume '" + volume + "' " + ended.story(),
                            "Run its command by hand, as the user who backs up; `holdfast config show` shows it.")
                    .asException();
        }
    }
}
