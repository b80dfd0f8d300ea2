package dev.holdfast.keys.store;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyException.Reason;
import dev.holdfast.keys.machine.MachineKeys;
import dev.holdfast.keys.realm.Keyring;
import dev.holdfast.keys.realm.Keyring.Kind;
import dev.holdfast.keys.realm.Keyring.Recipient;
import dev.holdfast.keys.realm.RealmKey;
import dev.holdfast.keys.recovery.RecoveryKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opens a realm key by whatever private key is at hand: that of a member in a key store, else the recovery key. */
public final class RealmAccess {
    private final List<KeyStore> stores;
    private final @Nullable RecoveryKey recovery;

    RealmAccess(List<KeyStore> stores, @Nullable RecoveryKey recovery) {
        this.stores = List.copyOf(stores);
        this.recovery = recovery;
    }

    /** By the private keys of members in these stores. */
    public static RealmAccess of(List<KeyStore> stores) {
        return new RealmAccess(stores, null);
    }

    /** Also by the recovery key, which the caller closes. */
    public RealmAccess with(RecoveryKey typed) {
        return new RealmAccess(stores, typed);
    }

    /** The key of {@code keyring}, which the caller closes; throws {@code MISSING} when nothing at hand opens it. */
    public RealmKey open(Keyring keyring) {
        for (KeyStore store : stores) {
            StoredKeys stored = new StoredKeys(store);
            for (String machine : store.machines()) {
                boolean listed = stored.findPublic(machine)
                        .filter(keys -> keyring.opensFor(keys.sealing()))
                        .isPresent();
                if (listed && store.get(KeyEntry.seal(machine)).isPresent()) {
                    try (MachineKeys keys = stored.machine(machine)) {
                        return keyring.unwrap(keys.sealing());
                    }
                }
            }
        }
        if (recovery != null) {
            return keyring.unwrapWithRecovery(recovery);
        }
        List<String> names = keyring.recipients().stream()
                .filter(recipient -> recipient.kind() == Kind.MACHINE)
                .map(Recipient::name)
                .toList();
        throw new KeyException(
                Reason.MISSING,
                "nobody here can unwrap the key of realm '" + keyring.realm() + "'",
                "Run it where the private keys of a member lie (" + String.join(", ", names)
                        + "), or give the recovery key with `--recovery`.");
    }
}
