package dev.holdfast.cli.checkup;

import dev.holdfast.agent.engine.Engine;
import dev.holdfast.agent.engine.EngineAddress;
import dev.holdfast.agent.engine.VolumeData;
import dev.holdfast.core.config.HostVolume;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Whether volumes are where the configuration says, or where the container engine has them, and can be read. */
final class VolumeCheckup {
    private final Map<String, String> environment;

    VolumeCheckup(Map<String, String> environment) {
        this.environment = environment;
    }

    Finding look(HostVolume volume) {
        String subject = "volume " + volume.name();
        Optional<Path> path = volume.path().value();
        try {
            boolean asked = path.isEmpty() || (volume.inRoot() && !Files.exists(path.get()) && isOfEngine(volume));
            return Finding.ok(subject, (asked ? inEngine(volume) : folder(volume, path.get())) + " can be read");
        } catch (HoldfastException e) {
            return Finding.failed(subject, e.problem());
        }
    }

    private boolean isOfEngine(HostVolume volume) {
        try {
            return engine().flatMap(engine -> engine.findVolume(volume.name())).isPresent();
        } catch (HoldfastException e) {
            // An engine that does not answer has no say where there is a folder to look for.
            return false;
        }
    }

    private Optional<Engine> engine() {
        return EngineAddress.find(environment).map(Engine::connect);
    }

    private static String folder(HostVolume volume, Path path) {
        if (!Files.exists(path)) {
            throw Problem.of(
                            ProblemCode.NOT_FOUND,
                            path + " does not exist",
                            "Create it, or correct its place (" + volume.path().origin() + ").")
                    .asException();
        }
        return readable(path);
    }

    private String inEngine(HostVolume volume) {
        Engine engine = engine().orElseThrow(() -> Problem.of(
                        ProblemCode.NOT_FOUND,
                        "the configuration gives no path for it here, and there is no container engine to ask",
                        "Start the engine, set DOCKER_HOST, or give the volume a `path`, or a client a `volume_root`.")
                .asException());
        Path folder = engine.findVolume(volume.name())
                .map(found -> VolumeData.locate(found).folder())
                .orElseThrow(() -> Problem.of(
                                ProblemCode.NOT_FOUND,
                                "the configuration gives no path for it here, and the container engine at "
                                        + engine.address().shown() + " has no such volume",
                                "`docker volume ls` shows what it has; a volume that is a folder needs a `path`.")
                        .asException());
        return readable(folder) + ", of the container engine,";
    }

    private static String readable(Path path) {
        if (!Files.isReadable(path)) {
            throw Problem.of(
                            ProblemCode.IO,
                            path + " cannot be read",
                            "Run Holdfast as a user who may, or change its permissions: `ls -ld " + path + "`.")
                    .asException();
        }
        return path.toString();
    }
}
