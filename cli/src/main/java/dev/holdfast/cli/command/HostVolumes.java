package dev.holdfast.cli.command;

import dev.holdfast.agent.engine.Engine;
import dev.holdfast.agent.engine.SharedFolder;
import dev.holdfast.agent.hook.VolumeHooks;
import dev.holdfast.agent.marker.UnfinishedRestore;
import dev.holdfast.agent.source.EngineProperties;
import dev.holdfast.agent.source.EngineSource;
import dev.holdfast.agent.source.EngineTarget;
import dev.holdfast.agent.source.FolderSource;
import dev.holdfast.agent.source.FolderTarget;
import dev.holdfast.agent.source.HeldFolder;
import dev.holdfast.agent.source.InUse;
import dev.holdfast.agent.source.PlannedTarget;
import dev.holdfast.agent.source.Source;
import dev.holdfast.agent.source.Target;
import dev.holdfast.agent.standstill.Standstill;
import dev.holdfast.cli.machine.KeyProblem;
import dev.holdfast.cli.machine.Machine;
import dev.holdfast.cli.machine.VolumePlaces;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Consistency;
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

/** The volumes of this host, as backups read them and restores fill them; {@link VolumePlaces} knows where they are. */
final class HostVolumes {
    private static final String FIRST = "without --dry-run that is done first";

    private final Machine machine;
    private final VolumePlaces places;
    private final Consumer<String> notices;
    private final Consumer<Problem> alarms;

    HostVolumes(Session session, Machine machine) {
        this(session.environment(), machine, session::remark, session::alarm);
    }

    /** {@code notices} is told what is done to containers and volumes, {@code alarms} what could not be put right. */
    HostVolumes(Map<String, String> environment, Machine machine, Consumer<String> notices, Consumer<Problem> alarms) {
        this.machine = machine;
        this.places = new VolumePlaces(environment, machine);
        this.notices = notices;
        this.alarms = alarms;
    }

    /** Starts containers again that a killed run of this machine left stopped, and runs hooks that it owes; what fails is only told. */
    void recover() {
        attempt(() -> Standstill.recover(state(), notices));
        attempt(() -> VolumeHooks.left(state())
                .forEach(name -> attempt(() -> hooks(machine.volume(name)).recover())));
    }

    /** For a dry run: says what {@link #recover} would do first. */
    void foretellRecovery() {
        attempt(() -> {
            List<String> asleep = Standstill.left(state());
            if (!asleep.isEmpty()) {
                notices.accept(
                        "an interrupted run has not put back as it was: " + Standstill.named(asleep) + "; " + FIRST);
            }
        });
        attempt(() -> UnfinishedRestore.in(state())
                .forEach(restore -> Standstill.keptFor(restore.target(), state())
                        .forEach(name -> notices.accept("container '" + name + "' stays stopped: "
                                + restore.problem().message()))));
        attempt(() -> VolumeHooks.owed(state())
                .forEach(name -> notices.accept(
                        "an interrupted backup of '" + name + "' has not run its hook `after`; " + FIRST)));
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
        places.requireNamed(volume);
        Optional<Path> folder = chosenFolder(volume);
        if (folder.isPresent()) {
            requireWhole(volume, folder.get());
            return hooks(volume).around(ofFolder(volume, folder.get()));
        }
        EngineSource source = ofEngine(volume);
        requireWhole(volume, source.untouched().freeze().root());
        return hooks(volume).around(source);
    }

    /** Most folders are nobody's but the host's: containers count when the configuration or a label of one of them says so. */
    private Source ofFolder(HostVolume volume, Path folder) {
        Consistency consistency = volume.consistency().value();
        SharedFolder shared = places.shared(folder);
        Supplier<Optional<Engine>> engine = consistency == Consistency.LIVE
                ? () -> places.engineWithLabels(shared, notices)
                : () -> places.engineAtHand(folder, notices);
        return new HeldFolder(shared, engine, consistency, state(), notices);
    }

    private void requireWhole(HostVolume volume, Path root) {
        UnfinishedRestore.requireWhole(state(), volume.name(), root, notices);
    }

    /** The same for a look: no container is held still and no hook runs. */
    Source untouched(HostVolume volume) {
        places.requireNamed(volume);
        Optional<Path> folder = chosenFolder(volume);
        return folder.isPresent()
                ? new FolderSource(folder.get())
                : ofEngine(volume).untouched();
    }

    private EngineSource ofEngine(HostVolume volume) {
        return new EngineSource(
                places.engine(volume), volume.name(), volume.consistency().value(), state(), notices);
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
        places.requireNamed(volume);
        return places.folder(volume).orElseGet(() -> places.inEngine(volume));
    }

