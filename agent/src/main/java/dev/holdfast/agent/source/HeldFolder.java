package dev.holdfast.agent.source;

import dev.holdfast.agent.engine.Engine;
import dev.holdfast.agent.engine.SharedFolder;
import dev.holdfast.agent.standstill.Standstill;
import dev.holdfast.core.config.Consistency;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A folder, with the containers that have it mounted held still; where no engine can be asked, it is read as it lies there. */
public final class HeldFolder implements Source {
    private final SharedFolder shared;
    private final Supplier<Optional<Engine>> engine;
    private final Consistency consistency;
    private final Path state;
    private final Consumer<String> notices;

    /**
     * @param engine of this machine, if it has one that is to be asked and answers
     * @param consistency for containers whose label does not say
     * @param state the folder that remembers what is stopped
     */
    public HeldFolder(
            SharedFolder shared,
            Supplier<Optional<Engine>> engine,
            Consistency consistency,
            Path state,
            Consumer<String> notices) {
        this.shared = shared;
        this.engine = engine;
        this.consistency = consistency;
        this.state = state;
        this.notices = notices;
    }

    @Override
    public FrozenView freeze() {
        FolderSource folder = new FolderSource(shared.folder());
        return engine.get()
                .<FrozenView>map(
                        found -> new View(folder, Standstill.begin(found, shared, consistency, true, state, notices)))
                .orElse(folder);
    }

    private record View(FolderSource folder, Standstill standstill) implements FrozenView {
        @Override
        public Path root() {
            return folder.root();
        }

        @Override
        public SortedMap<String, String> properties() {
            return Collections.emptySortedMap();
        }

        @Override
        public void requireThere() {
            folder.requireThere();
        }

        @Override
        public boolean still() {
            return standstill.isStill();
        }

        @Override
        public void requireHeld() {
            standstill.requireHeld();
        }

        @Override
        public void close() {
            standstill.close();
        }
    }
}
