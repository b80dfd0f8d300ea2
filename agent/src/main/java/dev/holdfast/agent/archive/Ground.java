package dev.holdfast.agent.archive;

import dev.holdfast.agent.files.Directory;
import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.agent.files.FileSystemView;
import dev.holdfast.agent.files.NameCursor;
import dev.holdfast.agent.files.UnfinishedImport;
import dev.holdfast.agent.restore.MetadataPolicy;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * The place of a new volume. Everything is made in a folder of its own inside it, which works also where the volume is a mounted file
 * system; when that is whole and on the disk, its names move up by renames. Until {@link #keep}, closing undoes everything.
 */
final class Ground implements AutoCloseable {
    private static final byte[] STAGE = UnfinishedImport.name();

    private final Path path;
    private final Deque<Path> made;
    private final Directory target;
    private final Directory stage;
    private final List<byte[]> moved = new ArrayList<>();
    private boolean kept;

    private Ground(Path path, Deque<Path> made, Directory target, Directory stage) {
        this.path = path;
        this.made = made;
        this.target = target;
        this.stage = stage;
    }

    /** Throws unless the target is missing or an empty folder; changes nothing. */
    static void requireFree(FileSystemView files, Path path) {
        if (!Files.exists(path)) {
            return;
        }
        try (Directory target = files.openRoot(path)) {
            requireEmpty(target, path);
        } catch (FileAccessException e) {
            throw unusable(path, e);
        }
    }

    private static void requireEmpty(Directory target, Path path) throws FileAccessException {
        NameCursor names = target.names(NameCursor.WINDOW_BYTES);
        if (!names.hasNext()) {
            return;
        }
        if (UnfinishedImport.isIn(target)) {
            throw UnfinishedImport.problem(
                            path.toString(), "If none is running, remove what it left: `" + removal(names, path) + "`.")
                    .asException();
        }
        throw Problem.of(
                        ProblemCode.FAILED,
                        path + " is there already and not empty",
                        "Import makes a new volume: choose another name, or move that one out of the way.")
                .asException();
    }

    /** A killed import may have begun to put names in their place. */
    private static String removal(NameCursor names, Path path) throws FileAccessException {
        var unused = names.next();
        return names.hasNext()
                ? "find " + path + " -mindepth 1 -delete"
                : "rm -r " + path + "/" + UnfinishedImport.NAME;
    }

    /** Makes the folder if it is missing, and the stage in it. */
    static Ground prepare(FileSystemView files, Path path) {
        requireFree(files, path);
        Deque<Path> made = makeFolders(path);
        try {
            Directory target = files.openRoot(path);
            try {
                requireEmpty(target, path);
                target.createDirectory(STAGE);
                return new Ground(path, made, target, target.openDirectory(STAGE));
            } catch (FileAccessException | HoldfastException e) {
                target.close();
                throw e;
            }
        } catch (FileAccessException e) {
            removeFolders(made);
            throw unusable(path, e);
        } catch (HoldfastException e) {
            removeFolders(made);
            throw e;
        }
    }

    /** Returns what had to be made, the deepest first. */
    private static Deque<Path> makeFolders(Path path) {
        Deque<Path> missing = new ArrayDeque<>();
        for (Path at = path; at != null && !Files.exists(at); at = at.getParent()) {
            missing.addLast(at);
        }
        try {
            Files.createDirectories(path);
        } catch (IOException e) {
            removeFolders(missing);
            throw unusable(path, e);
        }
        return missing;
    }

    /** Only what is empty goes. */
    private static void removeFolders(Deque<Path> made) {
        for (Path folder : made) {
            try {
                Files.deleteIfExists(folder);
            } catch (IOException e) {
                return; // somebody uses it by now
            }
        }
    }

    private static HoldfastException unusable(Path path, IOException e) {
        return new HoldfastException(
                Problem.of(
                        ProblemCode.IO,
                        "volume " + path + " cannot be made: " + e.getMessage(),
                        "Choose a folder that may be written with `--to`."),
                e);
    }

    static void requireNotStage(EntryPath path) throws MalformedArchiveException {
        EntryPath top = path;
        while (!top.isRoot() && !top.parent().isRoot()) {
            top = top.parent();
        }
        if (Arrays.equals(top.name(), STAGE)) {
            throw new MalformedArchiveException("it has a '" + top + "', which an import needs for itself");
        }
    }

    /** The folder in which everything is made. */
    Directory stage() {
        return stage;
    }

    /** Returns when everything that was made is on the disk. */
    void sync() throws FileAccessException {
        stage.syncFileSystem();
    }

    /** Everything is made and on the disk: lets it take its place. */
    void settle() throws FileAccessException {
        NameCursor names = stage.names(NameCursor.WINDOW_BYTES);
        while (names.hasNext()) {
            byte[] name = names.next();
            requireNobodyElse(name);
            stage.rename(name, target, name);
            moved.add(name);
        }
        target.removeDirectory(STAGE);
    }

    private void requireNobodyElse(byte[] name) throws FileAccessException {
        try {
            target.status(name);
        } catch (FileAccessException e) {
            if (e.notFound()) {
                return;
            }
            throw e;
        }
        throw Problem.of(
                        ProblemCode.BUSY,
                        "somebody else made '" + EntryPath.printable(name) + "' in " + path + " meanwhile",
                        "Import again when nobody uses the volume.")
                .asException();
    }

    void give(Entry root, MetadataPolicy policy) throws FileAccessException {
        policy.apply(EntryPath.ROOT, policy.of(root), target.attributes(), false);
    }

    /** It stays. */
    void keep() throws FileAccessException {
        target.syncFileSystem();
        kept = true;
    }

    @Override
    public void close() {
        stage.close();
        if (!kept) {
            for (byte[] name : moved) {
                remove(name);
            }
            remove(STAGE);
        }
        target.close();
        if (!kept) {
            removeFolders(made);
        }
    }

    private void remove(byte[] name) {
        try {
            target.removeTree(name);
        } catch (FileAccessException e) {
            // What led here is reported; the next import says that something is left, and how to remove it.
        }
    }
}
