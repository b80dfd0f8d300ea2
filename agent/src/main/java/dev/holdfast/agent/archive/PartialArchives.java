package dev.holdfast.agent.archive;

import dev.holdfast.agent.files.Directory;
import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.agent.files.FileWriter;
import dev.holdfast.agent.files.Listing;
import dev.holdfast.agent.files.PrintableName;
import dev.holdfast.agent.files.Status;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * What archives are called while they are written, and how they are told from what a killed export has left: whoever is at work has
 * the file locked, and the kernel lets go of the lock with the process.
 *
 * <p>A lock belongs to a file, not to its name. So whoever has locked one looks whether the name still is that of the file, both who
 * has just made it and who is about to remove it; then neither takes away what the other has.
 */
final class PartialArchives {
    /** Nobody else's: with the time that is in the name of every archive. */
    private static final Pattern NAME =
            Pattern.compile("\\..+-\\d{8}-\\d{6}\\.tar(\\.\\w+)?\\.partial", Pattern.DOTALL);

    private PartialArchives() {}

    static byte[] nameFor(String archive) {
        return ("." + archive + ".partial").getBytes(StandardCharsets.UTF_8);
    }

    /** Makes the file, which then is the caller's; {@link FileAccessException#exists()} when another export is writing it. */
    static FileWriter create(Directory folder, byte[] name) throws FileAccessException {
        while (true) {
            FileWriter made = folder.createFile(name);
            try {
                if (isOurs(folder, name, made)) {
                    return made;
                }
            } catch (FileAccessException e) {
                if (e.notFound()) {
                    made.close();
                    continue;
                }
                // A file system without locks: nobody can take one there, and so nobody takes the file away.
                return made;
            }
            made.close();
        }
    }

    private static boolean isOurs(Directory folder, byte[] name, FileWriter open) throws FileAccessException {
        return open.tryLock() && folder.status(name).sameFile(open.status());
    }

    /** Removes those of the folder that nobody is at work on, and says so; {@code own} is one, too, whatever it is called. */
    static void sweep(Directory folder, byte[] own, Consumer<String> notices) throws FileAccessException {
        Listing names = folder.scan();
        for (int rank = 0; rank < names.size(); rank++) {
            byte[] name = names.name(rank);
            String text = new String(name, StandardCharsets.ISO_8859_1);
            if (names.compare(rank, own) == 0 || NAME.matcher(text).matches()) {
                remove(folder, name, notices);
            }
        }
    }

    private static void remove(Directory folder, byte[] name, Consumer<String> notices) {
        try (FileWriter left = folder.openForWriting(name)) {
            Status status = left.status();
            if (isOurs(folder, name, left)) {
                folder.removeFile(name);
                notices.accept("removed " + PrintableName.of(name) + " (" + status.size()
                        + " bytes), which an export that did not come to its end had left");
            }
        } catch (FileAccessException e) {
            if (!e.notFound()) {
                notices.accept("warning: " + PrintableName.of(name)
                        + ", which an export may have left that did not come to its end, stays: " + e.getMessage());
            }
        }
    }
}
