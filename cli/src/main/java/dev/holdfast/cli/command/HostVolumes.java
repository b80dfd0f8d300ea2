package dev.holdfast.cli.command;

import dev.holdfast.agent.engine.Engine;
import dev.holdfast.agent.engine.EngineAddress;
import dev.holdfast.agent.hook.VolumeHooks;
import dev.holdfast.agent.source.EngineProperties;
import dev.holdfast.agent.source.EngineSource;
import dev.holdfast.agent.source.EngineTarget;
import dev.holdfast.agent.source.FolderSource;
import dev.holdfast.agent.source.FolderTarget;
import dev.holdfast.agent.source.Source;
import dev.holdfast.agent.source.Target;
import dev.holdfast.agent.standstill.Standstill;
import dev.holdfast.cli.machine.KeyProblem;
import dev.holdfast.cli.machine.Machine;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Hooks;
import dev.holdfast.core.config.HostVolume;
import dev.holdfast.core.config.Volume;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.store.PrivatePlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Where the volumes of this host are. A {@code path} in the configuration decides; else the folder of that name in the host's
 * {@code volume_root}; else the container engine is asked. A folder in the root that is not there gives way to a volume of the
 * engine that is.
 */
final class HostVolumes {
    private static final String FIRST_CREATE = "first make it: `docker volume create ";

    private final Map<String, String> environment;
    private final Machine machine;
    private final Consumer<String> notices;
    private final Consumer<Problem> alarms;

    HostVolumes(Session session, Machine machine) {
        this(session.environment(), machine, session::remark, session::alarm);
    }

    /** {@code notices} is told what is done to containers and volumes, {@code alarms} what could not be put right. */
    HostVolumes(Map<String, String> environment, Machine machine, Consumer<String> notices, Consumer<Problem> alarms) {
        this.environment = environment;
        this.machine = machine;
        this.notices = notices;
        this.alarms = alarms;
    }

    /** Starts containers again that a killed run of this machine left stopped, and runs hooks that it owes; what fails is only told. */
    void recover() {
        attempt(() -> Standstill.recover(state(), notices));
        attempt(() -> VolumeHooks.left(state())
                .forEach(name -> attempt(() -> hooks(machine.volume(name)).recover())));
    }

    private void attempt(Runnable recovery) {
        try {
            recovery.run();
        } catch (HoldfastException e) {
            alarms.accept(e.problem());
        }
    }

    private Path state() {
        return machine.state().folder();
    }

    /** What a backup of the volume reads, with its hooks around. */
    Source source(HostVolume volume) {
        requireNamed(volume);
        Optional<Path> folder = folder(volume);
        return hooks(volume).around(folder.isPresent() ? new FolderSource(folder.get()) : ofEngine(volume));
    }

    /** The same for a look: no container is held still and no hook runs. */
    Source untouched(HostVolume volume) {
        requireNamed(volume);
        Optional<Path> folder = folder(volume);
        return folder.isPresent()
                ? new FolderSource(folder.get())
                : ofEngine(volume).untouched();
    }

    private EngineSource ofEngine(HostVolume volume) {
        return new EngineSource(
                engine(volume), volume.name(), volume.consistency().value(), state(), notices);
    }

    /**
     * The commands around a backup of the volume.
     *
     * @throws HoldfastException when there are some and somebody else may change the configuration that they are in
     */
    VolumeHooks hooks(HostVolume volume) {
        Hooks hooks = volume.hooks().value();
        if (!hooks.equals(Hooks.NONE)) {
            requireOwnConfiguration();
        }
        return new VolumeHooks(machine.name(), volume.name(), hooks, state(), notices);
    }

