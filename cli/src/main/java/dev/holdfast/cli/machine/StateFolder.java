package dev.holdfast.cli.machine;

import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.keys.KeyName;
import dev.holdfast.keys.store.DirectoryKeyStore;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * What one machine keeps for itself: the folder of its name in the state directory, for its owner alone. Several machines may live
 * in one state directory.
 *
 * <pre>
 * STATE/NAME/keys/          the keys this machine needs, written by `configure` (see KeyNeeds)
 * STATE/NAME/joining/       the keys that this machine made, while it joins by an invitation
 * STATE/NAME/invitations/   who was invited by a server, and who joined
 * STATE/NAME/cache/         what can be made again
 * STATE/NAME/volumes/       locks of volumes that are being backed up or restored
 * STATE/NAME/server.log     log of a detached server
 * STATE/NAME/control.sock   through which a running server is asked and told
 * STATE/NAME/server.lock    held while the server runs
 * STATE/NAME/agent.log      log of a detached agent
 * STATE/NAME/agent.sock     through which a running agent is asked and told
 * STATE/NAME/agent.lock     held while the agent runs
 * STATE/NAME/schedule.json  what the schedule has done and owes
 * STATE/NAME/data/          what a server was given, when its configuration names no other folder
 * </pre>
 */
public record StateFolder(Path stateDirectory, String name) {
    private static final int GROUP_WRITE = 0020;
    private static final int OTHERS_WRITE = 0002;
    private static final int STICKY = 01000;

    public StateFolder {
        if (!KeyName.isPlain(name)) {
            throw Problem.of(
                            ProblemCode.USAGE,
                            "'" + name + "' cannot name a machine",
                            "Use the name of a server or client in the configuration.")
                    .asException();
        }
    }

    /** The machines that `configure` installed under a state directory, sorted. */
    public static List<String> installed(Path stateDirectory) {
        return all(stateDirectory).stream()
                .filter(StateFolder::isInstalled)
                .map(StateFolder::name)
                .toList();
    }

    /** Those of all machines under a state directory, also of one that is not installed any more, sorted by name. */
    public static List<StateFolder> all(Path stateDirectory) {
        try (Stream<Path> children = Files.list(stateDirectory)) {
            return children.filter(Files::isDirectory)
                    .map(child -> String.valueOf(child.getFileName()))
                    .filter(KeyName::isPlain)
                    .sorted()
                    .map(name -> new StateFolder(stateDirectory, name))
                    .toList();
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (IOException e) {
            throw unreadable("read", stateDirectory, e);
        }
    }

    public Path folder() {
        return stateDirectory.resolve(name);
    }

    public Path keys() {
        return folder().resolve("keys");
    }

    /** The keys that are installed, in folders that are private up to and with {@link #folder}. */
    public DirectoryKeyStore keyStore() {
        return DirectoryKeyStore.installed(keys(), folder());
    }

    /** Where the private keys lie from before a server is told the public ones until they are installed. */
    public DirectoryKeyStore joiningKeyStore() {
        return DirectoryKeyStore.installed(joining(), folder());
    }

    public Path joining() {
        return folder().resolve("joining");
    }

    public Path cache() {
        return folder().resolve("cache");
    }

    public Path serverLog() {
        return folder().resolve("server.log");
    }

    public Path controlSocket() {
        return folder().resolve("control.sock");
    }

    public Path serverLock() {
        return folder().resolve("server.lock");
    }

    public Path agentLog() {
        return folder().resolve("agent.log");
    }

    public Path data() {
        return folder().resolve("data");
    }

    public boolean isInstalled() {
        return Files.exists(keys().resolve("machines").resolve(name).resolve("ssh"));
    }

    /**
     * Makes the folder, for its owner only, and the one for caches in it. A state directory that others may write to, as the fresh
     * volumes of Kubernetes are, is closed to them while there is nothing in it that they could have put there.
     */
    public void create() {
        try {
            closeFresh(stateDirectory);
            for (Path path : List.of(folder(), cache())) {
                if (!Files.isDirectory(path)) {
                    createPrivate(path);
                }
            }
        } catch (IOException e) {
            throw unreadable("create", folder(), e);
        }
    }

    private static void closeFresh(Path directory) throws IOException {
        if (!Files.isDirectory(directory)
                || !directory.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return;
        }
        int mode = (Integer) Files.getAttribute(directory, "unix:mode");
        if ((mode & OTHERS_WRITE) == 0 || (mode & STICKY) != 0) {
            return;
        }
        try (Stream<Path> children = Files.list(directory)) {
            if (children.allMatch(child -> child.endsWith("lost+found"))) {
                Files.setAttribute(directory, "unix:mode", mode & ~(GROUP_WRITE | OTHERS_WRITE));
            }
        } catch (FileSystemException e) {
            // It belongs to somebody else: whoever reads or writes keys in it will say so.
        }
    }

    private static void createPrivate(Path path) throws IOException {
        if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(path);
        }
    }

    private static HoldfastException unreadable(String verb, Path path, IOException e) {
        return new HoldfastException(
                Problem.of(
                        ProblemCode.IO,
                        "cannot " + verb + " " + path + ": " + e.getClass().getSimpleName(),
                        "Check who owns it (`ls -ld " + path
                                + "`), or name another state directory with --state or HOLDFAST_STATE."),
                e);
    }
}
