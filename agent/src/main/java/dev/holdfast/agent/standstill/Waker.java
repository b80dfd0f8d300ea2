package dev.holdfast.agent.standstill;

import dev.holdfast.agent.engine.Engine;
import dev.holdfast.agent.engine.EngineAddress;
import dev.holdfast.agent.engine.EngineContainer;
import dev.holdfast.agent.marker.UnfinishedRestore;
import dev.holdfast.agent.standstill.StopSet.Held;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Wakes what a stop set lists, in reverse order, and strikes it off. What cannot be woken stays on the list for the next run; so
 * does, asleep, what was stopped for a restore that is not finished: it would run on what is half of one thing and half of another.
 */
final class Waker {
    /** As long as an engine takes that is restarted, by an upgrade for example. */
    private static final Duration LONGEST_ABSENCE = Duration.ofMinutes(2);

    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    /** Beyond the time that a container is given to stop: for an engine that has much to do to kill it, and to notice. */
    private static final Duration UNTIL_STOPPED = Duration.ofSeconds(15);

    private final StopSet set;
    private final Path state;
    private final Consumer<String> notices;
    private final Map<String, Engine> engines = new HashMap<>();
    private final Set<Held> done = new HashSet<>();

    Waker(StopSet set, Path state, Consumer<String> notices) {
        this.set = set;
        this.state = state;
        this.notices = notices;
    }

    /** Spares asking that engine once more which version it speaks. */
    void know(Engine engine) {
        engines.put(engine.address().shown(), engine);
    }

    /** The engine has done what was asked, and does nothing more with that container by itself. */
    void done(Held held) {
        done.add(held);
    }

    /** Whether it must sleep on. */
    static boolean mustSleep(Held held, Path state) {
        return unfinished(held, state).isPresent();
    }

    private static Optional<UnfinishedRestore> unfinished(Held held, Path state) {
        return held.target().flatMap(target -> UnfinishedRestore.into(state, target));
    }

    /** Wakes what a killed run left, but for {@code kept}. */
    void wakeLeft(List<Held> kept) {
        List<Held> left = new ArrayList<>(set.read());
        left.removeAll(kept);
        if (left.stream().anyMatch(held -> !mustSleep(held, state))) {
            notices.accept("an interrupted run left containers stopped; they are started again");
        }
        wake(left);
    }

    /** An engine that is being restarted is waited for; whoever stopped containers does not go away because of that. */
    void await(Engine engine) {
        long deadline = System.nanoTime() + LONGEST_ABSENCE.toNanos();
        boolean told = false;
        while (!engine.answers() && System.nanoTime() - deadline < 0) {
            if (!told) {
                notices.accept("the container engine does not answer; waiting for it, at most "
                        + LONGEST_ABSENCE.toMinutes() + " minutes");
                told = true;
            }
            try {
                TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Wakes those, which are on the list. */
    void wake(List<Held> some) {
        List<Held> reversed = new ArrayList<>(some);
        Collections.reverse(reversed);
        List<Held> awake = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        Optional<HoldfastException> first = Optional.empty();
        for (Held held : reversed) {
            Optional<UnfinishedRestore> unfinished = unfinished(held, state);
            if (unfinished.isPresent()) {
                notices.accept("container '" + held.name() + "' stays stopped: "
                        + unfinished.get().problem().message());
                continue;
            }
            try {
                wake(held);
                awake.add(held);
            } catch (HoldfastException e) {
                failed.add(0, held.name());
                first = Optional.of(first.orElse(e));
                if (hasHadItsChance(held, e)) {
                    awake.add(held);
                }
            }
        }
        List<Held> asleep = new ArrayList<>(set.read());
        asleep.removeAll(awake);
        set.write(asleep);
        if (first.isPresent()) {
            throw asleep(failed, first.get());
        }
    }

    /** A command that ran and failed is not run again and again. */
    private static boolean hasHadItsChance(Held held, HoldfastException failure) {
        return held.act() == StopSet.Act.EXEC && failure.problem().code() == ProblemCode.FAILED;
    }

    private void wake(Held held) {
        Engine engine = engines.get(held.engine());
        if (engine == null) {
            engine = Engine.connect(EngineAddress.parse(held.engine()));
            engines.put(held.engine(), engine);
        }
        Optional<EngineContainer> found = engine.findContainer(held.id());
        if (found.isEmpty()) {
            notices.accept("container '" + held.name() + "' was removed meanwhile");
            return;
        }
        EngineContainer container = settled(engine, held, found.get());
        if (held.act() == StopSet.Act.EXEC) {
            if (container.state() == EngineContainer.State.RUNNING) {
                ContainerCommand.AFTER.run(engine, container, notices);
            }
        } else if (container.state() == EngineContainer.State.PAUSED) {
            if (held.act() == StopSet.Act.PAUSE) {
                engine.unpause(container);
                notices.accept("container '" + held.name() + "' goes on");
            }
        } else if (container.state() == EngineContainer.State.STOPPED) {
            // Also one that was paused: an engine that was restarted meanwhile has ended it.
            engine.start(container);
            notices.accept("started container '" + held.name() + "' again");
        }
    }

    /**
     * As it is when the engine does nothing more with it: a stop that was asked for goes on there, also when whoever asked was killed
     * meanwhile, and a container that is taken for running would be down soon after.
     */
    private EngineContainer settled(Engine engine, Held held, EngineContainer found) {
        boolean mayBeStopping = held.act() == StopSet.Act.STOP || held.act() == StopSet.Act.RESTORE;
        if (!mayBeStopping || done.contains(held) || found.state() != EngineContainer.State.RUNNING) {
            return found;
        }
        Duration longest = engine.timeToStop(found).plus(UNTIL_STOPPED);
        notices.accept("container '" + held.name() + "' still runs; waiting " + longest.toSeconds()
                + " s at most to see whether the engine is stopping it");
        long deadline = System.nanoTime() + longest.toNanos();
        EngineContainer now = found;
        while (now.state() == EngineContainer.State.RUNNING && System.nanoTime() - deadline < 0) {
            try {
                TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Problem.of(ProblemCode.CANCELLED, "interrupted while it may be stopping", "")
                        .asException();
            }
            Optional<EngineContainer> again = engine.findContainer(held.id());
            if (again.isEmpty()) {
                return found;
            }
            now = again.get();
        }
        return now;
    }

    private static HoldfastException asleep(List<String> names, HoldfastException first) {
        return new HoldfastException(
                Problem.of(
                        first.problem().code(),
                        "not as before: " + Standstill.named(names) + "; "
                                + first.problem().message(),
                        "The resident agent of this machine, if there is one, tries again every minute, and any"
                                + " `holdfast backup` does; or see to them by hand."),
                first);
    }
}