    private void requireOwnConfiguration() {
        Path file = machine.configuration().file();
        try {
            PrivatePlace.requireUnchanged(file);
        } catch (KeyException e) {
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.DENIED,
                            "hooks are not run from a configuration that somebody else may change: "
                                    + KeyProblem.of(e).message(),
                            e.hint()),
                    e);
        } catch (IOException e) {
            throw new HoldfastException(
                    Problem.of(ProblemCode.IO, "cannot look at " + file + ": " + e.getMessage(), ""), e);
        }
    }

    /** The folder in which the files of a volume are now, for reading. */
    Path live(HostVolume volume) {
        requireNamed(volume);
        return folder(volume)
                .orElseGet(() -> targetOfEngine(volume, EngineTarget.InUse.IGNORE)
                        .orElseThrow(() -> missing(volume))
                        .folder());
    }

    /** The same, but {@code NOT_FOUND} also for a folder that is not there. */
    Path existing(HostVolume volume) {
        Path folder = live(volume);
        if (!Files.isDirectory(folder)) {
            throw Problem.of(
                            ProblemCode.NOT_FOUND,
                            "volume '" + volume.name() + "' is not on " + role() + " '" + machine.name() + "': "
                                    + folder + " is no folder there",
                            "Make it there, or correct its `path` in "
                                    + machine.configuration().file() + ".")
                    .asException();
        }
        return folder;
    }

    /**
     * The folder that a restore would make for a volume that nobody has heard of yet; empty for any other. {@code NOT_FOUND} when
     * the name is so near to a known one that it is rather a slip.
     */
    Optional<Path> unheardOf(HostVolume volume) {
        if (!volume.inRoot()
                || machine.configuration().findVolume(volume.name()).isPresent()) {
            return Optional.empty();
        }
        Optional<Path> made = folder(volume).filter(folder -> !Files.exists(folder));
        made.ifPresent(folder -> requireNoSlip(volume.name(), "first make its folder: `mkdir " + folder + "`."));
        return made;
    }

    /** @param how a volume of such a name comes to be there after all */
    private void requireNoSlip(String name, String how) {
        List<String> known =
                machine.configuration().volumes().stream().map(Volume::name).toList();
        if (known.contains(name)) {
            return;
        }
        Configuration.nearest(name, known).ifPresent(nearest -> {
            throw Problem.of(
                            ProblemCode.NOT_FOUND,
                            role() + " '" + machine.name() + "' has no volume '" + name + "'",
                            "Did you mean '" + nearest + "'? For a new volume of that name, " + how)
                    .asException();
        });
    }

    /** Asked before any work is done for a restore into the volume, which need not be there yet. */
    void requireFree(HostVolume volume, EngineTarget.InUse inUse) {
        if (folder(volume).isEmpty()) {
            targetOfEngine(volume, inUse).ifPresent(EngineTarget::requireFree);
        }
    }

    private Optional<EngineTarget> targetOfEngine(HostVolume volume, EngineTarget.InUse inUse) {
        return EngineTarget.find(engine(volume), volume.name(), inUse, state(), notices);
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
        Optional<EngineTarget> found = EngineTarget.find(engine, volume.name(), inUse, state(), notices);
        if (found.isPresent()) {
            return found.get();
        }
        requireNoSlip(volume.name(), FIRST_CREATE + volume.name() + "`.");
        return EngineTarget.make(
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
                notices);
    }

    /** What a dry run compares with: a volume that the engine lacks is a folder that is not there. */
    Target targetUntouched(HostVolume volume) {
        Optional<Path> folder = folder(volume);
        if (folder.isPresent()) {
            return new FolderTarget(folder.get());
        }
        Optional<EngineTarget> found = targetOfEngine(volume, EngineTarget.InUse.IGNORE);
        if (found.isPresent()) {
            return found.get();
        }
        requireNoSlip(volume.name(), FIRST_CREATE + volume.name() + "`.");
        notices.accept("volume '" + volume.name() + "' would be made");
        return new FolderTarget(state().resolve("volumes-not-made").resolve(volume.name()));
    }

    /** Empty when the engine is to be asked. */
    private Optional<Path> folder(HostVolume volume) {
        Optional<Path> said = volume.path().value();
        if (said.isEmpty()) {
            return said;
        }
        boolean givesWay = volume.inRoot() && !Files.exists(said.get()) && isOfEngine(volume.name());
        return givesWay ? Optional.empty() : said;
    }

    /** Throws for a slip of the pen: what is read must be named. */
    private void requireNamed(HostVolume volume) {
        if (volume.path().value().isEmpty()) {
            machine.configuration().volume(volume.name());
        }
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
        return EngineAddress.find(environment);
    }

    private Engine engine(HostVolume volume) {
        return Engine.connect(address().orElseThrow(() -> {
            requireNamed(volume);
            return missing(volume);
        }));
    }

    private String role() {
        return machine.isServer() ? "server" : "client";
    }

    private HoldfastException missing(HostVolume volume) {
        String root = machine.isServer() ? "" : ", or the client a `volume_root` whose sub-folders are its volumes";
        return Problem.of(
                        ProblemCode.NOT_FOUND,
                        "volume '" + volume.name() + "' is nowhere on " + role() + " '" + machine.name()
                                + "': it has no folder, and no container engine has it",
                        "In " + machine.configuration().file() + ", give the volume a `path`" + root
                                + "; or start the container engine.")
                .asException();
    }
}
