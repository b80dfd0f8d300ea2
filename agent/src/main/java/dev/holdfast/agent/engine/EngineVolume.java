package dev.holdfast.agent.engine;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A volume as the engine describes it.
 *
 * @param mountpoint where the engine shows its files, as the engine's host sees it
 * @param options of the driver; with them, the mountpoint is empty while no container uses the volume
 * @param fromContainer whether this program runs in a container of the engine and sees only what is mounted into that
 */
public record EngineVolume(
        String name,
        String driver,
        Path mountpoint,
        Map<String, String> options,
        Map<String, String> labels,
        boolean fromContainer) {
    static final String LOCAL = "local";

    public EngineVolume {
        options = Collections.unmodifiableMap(new TreeMap<>(options));
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }

    /** Whether the files are simply in the mountpoint, container or not. */
    boolean isPlain() {
        return driver.equals(LOCAL) && !options.containsKey("device") && !options.containsKey("type");
    }
}
