package dev.holdfast.core.config;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A host that backs up or restores.
 *
 * @param restore what it may restore; empty when the file does not say
 * @param volumeRoot the folder whose sub-folders are this host's volumes
 * @param remote what operators may start on it
 * @param volumes what is different about a volume on this host, by volume name
 */
public record Client(
        String name,
        List<String> backup,
        Optional<List<Grant>> restore,
        Optional<Path> volumeRoot,
        Map<String, VolumeRules> volumes,
        Limits limits,
        Optional<Schedule> schedule,
        Optional<RemoteWork> remote,
        Optional<String> keyVolume,
        Optional<String> container) {
    public Client {
        backup = List.copyOf(backup);
        restore = restore.map(List::copyOf);
        volumes = Collections.unmodifiableMap(new LinkedHashMap<>(volumes));
    }
}
