package dev.holdfast.cli.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.ConfigurationReader;
import dev.holdfast.keys.bundle.Bundle;
import dev.holdfast.keys.store.DirectoryKeyStore;
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
import org.junit.jupiter.api.io.TempDir;

final class KeyNeedsTest {
    @TempDir
    Path folder;

    private Configuration configuration;

    @BeforeEach
    void read() throws IOException {
        Path file = Files.writeString(folder.resolve("holdfast.yaml"), """
                servers:
                  - { name: annex, hostname: annex, port: 1022, data: /srv/a }
                  - { name: attic, hostname: attic, port: 1022, data: /srv/b }
                clients:
                  - { name: alice, backup: [photos] }
                  - { name: bob, restore: [annex/recover] }
                volumes:
                  - { name: photos }
                  - { name: recover, local: true }
                """);
        configuration = ConfigurationReader.read(file).orThrow();
    }

    @Test
    void localVolumesHaveAKeyForTheirServerAndThoseWhoMayRestoreThem() {
        assertThat(KeyNeeds.members(configuration))
                .containsExactly(
                        new RealmMembers("default", List.of("alice", "bob"), List.of()),
                        new RealmMembers("local-annex", List.of("bob"), List.of("annex")),
                        new RealmMembers("local-attic", List.of(), List.of("attic")));
        assertThat(KeyNeeds.of(configuration, "alice").realms()).containsExactly("default");
        assertThat(KeyNeeds.of(configuration, "bob").realms()).containsExactly("default", "local-annex");
        assertThat(KeyNeeds.of(configuration, "annex").realms()).containsExactly("default", "local-annex");
    }

    @Test
    void aKeyStoreFromBeforeTheFirstLocalVolumeIsEnoughForAClientToBeConfigured() {
        DirectoryKeyStore store = new DirectoryKeyStore(folder.resolve("keys"));
        RealmMembers realm = new RealmMembers("default", List.of("alice", "bob"), List.of());
        try (KeyPlan plan =
                new KeyGeneration(store, new SecureRandom()).plan(List.of("alice", "bob"), List.of(realm))) {
            plan.commit();
        }
        try (Bundle bundle = KeyNeeds.of(configuration, "bob").bundle(store)) {
            assertThat(bundle.realms()).containsExactly("default");
        }
    }
}
