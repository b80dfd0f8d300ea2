package dev.holdfast.keys.store;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyException.Reason;
import dev.holdfast.keys.machine.MachineKeys;
import dev.holdfast.keys.realm.Keyring;
import dev.holdfast.keys.realm.Keyring.Kind;
import dev.holdfast.keys.realm.Keyring.Recipient;
import dev.holdfast.keys.realm.RealmKey;
import dev.holdfast.keys.recovery.RecoveryKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Opens a realm key by whatever private key is at hand: that of a member in a key store, else the recovery key. Keys that cannot be
 * read are passed over as long as another opens it.
 */
public final class RealmAccess {
    private final List<KeyStore> stores;
    private final @Nullable RecoveryKey recovery;
    private final Consumer<KeyException> passedOver;

    RealmAccess(List<KeyStore> stores, @Nullable RecoveryKey recovery, Consumer<KeyException> passedOver) {
        this.stores = List.copyOf(stores);
        this.recovery = recovery;
        this.passedOver = passedOver;
    }

    /** By the private keys of members in these stores; {@code passedOver} is told of those that could not be read and were not needed. */
    public static RealmAccess of(List<KeyStore> stores, Consumer<KeyException> passedOver) {
        return new RealmAccess(stores, null, passedOver);
    }

    /** Also by the recovery key, which the caller closes. */
    public RealmAccess with(RecoveryKey typed) {
        return new RealmAccess(stores, typed, passedOver);
    }

    /** The key of {@code keyring}, which the caller closes; throws what is wrong with the keys at hand when none opens it. */
    public RealmKey open(Keyring keyring) {
        List<KeyException> unreadable = new ArrayList<>();
        RealmKey key = openByMember(keyring, unreadable)
                .or(() -> Optional.ofNullable(recovery).map(keyring::unwrapWithRecovery))
                .orElseThrow(() -> unreadable.isEmpty() ? nobody(keyring) : unreadable.get(0));
        unreadable.forEach(passedOver);
        return key;
    }

    private Optional<RealmKey> openByMember(Keyring keyring, List<KeyException> unreadable) {
        for (KeyStore store : stores) {
            for (String machine : store.machines()) {
                Optional<MachineKeys> member = member(store, machine, keyring, unreadable);
                if (member.isPresent()) {
                    try (MachineKeys keys = member.get()) {
                        return Optional.of(keyring.unwrap(keys.sealing()));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<MachineKeys> member(
            KeyStore store, String machine, Keyring keyring, List<KeyException> unreadable) {
        StoredKeys stored = new StoredKeys(store);
        try {
            boolean listed = stored.findPublic(machine)
                    .filter(keys -> keyring.opensFor(keys.sealing()))
                    .isPresent();
            return listed && store.get(KeyEntry.seal(machine)).isPresent()
                    ? Optional.of(stored.machine(machine))
                    : Optional.empty();
        } catch (KeyException e) {
            if (e.reason() == Reason.UNREACHABLE) {
                throw e; // and so are all the others
            }
            unreadable.add(e);
            return Optional.empty();
        }
    }

    private static KeyException nobody(Keyring keyring) {
        List<String> names = keyring.recipients().stream()
                .filter(recipient -> recipient.kind() == Kind.MACHINE)
                .map(Recipient::name)
                .toList();
        return new KeyException(
                Reason.MISSING,
                "nobody here can unwrap the key of realm '" + keyring.realm() + "'",
                "Run it where the private keys of a member lie (" + String.join(", ", names)
                        + "), or give the recovery key with `--recovery`.");
    }
}
