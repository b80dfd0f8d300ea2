package dev.holdfast.cli.command;

import dev.holdfast.cli.machine.Machine;
import dev.holdfast.core.config.HostVolume;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.nio.file.Path;

/** Where a volume lies on this host. */
final class VolumeFolder {
    private VolumeFolder() {}

    /** {@code NOT_FOUND} when the configuration does not say, or knows no such volume. */
    static Path of(Machine machine, HostVolume volume) {
        if (volume.path().value().isEmpty()) {
            machine.configuration().volume(volume.name()); // a slip of the pen has no place
        }
        return volume.path()
                .value()
                .orElseThrow(() -> Problem.of(
                                ProblemCode.NOT_FOUND,
                                "volume '" + volume.name() + "' has no folder on client '" + machine.name() + "'",
                                "In " + machine.configuration().file() + ", give the volume a `path`, or the client a"
                                        + " `volume_root` whose sub-folders are its volumes.")
                        .asException());
    }
}
