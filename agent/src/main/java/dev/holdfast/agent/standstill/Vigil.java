package dev.holdfast.agent.standstill;

import dev.holdfast.agent.engine.Engine;
import dev.holdfast.agent.engine.EngineContainer;
import dev.holdfast.agent.engine.EngineContainer.State;
import dev.holdfast.agent.engine.FolderUse;
import dev.holdfast.agent.engine.FolderUsers;
import dev.holdfast.agent.engine.SharedFolder;
import dev.holdfast.core.config.Consistency;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether the containers that were stopped or paused for a backup have stayed so, and no other has come that would have been. A person, a
 * supervisor or an engine that is restarted may start them meanwhile; what is read then does not fit together.
 */
final class Vigil {
    private final Engine engine;
    private final SharedFolder volume;
    private final Consistency unlabelled;
    private final Map<EngineContainer, State> held;
    private final Set<String> known;

    /**
     * @param unlabelled what happens to containers without a label
     * @param held the containers as they were before, and what each was made to be
     * @param users all that were up before
     */
    Vigil(
            Engine engine,
            SharedFolder volume,
            Consistency unlabelled,
            Map<EngineContainer, State> held,
            Collection<FolderUse> users) {
        this.engine = engine;
        this.volume = volume;
        this.unlabelled = unlabelled;
        this.held = Map.copyOf(held);
        this.known = users.stream().map(use -> use.container().id()).collect(Collectors.toUnmodifiableSet());
    }

    /** Throws {@code BUSY} when that is not so; asks nothing when nothing was held. */
    void require() {
        if (held.isEmpty()) {
            return;
        }
        held.forEach(this::requireHeld);
        for (FolderUse use : new FolderUsers(engine, volume).find()) {
            EngineContainer container = use.container();
            boolean writes = use.writable() && container.state() == State.RUNNING;
            boolean came = !use.wide() && !container.own() && !known.contains(container.id());
            if (writes && came && ContainerLabels.consistency(container, unlabelled) != Consistency.LIVE) {
                throw disturbed(container, "was started by somebody else");
            }
        }
    }

    private void requireHeld(EngineContainer before, State state) {
        Optional<EngineContainer> now = engine.findContainer(before.id());
        if (now.isEmpty()) {
            return; // It was removed, and wrote nothing any more.
        }
        if (!now.get().started().equals(before.started())) {
            throw disturbed(before, "was started again by somebody else");
        }
        if (now.get().state() != state) {
            throw disturbed(before, state == State.PAUSED ? "did not stay paused" : "did not stay stopped");
        }
    }

    private static RuntimeException disturbed(EngineContainer container, String what) {
        return Problem.of(
                        ProblemCode.BUSY,
                        "container '" + container.name() + "' " + what
                                + " while the volume was read: its files may not fit"
                                + " together, so no snapshot was made",
                        "What was sent is kept: back it up again. If the engine or a supervisor starts it each time, let that"
                                + " stop it before (hook `before`, or `" + Standstill.BEFORE + "` on the container).")
                .asException();
    }
}
