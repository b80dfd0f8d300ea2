package dev.holdfast.keys.store;

import static dev.holdfast.keys.Failures.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DirectoryKeyStoreTest {
    @TempDir
    private Path temporary;

    private Path folder = Path.of("");
    private DirectoryKeyStore store = new DirectoryKeyStore(folder);

    @BeforeEach
    void open() {
        folder = temporary.resolve("deep/keys");
        store = new DirectoryKeyStore(folder);
    }

    @Test
    void entriesAreReadBackListedAndReplaced() throws IOException {
        assertThat(store.get(KeyEntry.ssh("alice"))).isEmpty();
        assertThat(store.machines()).isEmpty();
        store.put(KeyEntry.ssh("bob"), new byte[] {1});
        store.put(KeyEntry.sshPublic("alice"), new byte[] {2});
        store.put(KeyEntry.keyring("home"), new byte[] {3});
        store.put(KeyEntry.recoveryPublic(), new byte[] {4});
        store.put(KeyEntry.keyring("home"), new byte[] {5});
        assertThat(store.get(KeyEntry.ssh("bob"))).contains(new byte[] {1});
        assertThat(store.get(KeyEntry.keyring("home"))).contains(new byte[] {5});
        assertThat(store.machines()).containsExactly("alice", "bob");
        assertThat(store.realms()).containsExactly("home");
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> folder.relativize(file).toString()))
                    .containsExactlyInAnyOrder(
                            "README.txt",
                            ".gitignore",
                            "recovery.pub",
                            "machines/bob/ssh",
                            "machines/alice/ssh.pub",
                            "realms/home.keyring");
        }
    }

    @Test
    void privateFilesAndAllFoldersAreForTheirOwnerOnly() throws IOException {
        store.put(KeyEntry.seal("alice"), new byte[] {1});
        store.put(KeyEntry.sealPublic("alice"), new byte[] {2});
        assertThat(permissions("machines/alice/seal")).isEqualTo("rw-------");
        assertThat(permissions("machines/alice/seal.pub")).isEqualTo("rw-r--r--");
        for (String path : List.of("", "machines", "machines/alice")) {
            assertThat(permissions(path)).isEqualTo("rwx------");
        }
    }

    @Test
    void keysThatRootMadeInSomebodysFolderAreRefusedWithTheWayOutOfSudo() throws IOException {
        assumeThat(System.getProperty("user.name"))
                .as("only root can give a folder away")
                .isEqualTo("root");
        store.put(KeyEntry.seal("alice"), new byte[] {1});
        Files.setAttribute(temporary.resolve("deep"), "unix:uid", 2);
        String user = Files.getOwner(temporary.resolve("deep")).getName();

        KeyException e = failure(() -> store.get(KeyEntry.seal("alice")));

        assertThat(e.reason()).isEqualTo(Reason.UNSAFE_PERMISSIONS);
        assertThat(e).hasMessageContaining("deep belongs to user " + user);
        String mend = "sudo chown -R " + user + " '" + folder.resolve("machines/alice") + "'";
        assertThat(e.hint()).startsWith("If you are " + user + " under `sudo`, run `" + mend + "`");
        try (Stream<Path> all = Files.walk(folder.resolve("machines/alice"))) {
            for (Path one : all.toList()) {
                Files.setAttribute(one, "unix:uid", 2);
            }
        }
        assertThat(store.get(KeyEntry.seal("alice"))).contains(new byte[] {1});
    }

    @Test
    void aPrivateFileThatOthersCanReadIsRefusedAndTheHintMendsIt() throws IOException {
        store.put(KeyEntry.seal("alice"), new byte[] {1});
        store.put(KeyEntry.sealPublic("alice"), new byte[] {1});
        set("machines/alice/seal", "rw-r-----");
        KeyException e = failure(() -> store.get(KeyEntry.seal("alice")));
        assertThat(e.reason()).isEqualTo(Reason.UNSAFE_PERMISSIONS);
        assertThat(e.hint()).contains("chmod 600 '" + folder.resolve("machines/alice/seal"));
        set("machines/alice/seal", "rw-------");
        set("machines/alice", "rwxr-xr-x");
        assertThat(failure(() -> store.get(KeyEntry.seal("alice"))).hint()).contains("chmod 700 '");
        assertThat(store.get(KeyEntry.sealPublic("alice"))).isPresent();
    }

    @Test
    void everyFolderThatIsPrivateWithAFileMustBe() throws IOException {
        store.put(KeyEntry.seal("alice"), new byte[] {1});
        set("machines", "rwxr-xr-x");
        assertThat(failure(() -> store.get(KeyEntry.seal("alice"))).hint())
                .contains("chmod 700 '" + folder.resolve("machines") + "'");
        assertThat(store.wide(KeyEntry.seal("alice"))).containsExactly(folder.resolve("machines"));
        set("machines", "rwx------");
        set("", "rwxr-xr-x");
        assertThat(store.get(KeyEntry.seal("alice"))).isPresent();
        assertThat(store.wide(KeyEntry.seal("alice"))).isEmpty();
    }

    @Test
    void ofWhatIsInstalledAllIsPrivateUpToTheStateFolder() throws IOException {
        Path state = temporary.resolve("state");
        DirectoryKeyStore installed = DirectoryKeyStore.installed(state.resolve("keys"), state);
        installed.put(KeyEntry.seal("alice"), new byte[] {1});
        for (String wide : List.of("", "keys", "keys/machines", "keys/machines/alice", "keys/machines/alice/seal")) {
            Path path = state.resolve(wide);
            Files.setAttribute(path, "unix:mode", 0750);
            assertThat(failure(() -> installed.get(KeyEntry.seal("alice"))).getMessage())
                    .contains("others may use " + path + " (");
            assertThat(installed.wide(KeyEntry.seal("alice"))).containsExactly(path);
            Files.setAttribute(path, "unix:mode", wide.endsWith("seal") ? 0600 : 0700);
        }
        assertThat(installed.get(KeyEntry.seal("alice"))).isPresent();
    }

    @Test
    void theHintNamesTheMachineWhoseKeyItIs() throws IOException {
        store.put(KeyEntry.ssh("alice"), new byte[] {1});
        set("machines/alice/ssh", "rw-r--r--");
        assertThat(failure(() -> store.get(KeyEntry.ssh("alice"))).hint()).contains("`holdfast keygen --rotate alice`");
    }

    @Test
    void aFolderAboveThatOthersMayWriteToIsRefused() throws IOException {
        store.put(KeyEntry.seal("alice"), new byte[] {1});
        Path above = temporary.resolve("deep").toRealPath();
        for (int mode : new int[] {0777, 0757, 0703}) {
            Files.setAttribute(above, "unix:mode", mode);
            assertUnsafe(above, "chmod go-w '" + above + "'");
        }
        for (int mode : new int[] {0755, 0775, 01777, 01757}) {
            Files.setAttribute(above, "unix:mode", mode);
            assertThat(store.get(KeyEntry.seal("alice"))).isPresent();
            store.put(KeyEntry.seal("alice"), new byte[] {1});
        }
    }

    @Test
    void aFolderAboveOfAnotherUserOrForAnotherGroupIsRefused() throws IOException {
        assumeThat(Files.getAttribute(temporary, "unix:uid"))
                .as("only root gives folders away")
                .isEqualTo(0);
        store.put(KeyEntry.seal("alice"), new byte[] {1});
        Path above = temporary.resolve("deep").toRealPath();
        Files.setAttribute(above, "unix:mode", 0775);
        Files.setAttribute(above, "unix:gid", 1);
        assertUnsafe(above, "chmod go-w '" + above + "'");
        Files.setAttribute(above, "unix:mode", 0755);
        assertThat(store.get(KeyEntry.seal("alice"))).isPresent();
        Files.setAttribute(above, "unix:uid", 1);
        assertUnsafe(above, "only its owner and root");
    }

    private void assertUnsafe(Path above, String hint) {
        for (ThrowingCallable use : List.<ThrowingCallable>of(
                () -> store.get(KeyEntry.seal("alice")), () -> store.put(KeyEntry.seal("alice"), new byte[] {2}))) {
            KeyException e = failure(use);
            assertThat(e.reason()).isEqualTo(Reason.UNSAFE_PERMISSIONS);
            assertThat(e).hasMessageContaining(above.toString());
            assertThat(e.hint()).contains(hint);
        }
    }

    @Test
    void aPrivateFilePutIntoACheckoutTightensItsFolder() throws IOException {
        Files.createDirectories(folder.resolve("machines/alice"));
        set("machines/alice", "rwxr-xr-x");
        store.put(KeyEntry.seal("alice"), new byte[] {1});
        assertThat(store.get(KeyEntry.seal("alice"))).isPresent();
    }

    @Test
    void whatThePersonWroteIntoTheFolderStays() throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(".gitignore"), "own\n");
        store.put(KeyEntry.recoveryPublic(), new byte[] {4});
        assertThat(folder.resolve(".gitignore")).hasContent("own\n");
        assertThat(folder.resolve("README.txt")).content().contains("NEVER commit");
    }

    @Test
    void aFolderThatCannotBeWrittenIsAClearFailure() throws IOException {
        Files.createDirectories(folder.getParent());
        Files.writeString(folder, "a file in the way");
        assertThat(failure(() -> store.put(KeyEntry.recoveryPublic(), new byte[1]))
                        .reason())
                .isEqualTo(Reason.IO);
    }

    @Test
    void aFileThatCannotBeReadIsNotTakenForMissing() throws IOException {
        store.put(KeyEntry.sshPublic("alice"), new byte[] {1});
        Path file = folder.resolve("machines/alice/ssh.pub");
        Files.delete(file);
        Files.createSymbolicLink(file, file);
        assertUnreadable(file);
        Files.delete(file);
        Files.createDirectory(file);
        assertUnreadable(file);
        Files.delete(file);
        assertThat(store.get(KeyEntry.sshPublic("alice"))).isEmpty();
    }

    @Test
    void aFolderThatMayNotBeLookedIntoIsNotTakenForEmpty() throws IOException {
        store.put(KeyEntry.sshPublic("alice"), new byte[] {1});
        Path file = folder.resolve("machines/alice/ssh.pub");
        set("machines/alice", "---------");
        try {
            assumeThat(Files.isReadable(file.getParent()))
                    .as("NOT RUN: root may look into every folder")
                    .isFalse();
            assertUnreadable(file);
        } finally {
            set("machines/alice", "rwx------");
        }
    }

    private void assertUnreadable(Path file) {
        KeyException failure = failure(() -> store.get(KeyEntry.sshPublic("alice")));
        assertThat(failure.reason()).isEqualTo(Reason.IO);
        assertThat(failure).hasMessageContaining(file.toString());
        assertThat(failure.hint()).isNotEmpty();
    }

    @Test
    void onlyPathsOfEntriesAreEntries() {
        for (KeyEntry entry : List.of(
                KeyEntry.ssh("a"),
                KeyEntry.seal("a"),
                KeyEntry.sshPublic("a"),
                KeyEntry.sealPublic("a"),
                KeyEntry.keyring("r"),
                KeyEntry.recoveryPublic())) {
            assertThat(KeyEntry.ofPath(entry.path())).isEqualTo(entry);
        }
        for (String path : List.of(
                "",
                "x",
                "machines/../ssh",
                "machines/a/b",
                "machines/a/b/ssh",
                "realms/../x.keyring",
                "realms/.keyring",
                "machines//ssh",
                "/machines/a/ssh",
                "machines/ssh",
                "realms/keyring")) {
            assertThat(failure(() -> KeyEntry.ofPath(path)).reason()).isEqualTo(Reason.MALFORMED);
        }
    }

    private String permissions(String path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(path)));
    }

    private void set(String path, String permissions) throws IOException {
        Files.setPosixFilePermissions(folder.resolve(path), PosixFilePermissions.fromString(permissions));
    }
}
