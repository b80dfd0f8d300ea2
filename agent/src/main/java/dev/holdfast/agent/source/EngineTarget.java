package dev.holdfast.agent.source;

import dev.holdfast.agent.engine.Engine;
import dev.holdfast.agent.engine.EngineVolume;
import dev.holdfast.agent.engine.SharedFolder;
import dev.holdfast.agent.engine.VolumeData;
import dev.holdfast.core.problem.HoldfastException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A volume of a container engine, filled in place: its folder stays the one that containers have mounted. */
public final class EngineTarget implements Target {
    private static final String LOCAL = "local";

    private final Engine engine;
    private final EngineVolume volume;
    private final VolumeData data;
    private final boolean made;
    private final Occupants occupants;
    private final Consumer<String> notices;

    private EngineTarget(
            Engine engine, EngineVolume volume, boolean made, InUse inUse, Path state, Consumer<String> notices) {
        this.engine = engine;
        this.volume = volume;
        this.made = made;
        this.data = VolumeData.locateToFill(volume);
        this.occupants =
                new Occupants(engine, SharedFolder.ofVolume(volume.name(), data.folder()), inUse, state, notices);
        this.notices = notices;
    }

    /** A volume that is there; empty when the engine has none of that name. */
    public static Optional<EngineTarget> find(
            Engine engine, String volume, InUse inUse, Path state, Consumer<String> notices) {
        return engine.findVolume(volume).map(found -> new EngineTarget(engine, found, false, inUse, state, notices));
    }

    /**
     * Makes a volume as the one that was backed up: its driver, options and labels, and labels more. When it turns out that it
     * cannot be filled, there is none afterwards.
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
        EngineVolume planned = planned(engine, volume, recorded);
        VolumeData.requireUsable(planned);
        EngineVolume fresh = engine.createVolume(volume, planned.driver(), planned.options(), labels);
        notices.accept("made volume '" + volume + "'");
        try {
            return new EngineTarget(engine, fresh, true, inUse, state, notices);
        } catch (HoldfastException e) {
            remove(engine, volume, notices);
            throw e;
        }
    }

    /** Throws when {@link #make} would, because such a volume could not be filled, or would be somebody else's folder. */
    public static void requireMakeable(Engine engine, String volume, Optional<EngineProperties> recorded) {
        VolumeData.requireUsable(planned(engine, volume, recorded));
    }

    private static EngineVolume planned(Engine engine, String volume, Optional<EngineProperties> recorded) {
        return engine.planned(
                volume,
                recorded.map(EngineProperties::driver).orElse(LOCAL),
                recorded.map(EngineProperties::options).orElse(Map.of()));
    }

    private static void remove(Engine engine, String volume, Consumer<String> notices) {
        try {
            engine.removeVolume(volume);
            notices.accept("removed volume '" + volume + "' again");
        } catch (HoldfastException e) {
            notices.accept("volume '" + volume + "', which was made for this, stays: "
                    + e.problem().message());
        }
    }

    /** What is other about this volume than about the one that was backed up; empty for nothing. */
    public Optional<String> unlike(EngineProperties recorded) {
        return recorded.unlike(volume);
    }

    /** Somebody may have put something into it meanwhile: then it stays. */
    @Override
    public void abandon() {
        if (made && (!data.isPlain() || data.isEmpty())) {
            remove(engine, volume.name(), notices);
        }
    }

    @Override
    public Path folder() {
        return data.folder();
    }

    @Override
    public void requireFree() {
        occupants.requireNone("volume '" + volume.name() + "'");
    }

    @Override
    public List<String> wouldStop() {
        return occupants.wouldStop(data.staysAlone());
    }

    @Override
    public Hold hold() {
        return occupants.hold(data.staysAlone());
    }
}
