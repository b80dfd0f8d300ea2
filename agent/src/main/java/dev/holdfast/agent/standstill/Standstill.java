package dev.holdfast.agent.standstill;

import dev.holdfast.agent.engine.Engine;
import dev.holdfast.agent.engine.EngineAddress;
import dev.holdfast.agent.engine.EngineContainer;
import dev.holdfast.core.config.Consistency;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The containers that use one volume, stopped or paused from {@link #begin} until {@link #close}. */
public final class Standstill implements AutoCloseable {
    /** On a container: {@code stop}, {@code pause} or {@code live}, whatever the configuration says of the volume. */
    public static final String LABEL = "holdfast.consistency";

    /** On a container: what runs in it, by its shell, before the volume is read. When it fails, so does the backup. */
    public static final String BEFORE = "holdfast.exec.before";
    /** On a container: what runs in it when the volume has been read, or could not be. */
    public static final String AFTER = "holdfast.exec.after";

    private static final Duration LONGEST_COMMAND = Duration.ofMinutes(30);

    private final Engine engine;
    private final StopSet set;
    private final Consumer<String> notices;

    private Standstill(Engine engine, StopSet set, Consumer<String> notices) {
        this.engine = engine;
        this.set = set;
        this.notices = notices;
    }

    /**
     * Stops or pauses what uses the volume, the youngest container first.
     *
     * @param unlabelled what happens to containers without {@value #LABEL}
     * @param volumeStays whether its files stay when no container uses it; else none may be stopped
     * @param state where the list of what is stopped is kept
     * @throws HoldfastException when one cannot be stopped; then all of them run again
     */
    public static Standstill begin(
            Engine engine,
            String volume,
            Consistency unlabelled,
            boolean volumeStays,
            Path state,
            Consumer<String> notices) {
        return hold(engine, state, notices, () -> targets(others(engine, volume, notices), unlabelled, volumeStays));
    }

    /** Stops everything that uses the volume, whatever its labels say: for a restore into it. Else as {@link #begin}. */
    public static Standstill stopAll(
            Engine engine, String volume, boolean volumeStays, Path state, Consumer<String> notices) {
        return hold(engine, state, notices, () -> stops(others(engine, volume, notices), volumeStays));
    }

    /** Who uses the volume, but for the container that this program runs in: nobody would be left to wake that. */
    private static List<EngineContainer> others(Engine engine, String volume, Consumer<String> notices) {
        List<EngineContainer> others = new ArrayList<>();
        for (EngineContainer container : engine.containersUsing(volume)) {
            if (!container.own()) {
                others.add(container);
            } else if (container.writable()) {
                notices.accept("container '" + container.name() + "' is left as it is: this program runs in it");
            }
        }
        return others;
    }

    private static Standstill hold(
            Engine engine, Path state, Consumer<String> notices, Supplier<List<Target>> whenLeftIsWoken) {
        Standstill standstill = new Standstill(engine, StopSet.open(state, notices), notices);
        try {
            standstill.wakeLeft();
            List<Target> targets = whenLeftIsWoken.get();
            standstill.set.write(new StopSet.Content(
                    engine.address().shown(), targets.stream().map(Target::held).toList()));
            targets.forEach(standstill::hold);
            return standstill;
        } catch (RuntimeException e) {
            standstill.closeAfter(e);
            throw e;
        }
    }

    /** Whether any container is held still, or has run a command of its own for that. */
    public boolean holds() {
        return !set.read().held().isEmpty();
    }

    private record Target(EngineContainer container, StopSet.Act act) {
        StopSet.Held held() {
            return new StopSet.Held(act, container.id(), container.name());
        }
    }

    /** Only what runs now: what is stopped or paused already stays so afterwards. */
    private static List<Target> targets(
            List<EngineContainer> oldestFirst, Consistency unlabelled, boolean volumeStays) {
        List<Target> targets = new ArrayList<>();
        List<EngineContainer> youngestFirst = new ArrayList<>(oldestFirst);
        Collections.reverse(youngestFirst);
        for (EngineContainer container : youngestFirst) {
            Consistency how = wanted(container, unlabelled);
            if (container.state() != EngineContainer.State.RUNNING) {
                continue;
            }
            if (container.labels().containsKey(BEFORE) || container.labels().containsKey(AFTER)) {
                targets.add(new Target(container, StopSet.Act.EXEC));
            }
            if (how == Consistency.STOP) {
                requireStoppable(container, volumeStays);
                targets.add(new Target(container, StopSet.Act.STOP));
            } else if (how == Consistency.PAUSE) {
                targets.add(new Target(container, StopSet.Act.PAUSE));
            }
        }
        return targets;
    }

    private static List<Target> stops(List<EngineContainer> oldestFirst, boolean volumeStays) {
        List<Target> targets = new ArrayList<>();
        for (EngineContainer container : oldestFirst) {
            if (container.isAlive()) {
                requireStoppable(container, volumeStays);
                targets.add(0, new Target(container, StopSet.Act.STOP));
            }
        }
        return targets;
    }

    private static void requireStoppable(EngineContainer container, boolean volumeStays) {
        boolean paused = container.state() == EngineContainer.State.PAUSED;
        String why = container.vanishes()
                ? "it was started with --rm: once stopped, it would be gone"
                : paused ? "it is paused" : "the volume is mounted only while a container uses it";
        if (container.vanishes() || paused || !volumeStays) {
            throw Problem.of(
                            ProblemCode.FAILED,
                            "container '" + container.name() + "' cannot be stopped: " + why,
                            "For a backup, give it the label " + LABEL + "=" + Consistency.PAUSE.word()
                                    + "; for a restore," + " stop it yourself or use `--force`.")
                    .asException();
        }
    }

    private static Consistency wanted(EngineContainer container, Consistency unlabelled) {
        String label = container.labels().getOrDefault(LABEL, "");
        if (label.isBlank()) {
            return unlabelled;
        }
        return Consistency.parse(label.strip())
                .orElseThrow(() -> Problem.of(
                                ProblemCode.CONFIG,
                                "container '" + container.name() + "' has the label " + LABEL + "=" + label
                                        + ", which means nothing",
                                "Use stop, pause or live.")
                        .asException());
    }

    private void hold(Target target) {
        EngineContainer container = target.container();
        switch (target.act()) {
            case EXEC -> run(BEFORE, container);
            case PAUSE -> {
                notices.accept("pausing container '" + container.name() + "'");
                engine.pause(container);
            }
            case STOP -> {
                notices.accept("stopping container '" + container.name() + "'");
                engine.stop(container);
            }
        }
    }

    private void run(String label, EngineContainer container) {
        String command = container.labels().getOrDefault(label, "");
        if (command.isBlank()) {
            return;
        }
        Engine.Executed executed = engine.execute(container, command, LONGEST_COMMAND);
        if (executed.exitCode() != 0) {
            throw Problem.of(
                            ProblemCode.FAILED,
                            "the command in the label " + label + " of container '" + container.name() + "' ended with "
                                    + executed.exitCode() + said(executed.output()),
                            "Try it with `docker exec " + container.name() + " sh -c '...'`.")
                    .asException();
        }
    }

    private static String said(String output) {
        return output.isEmpty()
                ? ""
                : ": " + output.lines().reduce((before, last) -> last).orElse("");
    }

    /** Wakes what a killed run of this machine left asleep, if anything; does not touch what a living one holds. */
    public static void recover(Path state, Consumer<String> notices) {
        if (!StopSet.mayHaveLeft(state)) {
            return;
        }
        StopSet.openIfFree(state).ifPresent(set -> {
            try (set) {
                StopSet.Content left = set.read();
                if (!left.held().isEmpty()) {
                    Engine engine = Engine.connect(EngineAddress.parse(left.engine()));
                    new Standstill(engine, set, notices).wakeLeft();
                }
            }
        });
    }

    private void wakeLeft() {
        if (!set.read().held().isEmpty()) {
            notices.accept("an interrupted run left containers stopped; they are started again");
            wakeAll();
        }
    }

    /**
     * Wakes all that this standstill holds, in reverse order, even in an interrupted thread. What cannot be woken stays on the
     * list for the next run.
     */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        try (set) {
            wakeAll();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void closeAfter(RuntimeException failure) {
        try {
            close();
        } catch (HoldfastException e) {
            failure.addSuppressed(e);
        }
    }

    private void wakeAll() {
        StopSet.Content content = set.read();
        List<StopSet.Held> reversed = new ArrayList<>(content.held());
        Collections.reverse(reversed);
        List<StopSet.Held> asleep = new ArrayList<>();
        Optional<HoldfastException> first = Optional.empty();
        for (StopSet.Held held : reversed) {
            try {
                wake(held);
            } catch (HoldfastException e) {
                asleep.add(0, held);
                first = Optional.of(first.orElse(e));
            }
        }
        set.write(new StopSet.Content(content.engine(), asleep));
        if (first.isPresent()) {
            throw asleep(asleep, first.get());
        }
    }

    private void wake(StopSet.Held held) {
        Optional<EngineContainer> found = engine.findContainer(held.id());
        if (found.isEmpty()) {
            notices.accept("container '" + held.name() + "' was removed meanwhile");
            return;
        }
        EngineContainer container = found.get();
        switch (held.act()) {
            case EXEC -> {
                if (container.state() == EngineContainer.State.RUNNING) {
                    run(AFTER, container);
                }
            }
            case PAUSE -> {
                if (container.state() == EngineContainer.State.PAUSED) {
                    engine.unpause(container);
                }
            }
            case STOP -> {
                if (container.state() == EngineContainer.State.STOPPED) {
                    engine.start(container);
                    notices.accept("started container '" + held.name() + "' again");
                }
            }
        }
    }

    private static HoldfastException asleep(List<StopSet.Held> asleep, HoldfastException first) {
        List<String> names = asleep.stream().map(StopSet.Held::name).toList();
        return new HoldfastException(
                Problem.of(
                        first.problem().code(),
                        "not as before: container " + String.join(", ", names) + "; "
                                + first.problem().message(),
                        "See to them by hand, or let any `holdfast backup` on this machine try again."),
                first);
    }
}
