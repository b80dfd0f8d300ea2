package dev.holdfast.agent.standstill;

import dev.holdfast.agent.engine.Engine;
import dev.holdfast.agent.engine.EngineContainer;
import dev.holdfast.agent.engine.FolderUse;
import dev.holdfast.agent.engine.FolderUsers;
import dev.holdfast.agent.engine.ListedContainer;
import dev.holdfast.agent.engine.SharedFolder;
import dev.holdfast.agent.standstill.StopSet.Held;
import dev.holdfast.core.config.Consistency;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The containers that use one volume, stopped or paused from {@link #begin} until {@link #close}. */
public final class Standstill implements AutoCloseable {
    /** On a container: {@code stop}, {@code pause} or {@code live}, whatever the configuration says of the volume. */
    public static final String LABEL = "holdfast.consistency";

    /** On a container: what runs in it, by its shell, before the volume is read. When it fails, so does the backup. */
    public static final String BEFORE = "holdfast.exec.before";
    /** On a container: what runs in it when the volume has been read, or could not be. */
    public static final String AFTER = "holdfast.exec.after";

    private final Engine engine;
    private final StopSet set;
    private final Waker waker;
    private final Consumer<String> notices;
    private final List<Held> held = new ArrayList<>();
    private boolean still;
    private Optional<Vigil> vigil = Optional.empty();

    private Standstill(Engine engine, StopSet set, Waker waker, Consumer<String> notices) {
        this.engine = engine;
        this.set = set;
        this.waker = waker;
        this.notices = notices;
    }

    /**
     * Stops or pauses what uses the volume, under whatever name, the youngest container first.
     *
     * @param unlabelled what happens to containers without {@value #LABEL}
     * @param volumeStays whether its files stay when no container uses it; else none may be stopped
     * @param state where the list of what is stopped is kept
     * @throws HoldfastException when one cannot be stopped; then all of them run again
     */
    public static Standstill begin(
            Engine engine,
            SharedFolder volume,
            Consistency unlabelled,
            boolean volumeStays,
            Path state,
            Consumer<String> notices) {
        return hold(engine, state, notices, Optional.empty(), standstill -> {
            List<FolderUse> users = others(engine, volume, ListedContainer::isUp, notices);
            users.forEach(use -> tellSlips(use.container(), notices));
            List<Target> targets = targets(users, unlabelled, volumeStays);
            standstill.still = !targets.isEmpty() && holdsAllWriters(users, targets);
            standstill.vigil = Optional.of(new Vigil(engine, volume, unlabelled, heldStates(targets), users));
            return targets;
        });
    }

    /**
     * Stops everything that uses the folder, whatever its labels say: for a restore into it. Else as {@link #begin}; but what is
     * stopped runs again only when that restore has come to its end, and what an earlier run stopped for it stays so.
     */
    public static Standstill stopAll(
            Engine engine, SharedFolder target, boolean filesStay, Path state, Consumer<String> notices) {
        return hold(
                engine,
                state,
                notices,
                Optional.of(target.folder()),
                standstill -> stops(engine, others(engine, target, ListedContainer::isUp, notices), filesStay));
    }

    /**
     * The names of the containers that {@link #stopAll} would stop, in that order; nothing is touched.
     *
     * @param wanted of the containers those that count
     * @throws HoldfastException when one of them cannot be stopped
     */
    public static List<String> wouldStop(
            Engine engine, SharedFolder target, Predicate<ListedContainer> wanted, boolean filesStay) {
        return stops(engine, others(engine, target, wanted, toldLater -> {}), filesStay).stream()
                .map(stop -> stop.container().name())
                .toList();
    }

    /** Who uses the folder, but for the container that this program runs in: nobody would be left to wake that. */
    private static List<FolderUse> others(
            Engine engine, SharedFolder folder, Predicate<ListedContainer> wanted, Consumer<String> notices) {
        List<FolderUse> others = new ArrayList<>();
        for (FolderUse use : new FolderUsers(engine, folder).find(wanted)) {
            EngineContainer container = use.container();
            if (!container.own() && !use.wide()) {
                others.add(use);
            } else if (container.own() && use.writable() && !use.wide()) {
                notices.accept("container '" + container.name() + "' is left as it is: this program runs in it");
            }
        }
        return others;
    }

    private static Standstill hold(
            Engine engine,
            Path state,
            Consumer<String> notices,
            Optional<Path> target,
            Function<Standstill, List<Target>> whenLeftIsWoken) {
        StopSet set = StopSet.open(state, notices);
        Waker waker = new Waker(set, state, notices);
        waker.know(engine);
        Standstill standstill = new Standstill(engine, set, waker, notices);
        try {
            standstill.adopt(target);
            waker.wakeLeft(standstill.held);
            List<Target> targets = whenLeftIsWoken.apply(standstill);
            standstill.holdAll(targets, target);
            return standstill;
        } catch (RuntimeException e) {
            standstill.closeAfter(e);
            throw e;
        }
    }

    /** All are on the list before the first is touched, and those that were not touched for a failure are struck off again. */
    private void holdAll(List<Target> targets, Optional<Path> target) {
        List<Held> due = new ArrayList<>(targets.stream()
                .map(each -> each.held(engine.address().shown(), target))
                .toList());
        List<Held> all = new ArrayList<>(set.read());
        all.addAll(due);
        set.write(all);
        try {
            for (Target each : targets) {
                Held one = due.remove(0);
                held.add(one);
                hold(each);
                waker.done(one);
            }
        } finally {
            if (!due.isEmpty()) {
                List<Held> touched = new ArrayList<>(set.read());
                touched.removeAll(due);
                set.write(touched);
            }
        }
    }

    /** What was stopped for an earlier run of the same restore is held by this one. */
    private void adopt(Optional<Path> target) {
        set.read().stream()
                .filter(one -> target.isPresent() && one.target().equals(target))
                .forEach(held::add);
    }

    private static Map<EngineContainer, EngineContainer.State> heldStates(List<Target> targets) {
        Map<EngineContainer, EngineContainer.State> states = new HashMap<>();
        for (Target target : targets) {
            if (target.act() != StopSet.Act.EXEC) {
                boolean paused = target.act() == StopSet.Act.PAUSE;
                states.put(target.container(), paused ? EngineContainer.State.PAUSED : EngineContainer.State.STOPPED);
            }
        }
        return states;
    }

    /**
     * Asked when the volume has been read: throws {@code BUSY} when a container that was stopped or paused for that has not been so all
     * the time, or another was started that may write to the volume and would have been stopped or paused.
     */
    public void requireHeld() {
        vigil.ifPresent(kept -> {
            waker.await(engine);
            kept.require();
        });
    }

    /** Whether nothing writes to the volume by now, of all that may and runs. */
    public boolean isStill() {
        return still;
    }

    private record Target(EngineContainer container, StopSet.Act act) {
        Held held(String engine, Optional<Path> target) {
            return new Held(act, engine, container.id(), container.name(), target);
        }
    }

    /** One that has commands of its own knows itself what makes its files whole. */
    private static boolean holdsAllWriters(List<FolderUse> users, List<Target> targets) {
        List<EngineContainer> touched = targets.stream().map(Target::container).toList();
        return users.stream()
                .filter(FolderUse::writable)
                .map(FolderUse::container)
                .filter(container -> container.state() == EngineContainer.State.RUNNING)
                .allMatch(touched::contains);
    }

    /** Only what runs now: what is stopped or paused already stays so afterwards. */
    private static List<Target> targets(List<FolderUse> oldestFirst, Consistency unlabelled, boolean volumeStays) {
        List<Target> targets = new ArrayList<>();
        List<FolderUse> youngestFirst = new ArrayList<>(oldestFirst);
        Collections.reverse(youngestFirst);
        for (FolderUse use : youngestFirst) {
            EngineContainer container = use.container();
            Consistency how = ContainerLabels.consistency(container, unlabelled);
            if (container.state() != EngineContainer.State.RUNNING) {
                continue;
            }
            if (ContainerCommand.BEFORE.isIn(container) || ContainerCommand.AFTER.isIn(container)) {
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

    private static List<Target> stops(Engine engine, List<FolderUse> oldestFirst, boolean volumeStays) {
        List<Target> targets = new ArrayList<>();
        for (FolderUse use : oldestFirst) {
            requireAwake(engine, use.container());
            requireStoppable(use.container(), volumeStays);
            targets.add(0, new Target(use.container(), StopSet.Act.RESTORE));
        }
        return targets;
    }

    /** An engine does not stop what is paused; and started again, it would not be paused any more. */
    private static void requireAwake(Engine engine, EngineContainer container) {
        if (container.state() == EngineContainer.State.PAUSED) {
            throw Problem.of(
                            ProblemCode.FAILED,
                            "container '" + container.name() + "' cannot be stopped: it is paused",
                            "Let it go on, `" + engine.program() + " unpause " + container.name()
                                    + "`, and give the same restore again; or use `--force` to leave it as it is.")
                    .asException();
        }
    }

    private static void requireStoppable(EngineContainer container, boolean volumeStays) {
        String why = container.vanishes()
                ? "it was started with --rm: once stopped, it would be gone"
                : "the volume is mounted only while a container uses it";
        if (container.vanishes() || !volumeStays) {
            throw Problem.of(
                            ProblemCode.FAILED,
                            "container '" + container.name() + "' cannot be stopped: " + why,
                            "For a backup, give it the label " + LABEL + "=" + Consistency.PAUSE.word()
                                    + "; for a restore," + " stop it yourself or use `--force`.")
                    .asException();
        }
    }

    private static void tellSlips(EngineContainer container, Consumer<String> notices) {
        ContainerLabels.slips(container)
                .forEach(slip -> notices.accept("warning: " + slip.message() + ". " + slip.hint()));
    }

    private void hold(Target target) {
        EngineContainer container = target.container();
        switch (target.act()) {
            case EXEC -> ContainerCommand.BEFORE.run(engine, container, notices);
            case PAUSE -> {
                notices.accept("pausing container '" + container.name() + "'");
                engine.pause(container);
            }
            case STOP, RESTORE -> {
                notices.accept("stopping container '" + container.name() + "'");
                engine.stop(container);
            }
        }
    }

    /**
     * Wakes what a killed run of this machine left asleep, if anything; does not touch what a living one holds, nor what was stopped
     * for a restore that is not finished.
     */
    public static void recover(Path state, Consumer<String> notices) {
        if (StopSet.mayHaveLeft(state)) {
            StopSet.openIfFree(state).ifPresent(set -> {
                try (set) {
                    new Waker(set, state, notices).wakeLeft(List.of());
                }
            });
        }
    }

    /**
     * The names of containers that {@link #recover} would wake.
     *
     * @param state where the list of what is stopped is kept
     */
    public static List<String> left(Path state) {
        return names(state, one -> !Waker.mustSleep(one, state));
    }

    /** The ids of containers that are down, as far as anybody knows, until {@link #recover} starts them. */
    public static Set<String> asleep(Path state) {
        return left(state, one -> one.act() == StopSet.Act.STOP || one.act() == StopSet.Act.RESTORE)
                .filter(one -> !Waker.mustSleep(one, state))
                .map(Held::id)
                .collect(Collectors.toSet());
    }

    /**
     * The names of containers that stay stopped until the restore into that folder has come to its end; none while one is at work
     * that holds containers.
     */
    public static List<String> keptFor(Path target, Path state) {
        return names(state, one -> one.target().filter(target::equals).isPresent());
    }

    /** Containers, one at least, as a part of a sentence. */
    public static String named(List<String> containers) {
        return (containers.size() == 1 ? "container " : "containers ") + String.join(", ", containers);
    }

    private static List<String> names(Path state, Predicate<Held> which) {
        return left(state, which).map(Held::name).distinct().toList();
    }

    private static Stream<Held> left(Path state, Predicate<Held> which) {
        if (!StopSet.mayHaveLeft(state)) {
            return Stream.empty();
        }
        return StopSet.openIfFree(state).stream().flatMap(set -> {
            try (set) {
                return set.read().stream().filter(which);
            }
        });
    }

    /**
     * Wakes all that this standstill holds, in reverse order, even in an interrupted thread. What cannot be woken stays on the
     * list for the next run; what was stopped for a restore that is not finished stays asleep.
     */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        try (set) {
            if (!held.isEmpty()) {
                waker.await(engine);
            }
            waker.wake(held);
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
}
