package dev.holdfast.cli.machine;

import dev.holdfast.agent.engine.Engine;
import dev.holdfast.agent.engine.EngineAddress;
import dev.holdfast.agent.engine.SharedFolder;
import dev.holdfast.agent.engine.VolumeData;
import dev.holdfast.agent.standstill.ContainerLabels;
import dev.holdfast.core.config.Client;
import dev.holdfast.core.config.HostVolume;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where the volumes of a machine are. A {@code path} in the configuration decides; else the folder of that name in the host's
 * {@code volume_root}; else the container engine is asked. A folder in the root that is not there gives way to a volume of the
 * engine that is.
 */
public final class VolumePlaces {
    /** Said of a volume that {@link #hidesEngines}. */
    public static final String HIDES = "the container engine has a volume of that name, too, which is left alone";

    /** What can be done about it. */
    public static final String HIDES_HINT =
            "A `path` for the volume says that the folder is meant; without the folder, the engine's volume is.";

    private final Map<String, String> environment;
    private final Machine machine;

    /** @param environment says where the container engine is */
    public VolumePlaces(Map<String, String> environment, Machine machine) {
        this.environment = environment;
        this.machine = machine;
    }

    /** Where the configuration has the volume, whether or not something is there; empty when the engine is to be asked. */
    public Optional<Path> folder(HostVolume volume) {
        Optional<Path> said = volume.path().value();
        if (said.isEmpty()) {
            return said;
        }
        boolean givesWay = volume.inRoot() && !Files.exists(said.get()) && isOfEngine(volume.name());
        return givesWay ? Optional.empty() : said;
    }

    /** Whether the volume is a folder that nobody named, and the engine has one of that name, too. */
    public boolean hidesEngines(HostVolume volume) {
        return volume.inRoot() && volume.path().value().filter(Files::exists).isPresent() && isOfEngine(volume.name());
    }

    private boolean isOfEngine(String name) {
        try {
            return address()
                    .map(Engine::connectBriefly)
                    .flatMap(engine -> engine.findVolume(name))
                    .isPresent();
        } catch (HoldfastException e) {
            // An engine that does not answer has no say where there is a folder to look for.
            return false;
        }
    }

    private Optional<EngineAddress> address() {
        return EngineAddress.find(environment);
    }

    /** The engine that is to be asked for the volume; {@code NOT_FOUND} when there is none. */
    public Engine engine(HostVolume volume) {
        return Engine.connect(address().orElseThrow(() -> {
            requireNamed(volume);
            String root = machine.isServer() ? "" : ", or the client a `volume_root` whose sub-folders are its volumes";
            return nowhere(
                    volume,
                    "there is no container engine to ask",
                    EngineAddress.TO_FIND_ONE + ". For a volume that is a folder: in "
                            + machine.configuration().file() + ", give it a `path`" + root + ".");
        }));
    }

    /**
     * The engine of this machine, for a question about a folder that an engine need not know of: empty when there is none, and, after
     * that was told, when it cannot be asked.
     */
    public Optional<Engine> engineAtHand(Path folder, Consumer<String> notices) {
        try {
            return engineForLook().map(Engine::address).map(Engine::connect);
        } catch (HoldfastException e) {
            notices.accept("warning: whether a container uses " + folder + " is not known: "
                    + e.problem().message());
            return Optional.empty();
        }
    }

    /**
     * The engine of this machine, when a container of it has labels for us and uses the folder; empty when none does, and when nobody
     * answers soon: labels that nobody can read hinder no backup of a mere folder.
     */
    public Optional<Engine> engineWithLabels(SharedFolder folder, Consumer<String> notices) {
        try {
            if (engineForLook()
                    .filter(engine -> ContainerLabels.concern(engine, folder))
                    .isEmpty()) {
                return Optional.empty();
            }
        } catch (HoldfastException e) {
            return Optional.empty();
        }
        return engineAtHand(folder.folder(), notices);
    }

    /** The engine of this machine, if there is one, for a look that must not take long. */
    public Optional<Engine> engineForLook() {
        return address().map(Engine::connectBriefly).filter(Engine::isOfThisMachine);
    }

    /** A folder that containers may have mounted. */
    public SharedFolder shared(Path folder) {
        Optional<Path> root = machine.configuration().findClient(machine.name()).flatMap(Client::volumeRoot);
        return new SharedFolder(folder, "", root.stream().toList());
    }

    /** What containers may have mounted of the volume; {@code NOT_FOUND} when it is nowhere. */
    public SharedFolder shared(HostVolume volume) {
        return folder(volume).map(this::shared).orElseGet(() -> SharedFolder.ofVolume(volume.name(), inEngine(volume)));
    }

    /** The folder in which the engine has the volume's files; {@code NOT_FOUND} when it has no such volume. */
    public Path inEngine(HostVolume volume) {
        Engine engine = engine(volume);
        return engine.findVolume(volume.name())
                .map(found -> VolumeData.locate(found).folder())
                .orElseThrow(() -> nowhere(
                        volume,
                        "the container engine at " + engine.address().shown() + " has no volume of that name",
                        "`" + engine.program()
                                + " volume ls` shows what it has; a volume that is a folder needs a `path` in "
                                + machine.configuration().file() + "."));
    }

    private HoldfastException nowhere(HostVolume volume, String engine, String hint) {
        return Problem.of(
                        ProblemCode.NOT_FOUND,
                        "volume '" + volume.name() + "' is nowhere on " + machine.role() + " '" + machine.name()
                                + "': the configuration gives it no path, and " + engine,
                        hint)
                .asException();
    }

    /** Throws for a slip of the pen: what is read must be named. */
    public void requireNamed(HostVolume volume) {
        if (volume.path().value().isEmpty()) {
            machine.configuration().volume(volume.name());
        }
    }
}
