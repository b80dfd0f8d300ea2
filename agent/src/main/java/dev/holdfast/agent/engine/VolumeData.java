package dev.holdfast.agent.engine;

import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Where the files of an engine's volume are on this machine.
 *
 * <p>A plain volume is the folder that the engine names. A volume with mount options (tmpfs, bind, NFS, a device), or of another
 * driver, is mounted there only while a container uses it; at other times the folder is there and empty. Reading it then would
 * make a backup of nothing, so it is not read: {@link #requireThere} is asked before and once more when the folder is open.
 */
public final class VolumeData {
    private final EngineVolume volume;
    private final Path folder;
    private final boolean mounted;

    private VolumeData(EngineVolume volume, Path folder, boolean mounted) {
        this.volume = volume;
        this.folder = folder;
        this.mounted = mounted;
    }

    /** Throws {@code NOT_FOUND} when the files are not on this machine or not there now, with what to do. */
    public static VolumeData locate(EngineVolume volume) {
        VolumeData data = of(volume, MountTable.now());
        data.requireThere();
        return data;
    }

    private static VolumeData of(EngineVolume volume, MountTable mounts) {
        boolean there = mounts.isMountPoint(volume.mountpoint());
        if (!volume.isPlain() && !there && isBind(volume)) {
            return new VolumeData(volume, Path.of(volume.options().getOrDefault("device", "/")), false);
        }
        return new VolumeData(volume, volume.mountpoint(), !volume.isPlain());
    }

    private static boolean isBind(EngineVolume volume) {
        String device = volume.options().getOrDefault("device", "");
        return volume.driver().equals(EngineVolume.LOCAL)
                && device.startsWith("/")
                && Arrays.stream(volume.options().getOrDefault("o", "").split(","))
                        .anyMatch(option -> option.equals("bind") || option.equals("rbind"));
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
        if (volume.fromContainer() && !isMountedIntoContainer()) {
            throw notMounted();
        }
        if (!Files.isDirectory(folder)) {
            throw Problem.of(
                            ProblemCode.NOT_FOUND,
                            "the files of volume '" + volume.name()
                                    + "' are not on this machine: the engine keeps them in " + folder
                                    + ", which is not here",
                            "Run on the machine of the engine.")
                    .asException();
        }
        if (mounted && !MountTable.now().isMountPoint(folder)) {
            throw Problem.of(
                            ProblemCode.NOT_FOUND,
                            "the files of volume '" + volume.name() + "' (" + kind()
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

    private String kind() {
        String type = volume.options().getOrDefault("type", "");
        return type.isEmpty() || type.equals("none") ? "driver " + volume.driver() : type;
    }
}
