package dev.holdfast.agent.engine;

import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where the files of an engine's volume are on this machine.
 *
 * <p>A plain volume is the folder that the engine names. A volume with mount options (tmpfs, bind, NFS, a device), or of another
 * driver, is mounted there only while a container uses it; at other times the folder is there and empty. Reading it then would
 * make a backup of nothing, so it is not read: {@link #requireThere} is asked before and once more when the folder is open.
 */
public final class VolumeData {
    /** A folder made in its place would be read as a volume without files, and the snapshot of that called safe. */
    private static final String READ =
            "Is the disk or share that it is on not mounted? Mount it, and run this again; do not make an empty folder instead.";

    private static final String FILLED = "If it is on a disk or share, mount that; else make it: `mkdir -p FOLDER`.";

    private final EngineVolume volume;
    private final Path folder;
    private final boolean mounted;

    private VolumeData(EngineVolume volume, Path folder, boolean mounted) {
        this.volume = volume;
        this.folder = folder;
        this.mounted = mounted;
    }

    /** For reading. Throws {@code NOT_FOUND} when the files are not on this machine or not there now, with what to do. */
    public static VolumeData locate(EngineVolume volume) {
        VolumeData data = of(volume, MountTable.now());
        data.requireThere();
        return data;
    }

    /** The same for writing: the files of a volume that is a folder elsewhere may come into a new one. */
    public static VolumeData locateToFill(EngineVolume volume) {
        VolumeData data = of(volume, MountTable.now());
        data.requireThere(FILLED);
        return data;
    }

    /**
     * Throws as {@link #locate} would, for a volume that is not made yet. Of a plain one nothing can be said: the engine chooses its
     * folder.
     */
    public static void requireUsable(EngineVolume planned) {
        if (planned.isPlain()) {
            return;
        }
        Path bound = planned.bound().orElseThrow(() -> mountedInUseOnly(planned));
        VolumeData data = new VolumeData(planned, bound, false);
        data.requireThere(FILLED);
        if (!data.isEmpty()) {
            throw data.somebodysFolder();
        }
    }

    /** Whether the folder is there and nothing is in it. */
    public boolean isEmpty() {
        return isEmpty(folder);
    }

    static boolean isEmpty(Path folder) {
        try (Stream<Path> children = Files.list(folder)) {
            return children.findAny().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    /** Another volume may be the same folder, and containers write to that. */
    private HoldfastException somebodysFolder() {
        return Problem.of(
                        ProblemCode.FAILED,
                        "volume '" + volume.name() + "' would be the folder " + folder
                                + " (o=bind), like the one that was backed up, and that is not empty",
                        "Restore into a folder with `--to`. Or, if these files are to be replaced, make the volume yourself (`"
                                + volume.program() + " volume create --opt type=none --opt o=bind --opt device="
                                + folder + " "
                                + volume.name() + "`) and give the same restore again.")
                .asException();
    }

    private static VolumeData of(EngineVolume volume, MountTable mounts) {
        boolean there = mounts.isMountPoint(volume.mountpoint());
        return volume.bound()
                .filter(bound -> !there)
                .map(bound -> new VolumeData(volume, bound, false))
                .orElseGet(() -> new VolumeData(volume, volume.mountpoint(), !volume.isPlain()));
    }

    /** The folder with the files. */
    public Path folder() {
        return folder;
    }

    /** Whether the folder can be exchanged as a whole: it is no mount and nobody else's. */
    public boolean isPlain() {
        return volume.isPlain();
    }

    /** Whether the files stay when no container uses the volume: a tmpfs is lost with its last mount. */
    public boolean staysAlone() {
        return !mounted;
    }

    /** Throws {@code NOT_FOUND} when the folder does not show the volume's files at this moment. */
    public void requireThere() {
        requireThere(READ);
    }

    private void requireThere(String whenDeviceIsMissing) {
        if (volume.fromContainer() && !isMountedIntoContainer()) {
            throw notMounted();
        }
        if (!Files.isDirectory(folder)) {
            throw volume.bound().isPresent() ? deviceMissing(whenDeviceIsMissing) : notHere();
        }
        if (mounted && !MountTable.now().isMountPoint(folder)) {
            throw Problem.of(
                            ProblemCode.NOT_FOUND,
                            "the files of volume '" + volume.name() + "' (" + kind(volume)
                                    + ") cannot be seen now: it is mounted" + " only while a container uses it",
                            "Start a container that uses it and run this again." + propagated())
                    .asException();
        }
    }

    /** What lies in the container's own file system is not the volume, even under the same path. */
    private boolean isMountedIntoContainer() {
        try {
            return Files.isDirectory(folder) && MountTable.now().isBelowMountPoint(folder.toRealPath());
        } catch (IOException e) {
            throw new UncheckedIOException("the path " + folder + " cannot be followed", e);
        }
    }

    private HoldfastException notMounted() {
        Path toMount = folder.endsWith("_data") ? folder.resolve("../..").normalize() : folder;
        return Problem.of(
                        ProblemCode.NOT_FOUND,
                        "the files of volume '" + volume.name()
                                + "' are not in this container: the engine keeps them in " + folder
                                + " of its host, which is not mounted here",
                        "Start this container with `-v " + toMount + ":" + toMount
                                + ":ro`, for restores without `:ro`.")
                .asException();
    }

    private String propagated() {
        return volume.fromContainer()
                ? " What is mounted later shows in this container only when the folder of the engine's volumes is mounted with"
                        + " `rslave`."
                : "";
    }

    private HoldfastException notHere() {
        return Problem.of(
                        ProblemCode.NOT_FOUND,
                        "the files of volume '" + volume.name() + "' are not on this machine: the engine keeps them in "
                                + folder + ", which is not here",
                        "Run on the machine of the engine.")
                .asException();
    }

    private HoldfastException deviceMissing(String hint) {
        return Problem.of(
                        ProblemCode.NOT_FOUND,
                        "volume '" + volume.name() + "' is the folder " + folder + " (o=bind), which is not there",
                        hint.replace("FOLDER", folder.toString())
                                + " If the engine is on another machine, run this on that machine.")
                .asException();
    }

    /** The engine mounts it when a container that uses it starts, and not for anybody else. */
    private static HoldfastException mountedInUseOnly(EngineVolume planned) {
        String options = planned.options().entrySet().stream()
                .map(option -> "--opt " + option.getKey() + "=" + option.getValue() + " ")
                .collect(Collectors.joining());
        return Problem.of(
                        ProblemCode.NOT_FOUND,
                        "volume '" + planned.name() + "' would be one (" + kind(planned)
                                + ") that is mounted only while a container uses it",
                        "Make it yourself (`" + planned.program() + " volume create --driver " + planned.driver() + " "
                                + options
                                + planned.name()
                                + "`), start a container that uses it, and restore with `--force`; or restore"
                                + " into another volume with `--to-volume`, into a folder with `--to DIR`.")
                .asException();
    }

    private static String kind(EngineVolume volume) {
        String type = volume.options().getOrDefault("type", "");
        return type.isEmpty() || type.equals("none") ? "driver " + volume.driver() : type;
    }
}
