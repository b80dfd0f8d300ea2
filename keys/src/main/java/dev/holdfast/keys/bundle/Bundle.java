package dev.holdfast.keys.bundle;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyException.Reason;
import dev.holdfast.keys.KeyName;
import dev.holdfast.keys.machine.MachineKeys;
import dev.holdfast.keys.realm.Keyring;
import dev.holdfast.keys.store.KeyEntry;
import dev.holdfast.keys.store.KeyStore;
import dev.holdfast.keys.store.StoredKeys;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What one host needs, copied out of a key store: its own private keys, the public keys of the machines it must know, the keyrings
 * of its realms. It is itself a key store of its content, so that whatever reads a store reads a bundle. Wipes itself on {@link
 * #close}.
 *
 * <p>The file form is {@link BundleText}: armoured text under a passphrase.
 */
public final class Bundle implements KeyStore {
    private final String machine;
    private final Map<String, byte[]> entries;

    Bundle(String machine, Map<String, byte[]> entries) {
        this.machine = KeyName.require("machine", machine);
        this.entries = entries;
    }

    /** For {@code machine}, which knows {@code others} and uses {@code realms}. Throws {@code MISSING} when something is not there. */
    public static Bundle of(KeyStore store, String machine, List<String> others, List<String> realms) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        take(store, KeyEntry.ssh(machine), entries);
        take(store, KeyEntry.seal(machine), entries);
        TreeSet<String> known = new TreeSet<>(others);
        known.add(machine);
        for (String name : known) {
            take(store, KeyEntry.sshPublic(name), entries);
            take(store, KeyEntry.sealPublic(name), entries);
        }
        for (String realm : realms) {
            take(store, KeyEntry.keyring(realm), entries);
        }
        // Damage is told of the store that it is in.
        requireSound(new StoredKeys(store), machine, realms);
        return new Bundle(machine, entries);
    }

    private static void requireSound(StoredKeys stored, String machine, List<String> realms) {
        try (MachineKeys own = stored.machine(machine)) {
            for (String realm : realms) {
                Keyring keyring = stored.keyring(realm);
                if (keyring.opensFor(own.sealing().publicKey())) {
                    keyring.unwrap(own.sealing()).close();
                }
            }
        }
    }

    private static void take(KeyStore store, KeyEntry entry, Map<String, byte[]> entries) {
        byte[] content = store.get(entry).orElseThrow(() -> store.missing(entry));
        entries.put(entry.path(), content);
    }

    /** Opens the file form. Throws {@code WRONG} for another passphrase, {@code MALFORMED} for damage. */
    public static Bundle open(String text, char[] passphrase) {
        return BundleText.open(text, passphrase);
    }

    /** The file form, under {@code passphrase}. */
    public String seal(char[] passphrase, SecureRandom random) {
        return BundleText.seal(this, passphrase, BundleText.STANDARD_COST, random);
    }

    /** Whose bundle it is. */
    public String machine() {
        return machine;
    }

    /**
     * Copies everything into {@code target}, replacing what is there. Throws {@code MALFORMED} for damage, and {@code WRONG} when a realm
     * key would be replaced by one that does not go on from it; nothing has changed then.
     */
    public void installInto(KeyStore target) {
        requireSound(new StoredKeys(this), machine, realms());
        realms().forEach(realm -> requireSuccessor(realm, target));
        entries.forEach((path, content) -> target.put(KeyEntry.ofPath(path), content));
    }

    private void requireSuccessor(String realm, KeyStore target) {
        Optional<Keyring> installed = readable(realm, target);
        Keyring given = new StoredKeys(this).keyring(realm);
        if (installed.isEmpty() || given.goesOnFrom(installed.get())) {
            return;
        }
        boolean same = Arrays.equals(given.realmId(), installed.get().realmId());
        throw new KeyException(
                Reason.WRONG,
                same
                        ? "the key of realm '" + realm + "' would go back from epoch "
                                + installed.get().epoch() + " to epoch " + given.epoch()
                        : "the key of realm '" + realm
                                + "' is not the one that is installed: it does not open the backups that"
                                + " this machine knows",
                "The key store may have lost the right one, or a place was mistyped (`keys`, `vault.prefix`): look for it in"
                        + " backups and former versions of the key store. If the new one is meant, move "
                        + target.place(KeyEntry.keyring(realm)) + "/" + realm
                        + ".keyring away and run the command again.");
    }

    /** One that is damaged is no loss. */
    private static Optional<Keyring> readable(String realm, KeyStore target) {
        try {
            return new StoredKeys(target).findKeyring(realm);
        } catch (KeyException e) {
            if (e.reason() == Reason.MALFORMED) {
                return Optional.empty();
            }
            throw e;
        }
    }

    Map<String, byte[]> entries() {
        return entries;
    }

    @Override
    public Optional<byte[]> get(KeyEntry entry) {
        byte[] content = entries.get(entry.path());
        return Optional.ofNullable(content).map(byte[]::clone);
    }

    /** A bundle is made as a whole. */
    @Override
    public void put(KeyEntry entry, byte[] content) {
        throw fixed();
    }

    @Override
    public void remove(KeyEntry entry) {
        throw fixed();
    }

    private static KeyException fixed() {
        return new KeyException(
                Reason.IO, "a bundle cannot be written to", "Change the key store, then make the bundle again.");
    }

    @Override
    public List<String> machines() {
        return namesBetween("machines/", "/ssh.pub");
    }

    @Override
    public List<String> realms() {
        return namesBetween("realms/", ".keyring");
    }

    private List<String> namesBetween(String before, String after) {
        return entries.keySet().stream()
                .filter(path -> path.startsWith(before) && path.endsWith(after))
                .map(path -> path.substring(before.length(), path.length() - after.length()))
                .sorted()
                .toList();
    }

    @Override
    public String describe() {
        return "the bundle of machine '" + machine + "'";
    }

    /** Wipes the content. */
    @Override
    public void close() {
        entries.values().forEach(content -> Arrays.fill(content, (byte) 0));
    }

    @Override
    public String toString() {
        return "Bundle of machine '" + machine + "'";
    }
}
