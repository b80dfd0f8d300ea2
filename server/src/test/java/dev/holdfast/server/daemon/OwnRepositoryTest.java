package dev.holdfast.server.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.keys.store.DirectoryKeyStore;
import dev.holdfast.keys.store.KeyGeneration;
import dev.holdfast.keys.store.KeyPlan;
import dev.holdfast.keys.store.RealmMembers;
import dev.holdfast.server.local.LocalAgent;
import dev.holdfast.server.store.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server does not take an empty mount point, or somebody else's disk, for its own. */
@Timeout(120)
final class OwnRepositoryTest {
    @TempDir
    Path folder;

    private Path data;
    private ServerSetup setup;

    @BeforeEach
    void startOnce() throws IOException {
        Path keys = folder.resolve("keys");
        try (KeyPlan plan = new KeyGeneration(new DirectoryKeyStore(keys), new SecureRandom())
                .plan(List.of("attic", "alice"), List.of(new RealmMembers("default", List.of("alice"), List.of())))) {
            plan.commit();
        }
        data = folder.resolve("data");
        setup = Attic.in(folder);
        BackupServer.start(setup).close();
    }

    private void assertRefused(String why) {
        for (int time = 1; time <= 2; time++) {
            assertThatThrownBy(() -> BackupServer.start(setup).close())
                    .isInstanceOfSatisfying(HoldfastException.class, e -> {
                        assertThat(e.problem().message()).contains(why);
                        assertThat(e.problem().hint()).contains("Mount the disk", "--new-repository");
                    });
        }
    }

    @Test
    void itsOwnOneIsTakenAgainAlsoElsewhere() throws IOException {
        BackupServer.start(setup).close();
        Path moved = folder.resolve("moved");
        Files.move(data, moved);
        ServerSetup elsewhere = new ServerSetup(
                setup.name(),
                setup.configuration(),
                setup.keyStore(),
                setup.installedKeys(),
                moved,
                setup.state(),
                setup.clock(),
                setup.random(),
                setup.software(),
                Map.of(),
                LocalAgent.NONE);
        BackupServer.start(elsewhere).close();
    }

    @Test
    void anEmptyDataFolderIsNotTakenForANewBeginning() throws IOException {
        Files.move(data, folder.resolve("unmounted"));
        assertRefused("there is no repository in " + data);
        assertThat(data).doesNotExist();
        Files.createDirectory(data);
        assertRefused("there is no repository in " + data);
        assertThat(data).isEmptyDirectory();
    }

    @Test
    void anotherRepositoryIsNotTakenForItsOwn() throws IOException {
        Files.move(data, folder.resolve("unmounted"));
        Files.createDirectory(data);
        Repository.open(data, InstantSource.system(), new SecureRandom()).close();
        assertRefused(data + " holds repository ");
    }

    @Test
    void aPersonMayWantANewOne() throws IOException {
        Files.move(data, folder.resolve("given-up"));
        BackupServer.startWithNewRepository(setup).close();
        BackupServer.start(setup).close();
        Files.move(data, folder.resolve("unmounted"));
        Files.move(folder.resolve("given-up"), data);
        assertRefused(data + " holds repository ");
    }
}
