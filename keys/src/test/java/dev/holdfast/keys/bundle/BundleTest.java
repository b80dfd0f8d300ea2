package dev.holdfast.keys.bundle;

import static dev.holdfast.keys.Failures.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.keys.FixedRandom;
import dev.holdfast.keys.KeyException.Reason;
import dev.holdfast.keys.bundle.BundleText.Cost;
import dev.holdfast.keys.store.KeyEntry;
import dev.holdfast.keys.store.KeyGeneration;
import dev.holdfast.keys.store.KeyPlan;
import dev.holdfast.keys.store.MemoryKeyStore;
import dev.holdfast.keys.store.RealmMembers;
import dev.holdfast.keys.store.StoredKeys;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class BundleTest {
    private static final Cost CHEAP = new Cost(8, 1);
    private final FixedRandom random = new FixedRandom(41);
    private final MemoryKeyStore store = new MemoryKeyStore();
    private final char[] passphrase = "correct horse \u00fc \ud83d\ude00".toCharArray();

    @BeforeEach
    void makeKeys() {
        List<RealmMembers> realms = List.of(new RealmMembers("home", List.of("alice", "bob"), List.of()));
        try (KeyPlan plan = new KeyGeneration(store, random).plan(List.of("alice", "bob", "vault"), realms)) {
            plan.commit();
        }
    }

    @Test
    void holdsWhatOneHostNeedsAndNoOthersSecrets() {
        String text = bundle().seal(passphrase, random);
        try (Bundle opened = Bundle.open(text, passphrase)) {
            assertThat(opened.machine()).isEqualTo("alice");
            assertThat(opened.machines()).containsExactly("alice", "vault");
            assertThat(opened.realms()).containsExactly("home");
            assertThat(opened.get(KeyEntry.ssh("vault"))).isEmpty();
            MemoryKeyStore host = new MemoryKeyStore();
            opened.installInto(host);
            StoredKeys keys = new StoredKeys(host);
            assertThat(keys.findSsh("vault")).isEqualTo(new StoredKeys(store).findSsh("vault"));
            assertThat(keys.realmKey("home", "alice").encode())
                    .isEqualTo(new StoredKeys(store).realmKey("home", "bob").encode());
        }
        assertThat(text).contains("argon2id: m=65536 t=3 p=1");
    }

    @Test
    void anotherPassphraseDoesNotOpenIt() {
        String text = BundleText.seal(bundle(), passphrase, CHEAP, random);
        BundleText.open(text, passphrase).close();
        for (String wrong : new String[] {"", "correct horse \u00fc ", "correct horse \u00fc \ud83d\ude01"}) {
            assertThat(failure(() -> Bundle.open(text, wrong.toCharArray())).reason())
                    .isEqualTo(Reason.WRONG);
        }
    }

    @Test
    void everyFlippedOrMissingByteIsFound() {
        String text = BundleText.seal(bundle(), passphrase, CHEAP, random);
        for (int i = 0; i < text.length(); i++) {
            String damaged = text.substring(0, i) + (char) (text.charAt(i) ^ 1) + text.substring(i + 1);
            assertThat(failure(() -> Bundle.open(damaged, passphrase)).reason()).isIn(Reason.WRONG, Reason.MALFORMED);
            String cut = text.substring(0, i);
            assertThat(failure(() -> Bundle.open(cut, passphrase)).reason()).isEqualTo(Reason.MALFORMED);
        }
    }

    @Test
    void survivesTheLineEndsOfAnotherSystem() {
        String text = BundleText.seal(bundle(), passphrase, CHEAP, random);
        Bundle.open(text.replace("\n", "\r\n"), passphrase).close();
    }

    @Test
    void aFileThatAsksForTooMuchMemoryOrTimeIsRefusedBeforeAnyIsTaken() {
        String text = BundleText.seal(bundle(), passphrase, CHEAP, random);
        for (String cost : new String[] {"m=999999 t=1", "m=262145 t=1", "m=8 t=99", "m=8 t=0", "m=7 t=1"}) {
            assertThat(failure(() -> Bundle.open(text.replace("m=8 t=1", cost), passphrase)))
                    .hasMessageContaining("too much");
        }
    }

    @Test
    void missingKeysAreSaidBeforeABundleIsMade() {
        assertThat(failure(() -> Bundle.of(store, "alice", List.of("carol"), List.of()))
                        .reason())
                .isEqualTo(Reason.MISSING);
        assertThat(failure(() -> Bundle.of(store, "alice", List.of(), List.of("work")))
                        .reason())
                .isEqualTo(Reason.MISSING);
    }

    private Bundle bundle() {
        return Bundle.of(store, "alice", List.of("vault"), List.of("home"));
    }

    @Test
    void aRealmKeyIsOnlyReplacedByOneThatGoesOnFromIt() {
        MemoryKeyStore host = new MemoryKeyStore();
        try (Bundle old = bundle()) {
            old.installInto(host);
            List<RealmMembers> realms = List.of(new RealmMembers("home", List.of("alice", "bob"), List.of()));
            try (KeyPlan plan = new KeyGeneration(store, random).rotate("bob", realms)) {
                plan.commit();
            }
            try (Bundle renewed = bundle()) {
                renewed.installInto(host);
            }
            String before = host.dump();
            assertThat(failure(() -> old.installInto(host)))
                    .hasMessageContaining("would go back from epoch 2 to epoch 1");
            store.remove(KeyEntry.keyring("home"));
            try (KeyPlan plan = new KeyGeneration(store, random).plan(List.of(), realms)) {
                plan.commit();
            }
            try (Bundle another = bundle()) {
                assertThat(failure(() -> another.installInto(host)))
                        .hasMessageContaining("key of realm 'home' is not the one that is installed");
            }
            assertThat(host.dump()).isEqualTo(before);
        }
    }

    @Test
    void aDamagedKeyringIsNotBundledAndOneThatIsInstalledIsReplaced() {
        MemoryKeyStore host = new MemoryKeyStore();
        host.put(KeyEntry.keyring("home"), new byte[3]);
        try (Bundle good = bundle()) {
            good.installInto(host);
        }
        assertThat(new StoredKeys(host).keyring("home").epoch()).isEqualTo(1);
        store.put(KeyEntry.keyring("home"), new byte[3]);
        assertThat(failure(this::bundle)).hasMessage("keyring is not a keyring (in memory)");
    }
}
