package dev.holdfast.cli.command;

import dev.holdfast.agent.archive.LocalVolumes;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Volume;
import dev.holdfast.core.config.VolumeRules;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a volume lies on this machine, for commands that need no keys: as the configuration says of this client, or of the volume on
 * a server. Without any configuration, and always when it has a slash, the name is that of a folder.
 */
final class LocalFolders {
    private LocalFolders() {}

    /** The folder of a volume; {@code NOT_FOUND} when nobody says where it is. */
    static Path find(Session session, String volume) {
        return in(session, volume)
                .root(volume)
                .orElseThrow(() -> Problem.of(
                                ProblemCode.NOT_FOUND,
                                "volume '" + volume + "' has no folder on this machine",
                                "In the configuration, give it a `path`, or this client a `volume_root`; or name the folder itself,"
                                        + " such as `./" + volume + "`.")
                        .asException());
    }

    private static LocalVolumes in(Session session, String volume) {
        Optional<Configuration> configuration = isPath(volume) ? Optional.empty() : configuration(session);
        if (configuration.isEmpty()) {
            return name -> Optional.of(session.resolve(Path.of(name)));
        }
        String machine = session.identity(configuration.get()).name();
        return configured(configuration.get(), machine);
    }

    private static LocalVolumes configured(Configuration configuration, String machine) {
        if (configuration.findClient(machine).isPresent()) {
            return name -> configuration.forHost(machine).volume(name).path().value();
        }
        return name -> configuration.findVolume(name).map(Volume::rules).flatMap(VolumeRules::path);
    }

    /** Empty when there is none and none was named. */
    private static Optional<Configuration> configuration(Session session) {
        try {
            return Optional.of(session.configuration());
        } catch (HoldfastException e) {
            if (e.problem().code() == ProblemCode.NOT_FOUND
                    && session.options().path().isEmpty()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static boolean isPath(String volume) {
        return volume.contains("/") || volume.equals(".") || volume.equals("..");
    }

    /** What a volume is called: of a folder its name. */
    static String name(Session session, String volume) {
        Path last = isPath(volume) ? session.resolve(Path.of(volume)).getFileName() : Path.of(volume);
        return last == null ? "root" : last.toString();
    }
}
