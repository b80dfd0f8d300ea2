package dev.holdfast.agent.source;

import dev.holdfast.agent.engine.Engine;
import dev.holdfast.agent.engine.EngineContainer;
import dev.holdfast.agent.engine.EngineVolume;
import dev.holdfast.agent.engine.VolumeData;
import dev.holdfast.agent.standstill.Standstill;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A volume of a container engine, filled in place: its folder stays the one that containers have mounted. */
public final class EngineTarget implements Target {
    /** What is done about containers that use the volume for writing. */
    public enum InUse {
        REFUSE,
        /** They are stopped for the restore, and started again. */
        STOP,
        /** They go on. */
        IGNORE
    }

    private static final String LOCAL = "local";

    private final Engine engine;
    private final EngineVolume volume;
    private final VolumeData data;
    private final InUse inUse;
    private final Path state;
    private final Consumer<String> notices;

    private EngineTarget(Engine engine, EngineVolume volume, InUse inUse, Path state, Consumer<String> notices) {
        this.engine = engine;
        this.volume = volume;
        this.data = VolumeData.locate(volume);
        this.inUse = inUse;
        this.state = state;
        this.notices = notices;
    }

    /** A volume that is there; empty when the engine has none of that name. */
    public static Optional<EngineTarget> find(
            Engine engine, String volume, InUse inUse, Path state, Consumer<String> notices) {
        return engine.findVolume(volume).map(found -> new EngineTarget(engine, found, inUse, state, notices));
    }

    /**
     * Makes a volume as the one that was backed up: its driver, options and labels, and labels more.
     *
     * @param recorded what the snapshot says; empty when it is of a plain folder
     */
    public static EngineTarget make(
            Engine engine,
            String volume,
            Optional<EngineProperties> recorded,
            Map<String, String> more,
            InUse inUse,
            Path state,
            Consumer<String> notices) {
        Map<String, String> labels =
                new TreeMap<>(recorded.map(EngineProperties::labels).orElse(Map.of()));
        labels.putAll(more);
        EngineVolume made = engine.createVolume(
                volume,
                recorded.map(EngineProperties::driver).orElse(LOCAL),
                recorded.map(EngineProperties::options).orElse(Map.of()),
                labels);
        notices.accept("made volume '" + volume + "'");
        return new EngineTarget(engine, made, inUse, state, notices);
    }

    @Override
    public Path folder() {
        return data.folder();
    }

    @Override
    public void requireFree() {
        List<String> users = users();
        if (inUse == InUse.REFUSE && !users.isEmpty()) {
            throw Problem.of(
                            ProblemCode.BUSY,
                            "volume '" + volume.name() + "' is in use by container " + String.join(", ", users),
                            "`--stop` stops what uses it for the restore and starts it again; `--force` restores while"
                                    + " it runs, which few programs bear.")
                    .asException();
        }
    }

    private List<String> users() {
        return engine.containersUsing(volume.name()).stream()
                .filter(container -> container.isAlive() && container.writable() && !container.own())
                .map(EngineContainer::name)
                .toList();
    }

    @Override
    public Hold hold() {
        if (inUse != InUse.STOP) {
            return () -> {};
        }
        return Standstill.stopAll(engine, volume.name(), data.staysAlone(), state, notices)::close;
    }
}
