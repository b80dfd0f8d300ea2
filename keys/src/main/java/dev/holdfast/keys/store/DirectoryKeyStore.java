package dev.holdfast.keys.store;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyException.Reason;
import dev.holdfast.keys.KeyName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A key store in a folder: {@code machines/NAME/{ssh,ssh.pub,seal,seal.pub}}, {@code realms/REALM.keyring}, {@code recovery.pub}.
 * Private files are 0600 in folders of 0700, in a {@link PrivatePlace}; wider ones are refused. {@code README.txt} and {@code
 * .gitignore} in the folder say what is safe to commit.
 */
public final class DirectoryKeyStore implements KeyStore {
    private static final String FOLDER = "rwx------";
    private static final String PRIVATE = "rw-------";
    private static final String PUBLIC = "rw-r--r--";
    private static final String KEYRING_SUFFIX = ".keyring";
    private static final String README = """
            Keys of Holdfast. Written by `holdfast keygen`.

            NEVER commit, mail or copy to another machine than its own:
              machines/NAME/ssh        private SSH key of machine NAME
              machines/NAME/seal       private sealing key of machine NAME: it opens NAME's backups

            Safe to commit and to copy:
              machines/NAME/ssh.pub    how others recognise NAME
              machines/NAME/seal.pub   what realm keys are wrapped with for NAME
              realms/REALM.keyring     the realm key, wrapped for its machines and the recovery key
              recovery.pub             what realm keys are wrapped with for the recovery key

            The recovery key itself is nowhere in here: it was shown once, to be kept on paper.
            Keep a copy of the realms folder: without a keyring the recovery key opens nothing.

            The .gitignore beside this file keeps private files out of version control.
            """;
    private static final String GITIGNORE = """
            # Everything is ignored except what is safe to commit.
            *
            !.gitignore
            !README.txt
            !recovery.pub
            !machines/
            !machines/*/
            !machines/*/*.pub
            !realms/
            !realms/*.keyring
            """;

    private final Path folder;
    /** The outermost of the folders that must be private. */
    private final Path privateTop;

    public DirectoryKeyStore(Path folder) {
        this(folder, folder.resolve("machines"));
    }

    private DirectoryKeyStore(Path folder, Path privateTop) {
        this.folder = folder;
        this.privateTop = privateTop;
    }

    /** One whose folders are all private, and those above it up to a machine's state folder. */
    public static DirectoryKeyStore installed(Path folder, Path stateFolder) {
        return new DirectoryKeyStore(folder, folder.startsWith(stateFolder) ? stateFolder : folder.resolve("machines"));
    }

    /** What of a private entry others may use: the file, and the folders that must be private. */
    public List<Path> wide(KeyEntry entry) throws IOException {
        return PrivatePlace.wide(folder.resolve(entry.path()), privateTop);
    }

    @Override
    public Optional<byte[]> get(KeyEntry entry) {
        Path file = folder.resolve(entry.path());
        try {
            if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
                throw new KeyException(Reason.IO, file + " is not a file", "Move it away and put the key file back.");
            }
            if (entry.secret()) {
                PrivatePlace.requireFile(file, privateTop, entry.machine());
            }
            if (Files.size(file) > MAX_ENTRY_BYTES) {
                throw new KeyException(
                        Reason.MALFORMED, "key file " + file + " is far too long", "Take it from a backup again.");
            }
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** Not the same as missing: whoever takes it for that makes new keys, or leaves a machine out. */
    private static KeyException unreadable(Path file, IOException e) {
        return new KeyException(
                Reason.IO,
                "cannot read " + file + ": " + reason(e),
                "Make the file and the folders above it readable for this user, or run the command as their owner: `namei -l '"
                        + file.toAbsolutePath() + "'` shows whose they are.",
                e);
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        String reason = e instanceof FileSystemException named ? named.getReason() : e.getMessage();
        return reason == null ? e.getClass().getSimpleName() : reason.toLowerCase(Locale.ROOT);
    }

    @Override
    public void put(KeyEntry entry, byte[] content) {
        Path file = folder.resolve(entry.path());
        try {
            createFolder(folder);
            describeFolder();
            Path parent = AtomicFile.parentOf(file);
            if (!parent.equals(folder)) {
                createFolder(AtomicFile.parentOf(parent).equals(folder) ? parent : AtomicFile.parentOf(parent));
                createFolder(parent);
            }
            if (entry.secret() && AtomicFile.hasPermissions(parent)) {
                // A checkout from version control, or a person, makes wider folders.
                for (Path above : PrivatePlace.folders(file, privateTop)) {
                    Files.setPosixFilePermissions(above, PosixFilePermissions.fromString(FOLDER));
                }
                PrivatePlace.requireWay(parent);
            }
            AtomicFile.write(file, content, entry.secret() ? PRIVATE : PUBLIC);
        } catch (IOException e) {
            throw io("write", file, e);
        }
    }

    @Override
    public void remove(KeyEntry entry) {
        Path file = folder.resolve(entry.path());
        try {
            if (Files.deleteIfExists(file)) {
                AtomicFile.force(AtomicFile.parentOf(file));
            }
        } catch (IOException e) {
            throw io("remove", file, e);
        }
    }

    private void describeFolder() throws IOException {
        writeOnce(folder.resolve("README.txt"), README);
        writeOnce(folder.resolve(".gitignore"), GITIGNORE);
    }

    private static void writeOnce(Path file, String text) throws IOException {
        if (!Files.exists(file)) {
            AtomicFile.write(file, text.getBytes(StandardCharsets.UTF_8), PUBLIC);
        }
    }

    private static void createFolder(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return;
        }
        if (AtomicFile.hasPermissions(path)) {
            Files.createDirectories(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(FOLDER)));
        } else {
            Files.createDirectories(path);
        }
        AtomicFile.force(AtomicFile.parentOf(path));
    }

    @Override
    public List<String> machines() {
        return list(folder.resolve("machines"), name -> true);
    }

    @Override
    public List<String> realms() {
        return list(folder.resolve("realms"), name -> name.endsWith(KEYRING_SUFFIX)).stream()
                .map(name -> name.substring(0, name.length() - KEYRING_SUFFIX.length()))
                .toList();
    }

    private static List<String> list(Path path, Predicate<String> wanted) {
        try (Stream<Path> children = Files.list(path)) {
            return children.map(child -> String.valueOf(child.getFileName()))
                    .filter(KeyName::isPlain)
                    .filter(wanted)
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw io("list", path, e);
        }
    }

    private static KeyException io(String verb, Path file, IOException e) {
        return new KeyException(
                Reason.IO,
                "cannot " + verb + " " + file + ": " + reason(e),
                "Check that the folder exists, has free space and belongs to you: `ls -ld '" + file.toAbsolutePath()
                        + "'`.",
                e);
    }

    @Override
    public String describe() {
        return folder.toString();
    }

    @Override
    public String place(KeyEntry entry) {
        return String.valueOf(folder.resolve(entry.path()).getParent());
    }
}
