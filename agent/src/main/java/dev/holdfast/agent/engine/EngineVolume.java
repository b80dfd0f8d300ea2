package dev.holdfast.agent.engine;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A volume as the engine describes it.
 *
 * @param mountpoint where the engine shows its files, as the engine's host sees it
 * @param options of the driver; with them, the mountpoint is empty while no container uses the volume
 * @param program the command line of its engine, such as {@code docker}
 * @param fromContainer whether this program runs in a container of the engine and sees only what is mounted into that
 */
public record EngineVolume(
        String name,
        String driver,
        Path mountpoint,
        Map<String, String> options,
        Map<String, String> labels,
        String program,
        boolean fromContainer) {
    static final String LOCAL = "local";

    public EngineVolume {
        options = Collections.unmodifiableMap(new TreeMap<>(options));
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }

    /** The folder elsewhere that it is ({@code o=bind}), as the engine's host sees it; empty for any other kind. */
    Optional<Path> bound() {
        String device = options.getOrDefault("device", "");
        boolean bind = Arrays.stream(options.getOrDefault("o", "").split(","))
                .anyMatch(option -> option.equals("bind") || option.equals("rbind"));
        return driver.equals(LOCAL) && device.startsWith("/") && bind ? Optional.of(Path.of(device)) : Optional.empty();
    }

    /** Whether the files are simply in the mountpoint, container or not. */
    boolean isPlain() {
        return driver.equals(LOCAL) && !options.containsKey("device") && !options.containsKey("type");
    }
}
