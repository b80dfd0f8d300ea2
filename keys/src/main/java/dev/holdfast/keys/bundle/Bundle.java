package dev.holdfast.keys.bundle;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyException.Reason;
import dev.holdfast.keys.KeyName;
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
        Bundle bundle = new Bundle(machine, entries);
        new StoredKeys(bundle).machine(machine).close();
        return bundle;
    }

    private static void take(KeyStore store, KeyEntry entry, Map<String, byte[]> entries) {
        byte[] content = store.get(entry)
                .orElseThrow(() -> new KeyException(
                        Reason.MISSING,
                        entry.path() + " not found in " + store.describe(),
                        "Run `holdfast keygen --all` where the key store is."));
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

    /** Copies everything into {@code target}, replacing what is there. */
    public void installInto(KeyStore target) {
        entries.forEach((path, content) -> target.put(KeyEntry.ofPath(path), content));
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
