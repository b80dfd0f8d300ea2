package dev.holdfast.cli.command;

import dev.holdfast.agent.engine.Engine;
import dev.holdfast.agent.engine.EngineAddress;
import dev.holdfast.agent.source.EngineProperties;
import dev.holdfast.agent.source.EngineSource;
import dev.holdfast.agent.source.EngineTarget;
import dev.holdfast.agent.source.FolderSource;
import dev.holdfast.agent.source.FolderTarget;
import dev.holdfast.agent.source.Source;
import dev.holdfast.agent.source.Target;
import dev.holdfast.agent.standstill.Standstill;
import dev.holdfast.cli.machine.Machine;
import dev.holdfast.core.config.HostVolume;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.SnapshotRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where the volumes of this host are. A {@code path} in the configuration decides; else the folder of that name in the host's
 * {@code volume_root}; else the container engine is asked. A folder in the root that is not there gives way to a volume of the
 * engine that is.
 */
final class HostVolumes {
    private final Session session;
    private final Machine machine;

    HostVolumes(Session session, Machine machine) {
        this.session = session;
        this.machine = machine;
    }

    /** Starts containers again that a killed run of this machine left stopped; what fails is only told. */
    void recover() {
        try {
            Standstill.recover(state(), session::remark);
        } catch (HoldfastException e) {
            session.alarm(e.problem());
        }
    }

    private Path state() {
        return machine.state().folder();
    }

    /** What a backup of the volume reads. */
    Source source(HostVolume volume) {
        Optional<Path> folder = folder(volume);
        if (folder.isPresent()) {
            return new FolderSource(folder.get());
        }
        Engine engine = engine(volume);
        return new EngineSource(engine, volume.name(), volume.consistency().value(), state(), session::remark);
    }

    /** The folder in which the files of a volume are now, for reading. */
    Path live(HostVolume volume) {
        return folder(volume)
                .orElseGet(() -> EngineTarget.find(
                                engine(volume), volume.name(), EngineTarget.InUse.IGNORE, state(), session::remark)
                        .orElseThrow(() -> missing(volume))
                        .folder());
    }

    /**
     * Where a restore of the volume goes; a volume that the engine lacks is made.
     *
     * @param recorded what the snapshot says of the volume
     */
    Target target(
            HostVolume volume,
            EngineTarget.InUse inUse,
            SnapshotRecord snapshot,
            Supplier<Optional<EngineProperties>> recorded) {
        Optional<Path> folder = folder(volume);
        if (folder.isPresent()) {
            return new FolderTarget(folder.get());
        }
        Engine engine = engine(volume);
        return EngineTarget.find(engine, volume.name(), inUse, state(), session::remark)
                .orElseGet(() -> EngineTarget.make(
                        engine,
                        volume.name(),
                        recorded.get(),
                        Map.of(
                                "holdfast.restored-from",
                                snapshot.host() + "/" + snapshot.volume(),
                                "holdfast.snapshot",
                                snapshot.id()),
                        inUse,
                        state(),
                        session::remark));
    }

    /** What a dry run compares with: a volume that the engine lacks is a folder that is not there. */
    Target targetUntouched(HostVolume volume) {
        Optional<Path> folder = folder(volume);
        if (folder.isPresent()) {
            return new FolderTarget(folder.get());
        }
        Optional<EngineTarget> found =
                EngineTarget.find(engine(volume), volume.name(), EngineTarget.InUse.IGNORE, state(), session::remark);
        if (found.isPresent()) {
            return found.get();
        }
        session.remark("volume '" + volume.name() + "' would be made");
        return new FolderTarget(state().resolve("volumes-not-made").resolve(volume.name()));
    }

    /** Empty when the engine is to be asked. */
    private Optional<Path> folder(HostVolume volume) {
        Optional<Path> said = volume.path().value();
        if (said.isEmpty()) {
            machine.configuration().volume(volume.name()); // a slip of the pen has no place
            return said;
        }
        boolean givesWay = volume.inRoot() && !Files.exists(said.get()) && isOfEngine(volume.name());
        return givesWay ? Optional.empty() : said;
    }

    private boolean isOfEngine(String name) {
        try {
            return address()
                    .map(address -> Engine.connect(address).findVolume(name).isPresent())
                    .orElse(false);
        } catch (HoldfastException e) {
            // An engine that does not answer has no say.
            return false;
        }
    }

    private Optional<EngineAddress> address() {
        return EngineAddress.find(session.environment());
    }

    private Engine engine(HostVolume volume) {
        return Engine.connect(address().orElseThrow(() -> missing(volume)));
    }

    private HoldfastException missing(HostVolume volume) {
        return Problem.of(
                        ProblemCode.NOT_FOUND,
                        "volume '" + volume.name() + "' is nowhere on client '" + machine.name()
                                + "': it has no folder, and no container engine has it",
                        "In " + machine.configuration().file() + ", give the volume a `path`, or the client a"
                                + " `volume_root` whose sub-folders are its volumes; or start the container engine.")
                .asException();
    }
}
