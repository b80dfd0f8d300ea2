package dev.holdfast.server.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.keys.store.DirectoryKeyStore;
import dev.holdfast.keys.store.KeyEntry;
import dev.holdfast.keys.store.KeyGeneration;
import dev.holdfast.keys.store.KeyPlan;
import dev.holdfast.keys.store.RealmMembers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The keyring beside the packs may be the last that opens the backups. */
@Timeout(120)
final class KeyringCopiesTest {
    private static final List<RealmMembers> REALMS = List.of(new RealmMembers("default", List.of("alice"), List.of()));
    private static final KeyEntry KEYRING = KeyEntry.keyring("default");

    @TempDir
    Path folder;

    private DirectoryKeyStore keys;
    private ServerSetup setup;
    private Path copy;

    @BeforeEach
    void makeKeys() throws IOException {
        keys = new DirectoryKeyStore(folder.resolve("keys"));
        generate();
        setup = Attic.in(folder);
        copy = folder.resolve("data/realms/default/keyring");
    }

    private void generate() {
        try (KeyPlan plan = new KeyGeneration(keys, new SecureRandom()).plan(List.of("attic", "alice"), REALMS)) {
            plan.commit();
        }
    }

    @Test
    void oneThatGoesOnFromACopyTakesItsPlaceAndNoOther() throws IOException {
        try (BackupServer server = BackupServer.start(setup)) {
            try (KeyPlan plan = new KeyGeneration(keys, new SecureRandom()).rotate("alice", REALMS)) {
                plan.commit();
            }
            server.reload();
            byte[] renewed = keys.get(KEYRING).orElseThrow();
            assertThat(copy).hasBinaryContent(renewed);
            assertThat(server.status().warnings()).noneMatch(warning -> warning.contains("keyring"));

            keys.put(KEYRING, new byte[] {0, 0, 0});
            server.reload();
            assertThat(copy).hasBinaryContent(renewed);
            assertThat(server.status().warnings())
                    .anyMatch(warning -> warning.contains("realm 'default'") && warning.contains("is not a keyring"));

            keys.remove(KEYRING);
            generate();
            server.reload();
            assertThat(copy).hasBinaryContent(renewed);
            assertThat(server.status().warnings()).anyMatch(warning -> warning.contains("it is of another key"));
        }
        Files.write(copy, new byte[] {0, 0, 0});
        BackupServer.start(setup).close();
        assertThat(copy).hasBinaryContent(keys.get(KEYRING).orElseThrow());
    }
}
