package dev.holdfast.keys.store;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where private files may lie, by the rule of ssh's {@code StrictModes}: the file and the folders that are private with it (up to a
 * machine's state folder, or {@code machines} in a key store) are for their owner alone, and nobody but that owner and root can
 * exchange anything on the way to them. So every folder above, up to the root, belongs to one of the two and nobody else may write to
 * it. Sticky folders such as {@code /tmp} may be written to by all, since what is in them can
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
    static void requireFile(Path file, Path top, String machine) throws IOException {
        if (!AtomicFile.hasPermissions(file)) {
            return;
        }
        List<Path> wide = wide(file, top);
        if (!wide.isEmpty()) {
            throw tooWide(wide.get(0), machine);
        }
        requireWay(AtomicFile.parentOf(file));
    }

    /** Whether others than its owner may use a file that somebody named. Pipes and devices belong to whoever has opened them. */
    public static boolean isWide(Path file) throws IOException {
        return AtomicFile.hasPermissions(file) && Files.isRegularFile(file) && isWideHere(file);
    }

    private static boolean isWideHere(Path path) throws IOException {
        return Files.getPosixFilePermissions(path).stream().anyMatch(OTHERS::contains);
    }

    /** Of a private file and the folders above it, up to and with {@code top}, those that others may use. */
    public static List<Path> wide(Path file, Path top) throws IOException {
        List<Path> wide = new ArrayList<>();
        if (AtomicFile.hasPermissions(file)) {
            addIfWide(file, wide);
            for (Path folder : folders(file, top)) {
                addIfWide(folder, wide);
            }
        }
        return wide;
    }

    /** The folders that are private with a file, the innermost first. */
    static List<Path> folders(Path file, Path top) throws IOException {
        List<Path> folders = new ArrayList<>();
        Path last = top.toAbsolutePath().normalize();
        for (Path at = AtomicFile.parentOf(file).normalize(); at != null && at.startsWith(last); at = at.getParent()) {
            folders.add(at);
        }
        return folders;
    }

    private static void addIfWide(Path path, List<Path> wide) throws IOException {
        if (Files.exists(path) && isWideHere(path)) {
            wide.add(path);
        }
    }

    /** Throws {@code UNSAFE_PERMISSIONS} when somebody else may change the file or folder, or exchange it. */
    public static void requireUnchanged(Path path) throws IOException {
        if (path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            requireWay(path, "", path.toRealPath());
        }
    }

    /** Throws {@code UNSAFE_PERMISSIONS} when somebody else may exchange the folder, or one above it. */
    public static void requireWay(Path folder) throws IOException {
        if (!folder.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return;
        }
        requireWay(folder, "the private folder ", folder.toRealPath().getParent());
    }

    private static void requireWay(Path folder, String kind, @Nullable Path from) throws IOException {
        int owner = (Integer) Files.getAttribute(folder.toRealPath(), "unix:uid");
        for (Path above = from; above != null; above = above.getParent()) {
            Map<String, Object> facts = Files.readAttributes(above, "unix:mode,uid");
            int holder = (Integer) facts.getOrDefault("uid", ROOT);
            int mode = (Integer) facts.getOrDefault("mode", 0);
            if (holder != ROOT && holder != owner) {
                String user = Files.getOwner(above).getName();
                throw unsafe(kind + folder, above + " belongs to user " + user, asThatUser(folder, owner, user));
            }
            boolean groupWrites = (mode & GROUP_WRITE) != 0 && !groupIsOwners(above);
            if ((mode & STICKY) == 0 && (groupWrites || (mode & OTHERS_WRITE) != 0)) {
                throw unsafe(
                        kind + folder,
                        "others may write to " + above,
                        "Run `chmod go-w '" + above
                                + "'`, or move it to where only its owner and root may change folders.");
            }
        }
    }

    /** Root made it in somebody's folder, most likely that person under sudo: that user can have it, but root cannot rely on it there. */
    private static String asThatUser(Path folder, int owner, String user) {
        String move = "ove it to where only its owner and root may change folders.";
        return owner != ROOT
                ? "M" + move
                : "If you are " + user + " under `sudo`, run `sudo chown -R " + user + " '" + folder
                        + "'` and the same command without `sudo`; else m" + move;
    }

    private static boolean groupIsOwners(Path folder) throws IOException {
        PosixFileAttributes facts = Files.readAttributes(folder, PosixFileAttributes.class);
        return facts.group().getName().equals(facts.owner().getName());
    }

    private static KeyException unsafe(String what, String why, String hint) {
        return new KeyException(Reason.UNSAFE_PERMISSIONS, "others may exchange " + what + ": " + why, hint);
    }

    private static KeyException tooWide(Path path, String machine) throws IOException {
        return new KeyException(
                Reason.UNSAFE_PERMISSIONS,
                "others may use " + path + " (" + PosixFilePermissions.toString(Files.getPosixFilePermissions(path))
                        + ")",
                "Run `chmod " + (Files.isDirectory(path) ? "700" : "600") + " '" + path.toAbsolutePath()
                        + "'`, and if somebody may have read it, `holdfast keygen --rotate " + machine + "`.");
    }
}
