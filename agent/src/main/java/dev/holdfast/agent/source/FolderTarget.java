package dev.holdfast.agent.source;

import dev.holdfast.agent.engine.Engine;
import dev.holdfast.agent.engine.SharedFolder;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.ProblemCode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A folder, which containers may have mounted; where no engine can be asked, nobody is known to use it. */
public final class FolderTarget implements Target {
    private final SharedFolder shared;
    private final Supplier<Optional<Engine>> engine;
    private final InUse inUse;
    private final Path state;
    private final Consumer<String> notices;
    private Optional<Occupants> occupants = Optional.empty();

    /** @param engine of this machine, if it has one that answers; not asked for before it is needed */
    public FolderTarget(
            SharedFolder shared, Supplier<Optional<Engine>> engine, InUse inUse, Path state, Consumer<String> notices) {
        this.shared = shared;
        this.engine = engine;
        this.inUse = inUse;
        this.state = state;
        this.notices = notices;
    }

    @Override
    public Path folder() {
        return shared.folder();
    }

    /** An engine that fails to tell has no say about a mere folder. */
    @Override
    public void requireFree() {
        if (inUse == InUse.IGNORE) {
            return;
        }
        occupants = engine.get().map(found -> new Occupants(found, shared, inUse, state, notices));
        try {
            occupants.ifPresent(some -> some.requireNone(folder().toString()));
        } catch (HoldfastException e) {
            if (e.problem().code() == ProblemCode.BUSY) {
                throw e;
            }
            occupants = Optional.empty();
            notices.accept("warning: whether a container uses " + folder() + " is not known: "
                    + e.problem().message());
        }
    }

    @Override
    public List<String> wouldStop() {
        return occupants.map(some -> some.wouldStop(true)).orElse(List.of());
    }

    @Override
    public Hold hold() {
        return occupants.map(some -> some.hold(true)).orElse(() -> {});
    }
}
