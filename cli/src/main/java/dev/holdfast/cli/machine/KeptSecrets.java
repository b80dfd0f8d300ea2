package dev.holdfast.cli.machine;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.store.KeyEntry;
import dev.holdfast.keys.store.KeyStore;
import java.util.List;
import java.util.Optional;

/**
 * A key store from which private keys were taken away once their machine had them, seen from that machine: what the store lacks in
 * secrets is read from what is installed.
 */
public record KeptSecrets(KeyStore store, KeyStore installed) implements KeyStore {
    @Override
    public Optional<byte[]> get(KeyEntry entry) {
        Optional<byte[]> found = store.get(entry);
        return found.isPresent() || !entry.secret() ? found : installed.get(entry);
    }

    @Override
    public void put(KeyEntry entry, byte[] content) {
        throw readOnly();
    }

    @Override
    public void remove(KeyEntry entry) {
        throw readOnly();
    }

    private KeyException readOnly() {
        return new KeyException(
                KeyException.Reason.IO,
                describe() + " is only read here",
                "Run `holdfast keygen` on the key store itself.");
    }

    @Override
    public List<String> machines() {
        return store.machines();
    }

    @Override
    public List<String> realms() {
        return store.realms();
    }

    @Override
    public String place(KeyEntry entry) {
        return store.place(entry);
    }

    @Override
    public KeyException missing(KeyEntry entry) {
        return store.missing(entry);
    }

    @Override
    public String describe() {
        return store.describe();
    }
}
