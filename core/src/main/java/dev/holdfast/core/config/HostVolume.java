package dev.holdfast.core.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One volume on one host.
 *
 * @param path where it lies; empty when the configuration does not say, then a container engine must know the name
 */
public record HostVolume(
        String name, Setting<Optional<Path>> path, Setting<List<String>> include, Setting<List<String>> exclude) {

    /** What of it is taken. */
    public PathFilter filter() {
        return PathFilter.of(include.value(), exclude.value());
    }
}