    /** The same, but {@code NOT_FOUND} also for a folder that is not there. */
    Path existing(HostVolume volume) {
        Path folder = live(volume);
        if (!Files.isDirectory(folder)) {
            throw Problem.of(
                            ProblemCode.NOT_FOUND,
                            "volume '" + volume.name() + "' is not on " + machine.role() + " '" + machine.name() + "': "
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
        Optional<Path> made = places.folder(volume).filter(folder -> !Files.exists(folder));
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
                            machine.role() + " '" + machine.name() + "' has no volume '" + name + "'",
                            "Did you mean '" + nearest + "'? For a new volume of that name, " + how)
                    .asException();
        });
    }

    /** Where a restore of the volume would go if it is there already: a first look, which tells nothing. */
    Optional<? extends Target> present(HostVolume volume, InUse inUse) {
        Optional<Path> folder = places.folder(volume);
        return folder.isPresent()
                ? folder.map(path -> present(path, inUse))
                : EngineTarget.find(places.engine(volume), volume.name(), inUse, state(), toldLater -> {});
    }

    /** The same of a mere folder. */
    Target present(Path folder, InUse inUse) {
        return targetFolder(folder, inUse, toldLater -> {});
    }

    /** A folder that a restore goes to, be it a volume or not. */
    Target targetFolder(Path folder, InUse inUse) {
        return targetFolder(folder, inUse, notices);
    }

    private Target targetFolder(Path folder, InUse inUse, Consumer<String> notices) {
        return new FolderTarget(
                places.shared(folder), () -> places.engineAtHand(folder, notices), inUse, state(), notices);
    }

    private static String firstMakeIt(Engine engine, HostVolume volume) {
        return "first make it: `" + engine.program() + " volume create " + volume.name() + "`.";
    }

    /** What is done about a volume of the engine that has another driver or other options than the one that was backed up. */
    enum Unlike {
        REFUSE,
        /** It is only told. */
        TELL,
        IGNORE
    }

    /** What a restore may do to a volume of the engine. */
    record Consent(InUse inUse, Unlike unlike) {}

    /**
     * Where a restore of the volume goes; a volume that the engine lacks is made.
     *
     * @param recorded what the snapshot says of the volume
     */
    Target target(
            HostVolume volume,
            Consent consent,
            SnapshotRecord snapshot,
            Supplier<Optional<EngineProperties>> recorded) {
        Optional<Target> there = targetThere(volume, consent, recorded);
        if (there.isPresent()) {
            return there.get();
        }
        Engine engine = places.engine(volume);
        requireNoSlip(volume.name(), firstMakeIt(engine, volume));
        return EngineTarget.make(
                engine,
                volume.name(),
                recorded.get(),
                Map.of(
                        "holdfast.restored-from",
                        snapshot.host() + "/" + snapshot.volume(),
                        "holdfast.snapshot",
                        snapshot.id()),
                consent.inUse(),
                state(),
                notices);
    }

    /** The folder, or the volume that the engine has. */
    private Optional<Target> targetThere(
            HostVolume volume, Consent consent, Supplier<Optional<EngineProperties>> recorded) {
        Optional<Path> folder = chosenFolder(volume);
        if (folder.isPresent()) {
            return Optional.of(targetFolder(folder.get(), consent.inUse()));
        }
        Engine engine = places.engine(volume);
        Optional<EngineTarget> found = EngineTarget.find(engine, volume.name(), consent.inUse(), state(), notices);
        found.flatMap(target -> unlike(target, volume, consent.unlike(), recorded))
                .ifPresent(difference -> {
                    if (consent.unlike() == Unlike.REFUSE) {
                        throw refusal(engine, volume, difference).asException();
                    }
                    notices.accept("warning: " + difference);
                });
        return found.map(target -> target);
    }

    private static Optional<String> unlike(
            EngineTarget target, HostVolume volume, Unlike consent, Supplier<Optional<EngineProperties>> recorded) {
        return consent == Unlike.IGNORE
                ? Optional.empty()
                : recorded.get()
                        .flatMap(target::unlike)
                        .map(difference ->
                                "volume '" + volume.name() + "' is not like the one that was backed up: " + difference);
    }

    private static Problem refusal(Engine engine, HostVolume volume, String difference) {
        return Problem.of(
                ProblemCode.FAILED,
                difference,
                "`--keep-options` restores into it as it is. Else remove it (`" + engine.program() + " volume rm "
                        + volume.name()
                        + "`), and the restore makes it as it was; or restore into another with `--to-volume`.");
    }

    /** What a dry run compares with: a volume that the engine lacks is a folder that is not there. It is refused what would be. */
    Target targetUntouched(HostVolume volume, Consent consent, Supplier<Optional<EngineProperties>> recorded) {
        Optional<Target> there = targetThere(volume, consent, recorded);
        if (there.isPresent()) {
            return there.get();
        }
        Engine engine = places.engine(volume);
        requireNoSlip(volume.name(), firstMakeIt(engine, volume));
        EngineTarget.requireMakeable(engine, volume.name(), recorded.get());
        return new PlannedTarget(
                state().resolve("volumes-not-made").resolve(volume.name()),
                "volume '" + volume.name() + "' of the container engine, which would be made");
    }

    /** Empty when the engine is to be asked; says when a folder passes over a volume of the engine. */
    private Optional<Path> chosenFolder(HostVolume volume) {
        Optional<Path> folder = places.folder(volume);
        if (folder.isPresent() && places.hidesEngines(volume)) {
            notices.accept("warning: volume '" + volume.name() + "' is the folder " + folder.get() + "; "
                    + VolumePlaces.HIDES + ". " + VolumePlaces.HIDES_HINT);
        }
        return folder;
    }
}
