package dev.holdfast.server.daemon;

import dev.holdfast.core.config.Realm;
import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.store.KeyEntry;
import dev.holdfast.keys.store.KeyStore;
import dev.holdfast.keys.store.KeyringHead;
import dev.holdfast.server.store.Repository;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keyrings beside the packs, so that the data folder and the recovery key alone are enough to restore. A copy may be the last
 * that opens the backups, so only a keyring that goes on from it takes its place: not a damaged one, and not that of another key.
 */
final class KeyringCopies {
    private static final Logger log = LoggerFactory.getLogger(KeyringCopies.class);

    private final KeyStore store;
    private final Repository repository;

    KeyringCopies(KeyStore store, Repository repository) {
        this.store = store;
        this.repository = repository;
    }

    /** One that cannot be used must not keep the server from serving: it needs none to give back what it has. */
    void refresh(List<Realm> realms) throws IOException {
        for (Realm realm : realms) {
            try {
                Optional<byte[]> successor = successor(realm.name());
                if (successor.isPresent()) {
                    repository.realm(realm.name()).keepKeyring(successor.get());
                }
            } catch (KeyException e) {
                log.warn("no new copy of the keyring of realm '{}' beside its packs: {}", realm.name(), e.getMessage());
            }
        }
    }

    /** Which copies are not replaced by what is installed, and why. */
    List<String> refused(List<Realm> realms) throws IOException {
        List<String> refused = new ArrayList<>();
        for (Realm realm : realms) {
            try {
                successor(realm.name());
            } catch (KeyException e) {
                refused.add("the keyring of realm '" + realm.name()
                        + "' that is installed is not copied beside the packs: " + e.getMessage());
            }
        }
        return refused;
    }

    /** The keyring that is installed, which may take the place of the copy; empty when there is none. */
    private Optional<byte[]> successor(String realm) throws IOException {
        Optional<byte[]> installed = store.get(KeyEntry.keyring(realm));
        if (installed.isPresent()) {
            KeyringHead keyring = KeyringHead.parse(installed.get());
            if (!keyring.realm().equals(realm)) {
                throw wrong("it is of realm '" + keyring.realm() + "'");
            }
            Optional<byte[]> kept = repository.realm(realm).keptKeyring();
            if (kept.isPresent() && !isSuccessor(keyring, kept.get())) {
                throw wrong("it is of another key than the copy there, which opens the backups that there are");
            }
        }
        return installed;
    }

    private static boolean isSuccessor(KeyringHead keyring, byte[] kept) {
        try {
            return keyring.goesOnFrom(KeyringHead.parse(kept));
        } catch (KeyException e) {
            // A damaged copy is of no use to anybody.
            return true;
        }
    }

    private static KeyException wrong(String message) {
        return new KeyException(
                KeyException.Reason.WRONG, message, "Find out where the right key is before you change anything.");
    }
}
