package dev.holdfast.keys.store;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Where private files may lie, by the rule of ssh's {@code StrictModes}: the file and its folder are for their owner alone, and
 * nobody but that owner and root can exchange anything on the way to them. So every folder above, up to the root, belongs to one of
 * the two and nobody else may write to it. Sticky folders such as {@code /tmp} may be written to by all, since what is in them can
 * be exchanged by its owner only; and a folder's group may write when it is called as its owner, which is how systems name a user's
 * own group.
 */
public final class PrivatePlace {
    private static final int GROUP_WRITE = 0020;
    private static final int OTHERS_WRITE = 0002;
    private static final int STICKY = 01000;
    private static final int ROOT = 0;
    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE);

    private PrivatePlace() {}

    /** Throws {@code UNSAFE_PERMISSIONS} when others may use the private file of a machine, or may exchange it. */
    static void requireFile(Path file, String machine) throws IOException {
        if (!AtomicFile.hasPermissions(file)) {
            return;
        }
        Path folder = AtomicFile.parentOf(file);
        refuseWide(file, "600", machine);
        refuseWide(folder, "700", machine);
        requireWay(folder);
    }

    /** Throws {@code UNSAFE_PERMISSIONS} when somebody else may exchange the folder, or one above it. */
    public static void requireWay(Path folder) throws IOException {
        if (!folder.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return;
        }
        Path real = folder.toRealPath();
        int owner = (Integer) Files.getAttribute(real, "unix:uid");
        for (Path above = real.getParent(); above != null; above = above.getParent()) {
            Map<String, Object> facts = Files.readAttributes(above, "unix:mode,uid");
            int holder = (Integer) facts.getOrDefault("uid", ROOT);
            int mode = (Integer) facts.getOrDefault("mode", 0);
            if (holder != ROOT && holder != owner) {
                throw unsafe(
                        folder,
                        above + " belongs to user " + Files.getOwner(above).getName(),
                        "Move it to where only its owner and root may change folders.");
            }
            boolean groupWrites = (mode & GROUP_WRITE) != 0 && !groupIsOwners(above);
            if ((mode & STICKY) == 0 && (groupWrites || (mode & OTHERS_WRITE) != 0)) {
                throw unsafe(
                        folder,
                        "others may write to " + above,
                        "Run `chmod go-w '" + above
                                + "'`, or move it to where only its owner and root may change folders.");
            }
        }
    }

    private static boolean groupIsOwners(Path folder) throws IOException {
        PosixFileAttributes facts = Files.readAttributes(folder, PosixFileAttributes.class);
        return facts.group().getName().equals(facts.owner().getName());
    }

    private static KeyException unsafe(Path folder, String why, String hint) {
        return new KeyException(
                Reason.UNSAFE_PERMISSIONS, "others may exchange the private folder " + folder + ": " + why, hint);
    }

    private static void refuseWide(Path path, String mode, String machine) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
        if (permissions.stream().anyMatch(OTHERS::contains)) {
            throw new KeyException(
                    Reason.UNSAFE_PERMISSIONS,
                    "others may use " + path + " (" + PosixFilePermissions.toString(permissions) + ")",
                    "Run `chmod " + mode + " '" + path.toAbsolutePath()
                            + "'`, and if somebody may have read it, `holdfast keygen --rotate " + machine + "`.");
        }
    }
}
