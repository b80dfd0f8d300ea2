package dev.holdfast.keys.store;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyException.Reason;
import dev.holdfast.keys.machine.MachineKeys;
import dev.holdfast.keys.machine.MachinePublicKeys;
import dev.holdfast.keys.machine.SshPublicKey;
import dev.holdfast.keys.realm.Keyring;
import dev.holdfast.keys.realm.Keyring.Kind;
import dev.holdfast.keys.realm.Keyring.Recipient;
import dev.holdfast.keys.realm.RealmKey;
import dev.holdfast.keys.recovery.RecoveryKey;
import dev.holdfast.keys.seal.SealingKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/** What a key store holds, as keys rather than as entries. The {@code find} methods are empty, the others throw, when it is missing. */
public final class StoredKeys {
    private final KeyStore store;

    public StoredKeys(KeyStore store) {
        this.store = store;
    }

    /** Throws what the store says of an entry that is not there and was once. */
    void requireNotLost(KeyEntry entry) {
        store.lost(entry).ifPresent(e -> {
            throw e;
        });
    }

    /** The secrets of a machine, if both are here. */
    public Optional<MachineKeys> findMachine(String name) {
        Optional<byte[]> ssh = store.get(KeyEntry.ssh(name));
        Optional<byte[]> seal = store.get(KeyEntry.seal(name));
        try {
            return ssh.isPresent() && seal.isPresent()
                    ? Optional.of(MachineKeys.parse(name, ssh.get(), seal.get()))
                    : Optional.empty();
        } catch (KeyException e) {
            throw placed(e, KeyEntry.ssh(name));
        } finally {
            ssh.ifPresent(bytes -> Arrays.fill(bytes, (byte) 0));
            seal.ifPresent(bytes -> Arrays.fill(bytes, (byte) 0));
        }
    }

    public MachineKeys machine(String name) {
        return findMachine(name).orElseThrow(() -> missing("private keys of machine '" + name + "'", name));
    }

    /** The public keys of a machine, if both are here. */
    public Optional<MachinePublicKeys> findPublic(String name) {
        Optional<String> ssh = text(KeyEntry.sshPublic(name));
        Optional<String> seal = text(KeyEntry.sealPublic(name));
        try {
            return ssh.isPresent() && seal.isPresent()
                    ? Optional.of(MachinePublicKeys.parse(name, ssh.get(), seal.get()))
                    : Optional.empty();
        } catch (KeyException e) {
            throw placed(e, KeyEntry.sshPublic(name));
        }
    }

    /** Says where what is damaged lies, and how that store brings it back. */
    private KeyException placed(KeyException e, KeyEntry entry) {
        String way = store.wayBack(entry).map(sentence -> " " + sentence).orElse("");
        return new KeyException(e.reason(), e.getMessage() + " (in " + store.place(entry) + ")", e.hint() + way, e);
    }

    /** By which a machine is known over SSH. */
    public Optional<SshPublicKey> findSsh(String name) {
        try {
            return text(KeyEntry.sshPublic(name)).map(file -> MachinePublicKeys.parseSsh(name, file));
        } catch (KeyException e) {
            throw placed(e, KeyEntry.sshPublic(name));
        }
    }

    public Optional<Keyring> findKeyring(String realm) {
        Optional<Keyring> keyring;
        try {
            keyring = text(KeyEntry.keyring(realm)).map(Keyring::parse);
        } catch (KeyException e) {
            throw placed(e, KeyEntry.keyring(realm));
        }
        if (keyring.isPresent() && !keyring.get().realm().equals(realm)) {
            throw placed(
                    new KeyException(
                            Reason.MALFORMED,
                            "the keyring of realm '" + realm + "' is that of realm '"
                                    + keyring.get().realm() + "'",
                            "Give each keyring its own name back."),
                    KeyEntry.keyring(realm));
        }
        return keyring;
    }

    public Keyring keyring(String realm) {
        return findKeyring(realm).orElseThrow(() -> missing("keyring of realm '" + realm + "'", "--all"));
    }

    /** The current epoch of a realm's key, which whoever cannot open it may know too. */
    public OptionalInt findEpoch(String realm) {
        Optional<Keyring> keyring = findKeyring(realm);
        return keyring.isPresent() ? OptionalInt.of(keyring.get().epoch()) : OptionalInt.empty();
    }

    /** The text of a realm's keyring, without the lines of other machines. */
    public Optional<String> findKeyringFor(String machine, String realm) {
        return findKeyring(realm).map(keyring -> {
            Keyring reduced = keyring;
            for (Recipient recipient : keyring.recipients()) {
                if (recipient.kind() == Kind.MACHINE && !recipient.name().equals(machine)) {
                    reduced = reduced.withoutRecipient(recipient.key());
                }
            }
            return reduced.encode();
        });
    }

    public Optional<SealingKey> findRecovery() {
        try {
            return text(KeyEntry.recoveryPublic()).map(RecoveryKey::parsePublicFile);
        } catch (KeyException e) {
            throw placed(e, KeyEntry.recoveryPublic());
        }
    }

    /** The realm key, unwrapped with the secrets of {@code machine}. */
    public RealmKey realmKey(String realm, String machine) {
        Keyring keyring = keyring(realm);
        try (MachineKeys keys = machine(machine)) {
            return keyring.unwrap(keys.sealing()).heldBy(machine);
        }
    }

    private KeyException missing(String what, String arguments) {
        return new KeyException(
                Reason.MISSING,
                what + " not found in " + store.describe(),
                "Run `holdfast keygen " + arguments + "` where the key store is, then `holdfast configure` here.");
    }

    private Optional<String> text(KeyEntry entry) {
        return store.get(entry).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }
}
