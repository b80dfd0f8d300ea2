package dev.holdfast.agent.engine;

import java.nio.file.Path;
import java.util.List;

/**
 * A folder that containers may have mounted, under this name or another. That of a volume is called as on the engine's machine.
 *
 * @param volume the volume of the engine that it is; empty for a mere folder
 * @param gatherings folders whose sub-folders are volumes: whoever has one of them mounted as a whole uses no volume in particular
 */
public record SharedFolder(Path folder, String volume, List<Path> gatherings) {
    public SharedFolder {
        folder = folder.toAbsolutePath().normalize();
        gatherings = List.copyOf(gatherings);
    }

    public static SharedFolder ofVolume(String volume, Path folder) {
        return new SharedFolder(folder, volume, List.of());
    }
}
