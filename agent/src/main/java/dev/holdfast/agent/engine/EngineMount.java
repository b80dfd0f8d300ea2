package dev.holdfast.agent.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A folder of the engine's machine that a container has mounted.
 *
 * @param volume the volume that it is; empty for a folder that was given by its path
 * @param mayBeBound whether the volume's files may be in another folder: its driver then is the engine's own
 * @param inside what it is called in the container
 */
record EngineMount(String volume, boolean mayBeBound, Path source, Path inside, boolean writable) {
    private static final Set<String> OF_ENGINE = Set.of("", EngineVolume.LOCAL);

    /** Of a container as the engine describes it; what has no folder, such as memory, is passed over. */
    static List<EngineMount> allOf(JsonNode container) {
        List<EngineMount> all = new ArrayList<>();
        for (JsonNode mount : container.path("Mounts")) {
            String source = mount.path("Source").asText();
            String volume = mount.path("Type").asText().equals("volume")
                    ? mount.path("Name").asText()
                    : "";
            if (source.startsWith("/") || !volume.isEmpty()) {
                all.add(new EngineMount(
                        volume,
                        !volume.isEmpty()
                                && OF_ENGINE.contains(mount.path("Driver").asText()),
                        Path.of(source),
                        Path.of(mount.path("Destination").asText("/")),
                        mount.path("RW").asBoolean(true)));
            }
        }
        return all;
    }

    /** What a folder of a container with such mounts is called outside of it; empty when it is not outside. */
    static Optional<Path> outside(List<EngineMount> mounts, Path folder) {
        Path there = folder.toAbsolutePath().normalize();
        return mounts.stream()
                .filter(mount -> there.startsWith(mount.inside()))
                .max(Comparator.comparing(mount -> mount.inside().getNameCount()))
                .map(mount ->
                        mount.source().resolve(mount.inside().relativize(there)).normalize());
    }
}
