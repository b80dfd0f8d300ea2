package dev.holdfast.core.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One volume on one host.
 *
 * @param path where it lies; empty when the configuration does not say, then a container engine must know the name
 * @param inRoot whether the path is only the folder of that name in the host's volume root
 * @param consistency what happens to the containers that use it while it is read
 * @param hooks what is run around that
 */
public record HostVolume(
        String name,
        Setting<Optional<Path>> path,
        boolean inRoot,
        Setting<List<String>> include,
        Setting<List<String>> exclude,
        Setting<Consistency> consistency,
        Setting<Hooks> hooks) {

    /** What of it is taken. */
    public PathFilter filter() {
        return PathFilter.of(include.value(), exclude.value());
    }
}
