package dev.holdfast.agent.engine;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A container of an engine.
 *
 * @param created when it was made, by the engine's clock
 * @param started when it was last started, by that clock; long ago for one that never was
 * @param own whether this program runs in it
 * @param vanishes whether the engine removes it once it stops ({@code --rm})
 */
public record EngineContainer(
        String id,
        String name,
        Instant created,
        Instant started,
        State state,
        boolean own,
        boolean vanishes,
        Map<String, String> labels) {

    /** What a container is doing, as far as a backup cares. */
    public enum State {
        RUNNING,
        PAUSED,
        /** Created, exited, dead. */
        STOPPED
    }

    public EngineContainer {
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }

    /** A paused container counts: it goes on with what it has open. */
    public boolean isAlive() {
        return state != State.STOPPED;
    }
}
