package dev.holdfast.agent.source;

import dev.holdfast.agent.engine.Engine;
import dev.holdfast.agent.engine.EngineVolume;
import dev.holdfast.agent.engine.SharedFolder;
import dev.holdfast.agent.engine.VolumeData;
import dev.holdfast.agent.standstill.Standstill;
import dev.holdfast.core.config.Consistency;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;

/** A volume of a container engine, with the containers that use it held still as they or the configuration ask for. */
public final class EngineSource implements Source {
    private final Engine engine;
    private final String volume;
    private final Consistency consistency;
    private final Path state;
    private final Consumer<String> notices;

    /**
     * @param consistency for containers whose label does not say
     * @param state the folder that remembers what is stopped
     */
    public EngineSource(Engine engine, String volume, Consistency consistency, Path state, Consumer<String> notices) {
        this.engine = engine;
        this.volume = volume;
        this.consistency = consistency;
        this.state = state;
        this.notices = notices;
    }

    /** The same volume as it is, for a look: nothing is held. */
    public Source untouched() {
        return () -> {
            EngineVolume found = find();
            return new View(VolumeData.locate(found), EngineProperties.of(found), Optional.empty());
        };
    }

    @Override
    public FrozenView freeze() {
        EngineVolume found = find();
        VolumeData data = VolumeData.locate(found);
        Standstill standstill = Standstill.begin(
                engine, SharedFolder.ofVolume(volume, data.folder()), consistency, data.staysAlone(), state, notices);
        return new View(data, EngineProperties.of(found), Optional.of(standstill));
    }

    private EngineVolume find() {
        return engine.findVolume(volume)
                .orElseThrow(() -> Problem.of(
                                ProblemCode.NOT_FOUND,
                                "the container engine at " + engine.address().shown() + " has no volume '" + volume
                                        + "'",
                                "`" + engine.program()
                                        + " volume ls` shows what it has; a volume that is a folder needs a `path` in the"
                                        + " configuration.")
                        .asException());
    }

    private record View(VolumeData data, SortedMap<String, String> properties, Optional<Standstill> standstill)
            implements FrozenView {
        @Override
        public Path root() {
            return data.folder();
        }

        @Override
        public void requireThere() {
            data.requireThere();
        }

        @Override
        public boolean still() {
            return standstill.filter(Standstill::isStill).isPresent();
        }

        @Override
        public void requireHeld() {
            standstill.ifPresent(Standstill::requireHeld);
        }

        @Override
        public void close() {
            standstill.ifPresent(Standstill::close);
        }
    }
}
