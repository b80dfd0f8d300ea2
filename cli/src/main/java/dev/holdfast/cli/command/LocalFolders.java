package dev.holdfast.cli.command;

import dev.holdfast.agent.engine.Engine;
import dev.holdfast.agent.engine.EngineAddress;
import dev.holdfast.agent.engine.EngineVolume;
import dev.holdfast.agent.engine.VolumeData;
import dev.holdfast.agent.files.UnfinishedImport;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where a volume lies on this machine, for commands that need no keys: in the folder that the configuration says ({@link
 * WrittenFolder}), else in the container engine. A name with a slash is that of a folder, and without a configuration and an engine
 * every name is.
 */
final class LocalFolders {
    private final Session session;
    private final String volume;

    LocalFolders(Session session, String volume) {
        this.session = session;
        this.volume = volume;
    }

    /** The folder that holds the volume's files now; {@code NOT_FOUND} when nobody says where it is. */
    Path existing() {
        Optional<Path> folder = folder(written());
        if (folder.filter(Files::exists).isPresent()) {
            return folder.get();
        }
        Optional<Engine> engine = engine();
        Optional<Path> ofEngine = engine.flatMap(one -> one.findVolume(volume))
                .map(found -> VolumeData.locate(found).folder());
        return ofEngine.or(() -> folder.filter(path -> isPath()))
                .orElseThrow(() ->
                        folder.map(path -> neither(path, engine.isPresent())).orElseGet(this::nowhere));
    }

    private HoldfastException neither(Path folder, boolean asked) {
        return asked
                ? Problem.of(
                                ProblemCode.NOT_FOUND,
                                "there is no folder " + folder + ", and the container engine has no volume '" + volume
                                        + "'",
                                "Name a volume or folder that is there.")
                        .asException()
                : Problem.of(
                                ProblemCode.NOT_FOUND,
                                "there is no folder " + folder + ", and no container engine that could have a volume '"
                                        + volume + "' is to be found",
                                "Name a folder that is there. " + EngineAddress.TO_FIND_ONE
                                        + ", if it is a volume of one.")
                        .asException();
    }

    /** Where a volume that is not there yet is made. */
    Place toMake() {
        Optional<WrittenFolder.Word> written = written();
        Optional<Path> folder = folder(written);
        Optional<Engine> engine = folder.isPresent() && (isPath() || written.isPresent()) ? Optional.empty() : engine();
        return engine.isPresent()
                ? new EnginePlace(engine.get(), volume, session.resolve(Path.of(".volume-" + volume)))
                : new FolderPlace(folder.orElseThrow(this::nowhere));
    }

    /** Room for a new volume. */
    interface Place {
        /** What to call it. */
        String shown();

        /** Makes the room and says where it is; for a dry run only looks whether it could. */
        Path open(boolean dryRun);

        /** Takes back what {@link #open} made. */
        void abandon();
    }

    /** A folder, which the import itself makes and removes. */
    private record FolderPlace(Path folder) implements Place {
        @Override
        public String shown() {
            return folder.toString();
        }

        @Override
        public Path open(boolean dryRun) {
            return folder;
        }

        @Override
        public void abandon() {
            // Nothing was made here.
        }
    }

    /** @param absent a path at which nothing is, for the volume that a dry run does not make */
    private record EnginePlace(Engine engine, String volume, Path absent) implements Place {
        @Override
        public String shown() {
            return "volume '" + volume + "' of the container engine";
        }

        @Override
        public Path open(boolean dryRun) {
            Optional<EngineVolume> present = engine.findVolume(volume);
            if (present.isPresent()) {
                requireNoImport(present.get());
                throw Problem.of(
                                ProblemCode.FAILED,
                                "volume '" + volume + "' exists in the container engine already",
                                "Import makes a new volume: choose another name. Only if nobody wants the old one any more,"
                                        + " remove that with `" + engine.program() + " volume rm " + volume + "`.")
                        .asException();
            }
            if (dryRun) {
                return absent;
            }
            EngineVolume made = engine.createVolume(volume, "local", Map.of(), Map.of());
            try {
                return VolumeData.locate(made).folder();
            } catch (HoldfastException e) {
                abandon();
                throw e;
            }
        }

        /** A volume that a killed import left is of its making, with all that is in it. */
        private void requireNoImport(EngineVolume present) {
            if (Files.isDirectory(present.mountpoint().resolve(UnfinishedImport.NAME))) {
                throw UnfinishedImport.problem(
                                "volume '" + volume + "'",
                                "If none is running, remove what it left: `" + engine.program() + " volume rm " + volume
                                        + "`.")
                        .asException();
            }
        }

        @Override
        public void abandon() {
            engine.removeVolume(volume);
        }
    }

    /** As the configuration says, or the person. */
    private Optional<Path> folder(Optional<WrittenFolder.Word> written) {
        return written.isPresent() ? written.get().folder() : Optional.of(session.resolve(Path.of(volume)));
    }

    private Optional<WrittenFolder.Word> written() {
        return isPath() ? Optional.empty() : new WrittenFolder(session, volume).word();
    }

    private Optional<Engine> engine() {
        return isPath()
                ? Optional.empty()
                : EngineAddress.find(session.environment()).map(Engine::connect);
    }

    private HoldfastException nowhere() {
        return Problem.of(
                        ProblemCode.NOT_FOUND,
                        "volume '" + volume
                                + "' is nowhere on this machine: it has no folder, and no container engine has it",
                        EngineAddress.TO_FIND_ONE + ", if it is a volume of one. If it is a folder, name that itself,"
                                + " such as `./" + volume
                                + "`; or, in the configuration, give it a `path`, or this client a `volume_root`.")
                .asException();
    }

    private boolean isPath() {
        return volume.contains("/") || volume.equals(".") || volume.equals("..");
    }

    /** What the volume is called: of a folder its name. */
    String name() {
        Path last = isPath() ? session.resolve(Path.of(volume)).getFileName() : Path.of(volume);
        return last == null ? "root" : last.toString();
    }
}
