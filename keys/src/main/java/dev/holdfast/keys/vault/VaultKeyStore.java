package dev.holdfast.keys.vault;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyName;
import dev.holdfast.keys.store.KeyChange;
import dev.holdfast.keys.store.KeyEntry;
import dev.holdfast.keys.store.KeyStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A key store in a Vault. Entries are fields of secrets ({@link SecretField}); fields that are not ours are kept as they are.
 *
 * <p>For one command: every secret is read once and remembered, so that a write can say over what it writes. Whoever plans and then
 * writes therefore fails cleanly when somebody else wrote in between, instead of replacing keys that it never saw.
 */
public final class VaultKeyStore implements KeyStore {
    private final VaultClient client;
    private final KvEngine engine;
    private final String description;
    private final Map<String, KvSecret> read = new HashMap<>();

    private VaultKeyStore(VaultClient client, KvEngine engine, String description) {
        this.client = client;
        this.engine = engine;
        this.description = description;
    }

    /** Logs in and finds the engine. */
    public static VaultKeyStore open(VaultSettings settings, VaultCredentials credentials, VaultLimits limits) {
        VaultClient client = VaultClient.open(settings, credentials, limits);
        try {
            KvEngine engine = KvEngine.find(client, settings);
            return new VaultKeyStore(client, engine, "the Vault at " + settings.url() + ", " + engine.name(""));
        } catch (KeyException e) {
            client.close();
            throw e;
        }
    }

    private KvSecret secret(String path) {
        return read.computeIfAbsent(path, engine::read);
    }

    @Override
    public Optional<byte[]> get(KeyEntry entry) {
        SecretField field = SecretField.of(entry);
        try {
            return secret(field.secret()).find(field);
        } catch (IOException e) {
            throw client.trouble()
                    .malformed(engine.name(field.secret()), String.valueOf(e.getMessage()), engine.versioned());
        }
    }

    @Override
    public void put(KeyEntry entry, byte[] content) {
        apply(List.of(KeyChange.put(entry, content)));
    }

    @Override
    public void remove(KeyEntry entry) {
        apply(List.of(KeyChange.remove(entry)));
    }

    /** Neighbours in one secret are one write: a machine has all its new keys or none. */
    @Override
    public void apply(List<KeyChange> changes) {
        List<KeyChange> together = new ArrayList<>();
        for (KeyChange change : changes) {
            if (!together.isEmpty() && !secretOf(together.get(0)).equals(secretOf(change))) {
                write(together);
                together.clear();
            }
            together.add(change);
        }
        if (!together.isEmpty()) {
            write(together);
        }
    }

    private static String secretOf(KeyChange change) {
        return SecretField.of(change.entry()).secret();
    }

    private void write(List<KeyChange> changes) {
        String path = secretOf(changes.get(0));
        KvSecret before = secret(path);
        KvSecret after = before;
        List<SecretField> changed = new ArrayList<>();
        for (KeyChange change : changes) {
            SecretField field = SecretField.of(change.entry());
            after = after.with(field, change.content());
            changed.add(field);
        }
        // Forgotten first: what is there after a write that failed has to be read anew.
        read.remove(path);
        read.put(path, engine.write(path, before, after, changed));
    }

    @Override
    public List<String> machines() {
        return engine.list("").stream().filter(KeyName::isPlain).sorted().toList();
    }

    @Override
    public List<String> realms() {
        return engine.list(SecretField.REALMS).stream()
                .filter(KeyName::isPlain)
                .sorted()
                .toList();
    }

    @Override
    public KeyException missing(KeyEntry entry) {
        SecretField field = SecretField.of(entry);
        return lost(entry)
                .orElseGet(() -> client.trouble()
                        .missing(
                                engine.name(field.secret()),
                                field.name(),
                                secret(field.secret()).isEmpty()));
    }

    @Override
    public Optional<KeyException> lost(KeyEntry entry) {
        String path = SecretField.of(entry).secret();
        KvSecret secret = secret(path);
        return secret.isDeleted()
                ? Optional.of(client.trouble().deleted(engine.name(path), secret.version()))
                : Optional.empty();
    }

    @Override
    public String wayToPut(KeyEntry entry, String file) {
        SecretField field = SecretField.of(entry);
        return "vault kv put " + engine.name(field.secret()) + " " + field.name() + "=\"$(base64 -w0 '" + file + "')\"";
    }

    @Override
    public String called(KeyEntry entry) {
        return "field '" + SecretField.of(entry).name() + "' of its secret";
    }

    @Override
    public Optional<String> wayBack(KeyEntry entry) {
        SecretField field = SecretField.of(entry);
        return Optional.of(client.trouble().wayBack(engine.name(field.secret()), engine.versioned()));
    }

    @Override
    public String place(KeyEntry entry) {
        return "secret '" + engine.name(SecretField.of(entry).secret()) + "' of "
                + client.trouble().vault();
    }

    @Override
    public String describe() {
        return description;
    }

    /** Forgets what was read, and gives a token that was made by logging in back. */
    @Override
    public void close() {
        read.values().forEach(KvSecret::wipe);
        read.clear();
        client.close();
    }

    @Override
    public String toString() {
        return "VaultKeyStore of " + description;
    }
}
