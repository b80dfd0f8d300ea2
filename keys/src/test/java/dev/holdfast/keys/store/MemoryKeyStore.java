package dev.holdfast.keys.store;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** A key store that forgets; can be told to fail at its n-th write. */
public final class MemoryKeyStore implements KeyStore {
    private final TreeMap<String, byte[]> entries = new TreeMap<>();
    private int writesLeft = Integer.MAX_VALUE;

    /** What a process that dies before its next write but {@code writes} looks like to the store. */
    public void dieAfter(int writes) {
        writesLeft = writes;
    }

    /** An equal store of its own. */
    public MemoryKeyStore copy() {
        MemoryKeyStore copy = new MemoryKeyStore();
        copy.entries.putAll(entries);
        return copy;
    }

    @Override
    public void remove(KeyEntry entry) {
        entries.remove(entry.path());
    }

    @Override
    public Optional<byte[]> get(KeyEntry entry) {
        return Optional.ofNullable(entries.get(entry.path())).map(byte[]::clone);
    }

    @Override
    public void put(KeyEntry entry, byte[] content) {
        if (writesLeft-- <= 0) {
            throw new IllegalStateException("died");
        }
        entries.put(entry.path(), content.clone());
    }

    @Override
    public List<String> machines() {
        return entries.keySet().stream()
                .filter(path -> path.startsWith("machines/"))
                .map(path -> path.split("/", -1)[1])
                .distinct()
                .toList();
    }

    @Override
    public List<String> realms() {
        return entries.keySet().stream()
                .filter(path -> path.startsWith("realms/"))
                .map(path -> path.substring(7, path.length() - ".keyring".length()))
                .toList();
    }

    @Override
    public String describe() {
        return "memory";
    }

    /** Everything in it, for comparison. */
    public String dump() {
        StringBuilder text = new StringBuilder();
        entries.forEach((path, content) ->
                text.append(path).append(' ').append(Arrays.hashCode(content)).append('\n'));
        return text.toString();
    }
}
