package dev.holdfast.keys.store;

import dev.holdfast.keys.KeyException;
import java.util.List;
import java.util.Optional;

/**
 * Where keys lie: a folder, or a remote store. Small named entries, each replaced as a whole. Failures are {@link
 * dev.holdfast.keys.KeyException}s; an entry that is simply not there is empty.
 */
public interface KeyStore extends AutoCloseable {
    /** No entry is longer; longer ones are refused before they are read. */
    int MAX_ENTRY_BYTES = 4 << 20;

    /** The content, or empty when there is none. The caller wipes what is secret. */
    Optional<byte[]> get(KeyEntry entry);

    /** Creates or replaces the entry, completely or not at all, and durably. */
    void put(KeyEntry entry, byte[] content);

    /** Makes the entry a missing one, durably; nothing when it is missing already. */
    void remove(KeyEntry entry);

    /** All of it in this order. A store that keeps several entries as one may write neighbours together. */
    default void apply(List<KeyChange> changes) {
        for (KeyChange change : changes) {
            change.content().ifPresentOrElse(content -> put(change.entry(), content), () -> remove(change.entry()));
        }
    }

    /** Names of the machines of which anything is stored, sorted. */
    List<String> machines();

    /** Names of the realms that have a keyring, sorted. */
    List<String> realms();

    /** What to call this store when talking to a person, such as its folder. */
    String describe();

    /** What to say when an entry that is needed is not there, in the words of this store. */
    default KeyException missing(KeyEntry entry) {
        return new KeyException(
                KeyException.Reason.MISSING,
                entry.path() + " not found in " + describe(),
                "Run `holdfast keygen --all` where the key store is.");
    }

    /** Why an entry that is not there was once, and how to bring it back; empty where the store cannot know. */
    default Optional<KeyException> lost(KeyEntry entry) {
        return Optional.empty();
    }

    /** The command by which a person puts a file into the store as that entry. */
    default String wayToPut(KeyEntry entry, String file) {
        return "cp '" + file + "' '" + place(entry) + "/'";
    }

    /** What to call an entry when talking to a person. */
    default String called(KeyEntry entry) {
        return entry.path();
    }

    /** How a person brings back what an entry was before it was damaged; empty where there are no means but those of files. */
    default Optional<String> wayBack(KeyEntry entry) {
        return Optional.empty();
    }

    /** What the entry lies in together with what belongs to it, when talking to a person who has to look at it. */
    default String place(KeyEntry entry) {
        return describe();
    }

    /** Forgets what it remembers; nothing for a store that remembers nothing. */
    @Override
    default void close() {}
}
