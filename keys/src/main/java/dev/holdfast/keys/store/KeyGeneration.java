package dev.holdfast.keys.store;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyException.Reason;
import dev.holdfast.keys.machine.MachineKeys;
import dev.holdfast.keys.machine.MachinePublicKeys;
import dev.holdfast.keys.recovery.RecoveryKey;
import dev.holdfast.keys.seal.SealingKey;
import dev.holdfast.keys.store.KeyPlan.Action;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The main path of {@code keygen}: adds the keys that are missing and never overwrites one; {@link #rotate} replaces those of one
 * machine. For one use: it makes one {@link KeyPlan}, which writes nothing until it is committed.
 *
 * <p>Wrapping an existing realm key for one more machine needs somebody who can unwrap it: a member whose secret lies in this
 * store, or the recovery key. When nobody is at hand the whole plan fails.
 */
public final class KeyGeneration {
    private final KeyStore store;
    private final StoredKeys stored;
    private final SecureRandom random;
    private final KeyPlan plan;
    private final RealmPlanning realmKeys;
    private final @Nullable RecoveryKey recovery;
    private List<Newcomer> newcomers = List.of();

    public KeyGeneration(KeyStore store, SecureRandom random) {
        this(store, random, null);
    }

    private KeyGeneration(KeyStore store, SecureRandom random, @Nullable RecoveryKey recovery) {
        this.store = store;
        this.stored = new StoredKeys(store);
        this.random = random;
        this.plan = new KeyPlan(store);
        this.recovery = recovery;
        this.realmKeys = new RealmPlanning(store, random, plan, recovery);
    }

    /** May also unwrap realm keys with {@code recovery}; throws {@code WRONG} when it is not this store's. */
    public static KeyGeneration withRecovery(KeyStore store, SecureRandom random, RecoveryKey recovery) {
        Optional<SealingKey> known = new StoredKeys(store).findRecovery();
        if (known.isPresent() && !known.get().equals(recovery.publicKey())) {
            throw new KeyException(
                    Reason.WRONG,
                    "recovery key is not the one of " + store.describe(),
                    "Look for the paper that was written when this key store was made.");
        }
        return new KeyGeneration(store, random, recovery);
    }

    /** Also takes the public keys of machines that joined by an invitation into the store, where they count. */
    public KeyGeneration adopting(List<Newcomer> joined) {
        newcomers = List.copyOf(joined);
        return this;
    }

    /** Adds what {@code machines} and {@code realms} lack. Machines of a realm that have no keys yet are left for their own turn. */
    public KeyPlan plan(List<String> machines, List<RealmMembers> realms) {
        try {
            SealingKey recoveryKey = recoveryKey();
            Set<String> adopted = adopt(newcomers);
            for (String machine : machines) {
                if (!adopted.contains(machine)) {
                    completeMachine(machine);
                }
                notePrivateerPair(machine);
            }
            for (RealmMembers realm : realms) {
                realmKeys.complete(realm, recoveryKey);
            }
            return plan;
        } catch (KeyException e) {
            plan.close();
            throw e;
        }
    }

    /** Replaces the keys of {@code machine} and starts a new epoch of every realm it belongs to. */
    public KeyPlan rotate(String machine, List<RealmMembers> realms) {
        try {
            SealingKey recoveryKey = recoveryKey();
            adopt(newcomers.stream()
                    .filter(newcomer -> !newcomer.keys().name().equals(machine))
                    .toList());
            Optional<MachinePublicKeys> old = stored.findPublic(machine);
            try (MachineKeys keys = MachineKeys.generate(machine, random)) {
                List<RealmMembers> affected = realms.stream()
                        .filter(realm -> realm.machines().contains(machine))
                        .toList();
                // A crash in between must leave nobody locked out: both keys are in the keyrings while the files
                // change.
                for (RealmMembers realm : affected) {
                    realmKeys.admit(realm, keys.publicKeys());
                }
                write(keys);
                plan.note(old.isPresent() ? Action.REPLACED : Action.MADE, "keys of machine '" + machine + "'");
                removePrivateerPair(machine);
                for (RealmMembers realm : affected) {
                    realmKeys.renew(realm, recoveryKey);
                }
                return plan;
            }
        } catch (KeyException e) {
            plan.close();
            throw e;
        }
    }

    private SealingKey recoveryKey() {
        Optional<SealingKey> known = stored.findRecovery();
        if (known.isPresent()) {
            plan.note(Action.KEPT, "recovery key");
            return known.get();
        }
        SealingKey publicKey;
        if (recovery != null) {
            publicKey = recovery.publicKey();
            plan.note(Action.KEPT, "recovery key, as given");
        } else {
            RecoveryKey fresh = RecoveryKey.generate(random);
            plan.created(fresh);
            publicKey = fresh.publicKey();
            plan.note(Action.MADE, "recovery key");
        }
        plan.write(KeyEntry.recoveryPublic(), bytes(RecoveryKey.publicFile(publicKey)));
        return publicKey;
    }

    /** Private keys that the store had go: they belong to those that were replaced. */
    private Set<String> adopt(List<Newcomer> joined) {
        Set<String> adopted = new HashSet<>();
        for (Newcomer newcomer : joined) {
            MachinePublicKeys keys = newcomer.keys();
            if (newcomer.counts(stored)
                    && !newcomer.before().equals(Optional.of(keys.ssh()))
                    && adopted.add(keys.name())) {
                realmKeys.knows(keys);
                for (KeyEntry secret : List.of(KeyEntry.ssh(keys.name()), KeyEntry.seal(keys.name()))) {
                    if (newcomer.before().isPresent()) {
                        plan.remove(secret);
                    }
                }
                plan.write(KeyEntry.sealPublic(keys.name()), bytes(keys.sealFile()));
                plan.write(KeyEntry.sshPublic(keys.name()), bytes(keys.sshFile()));
                plan.note(
                        Action.ADOPTED, "public keys of machine '" + keys.name() + "', which joined by an invitation");
            }
        }
        return adopted;
    }

    private void completeMachine(String machine) {
        Optional<MachinePublicKeys> known = stored.findPublic(machine);
        Optional<MachineKeys> secrets = stored.findMachine(machine);
        if (secrets.isPresent()) {
            try (MachineKeys keys = secrets.get()) {
                if (known.isPresent() && !known.get().equals(keys.publicKeys())) {
                    throw new KeyException(
                            Reason.WRONG,
                            "private and public keys of machine '" + machine + "' do not belong together",
                            "Restore machines/" + machine + " from a backup, or run `holdfast keygen --rotate "
                                    + machine + "`.");
                }
                if (known.isEmpty()) {
                    write(keys);
                }
                plan.note(
                        known.isEmpty() ? Action.MADE : Action.KEPT,
                        (known.isEmpty() ? "public keys of machine '" : "keys of machine '") + machine + "'");
            }
        } else if (known.isPresent()) {
            // The private keys live on the machine itself; that is how it should be.
            plan.note(Action.KEPT, "keys of machine '" + machine + "' (only the public ones are here)");
        } else {
            refuseHalfMachine(machine);
            try (MachineKeys keys = MachineKeys.generate(machine, random)) {
                write(keys);
                plan.note(Action.MADE, "keys of machine '" + machine + "'");
            }
        }
    }

    /** What privateer made is no key of ours: it hinders nothing, and stays for as long as privateer may still run. */
    private void notePrivateerPair(String machine) {
        if (hasPrivateerPair(machine)) {
            plan.note(Action.KEPT, "privateer's RSA pair of machine '" + machine + "', for privateer alone");
        }
    }

    /** A rotation means that nobody shall get in with anything that was there before. */
    private void removePrivateerPair(String machine) {
        if (hasPrivateerPair(machine)) {
            plan.remove(KeyEntry.privateerPrivate(machine));
            plan.remove(KeyEntry.privateerPublic(machine));
            plan.note(Action.REMOVED, "privateer's RSA pair of machine '" + machine + "'");
        }
    }

    private boolean hasPrivateerPair(String machine) {
        return store.get(KeyEntry.privateerPublic(machine)).isPresent();
    }

    private void refuseHalfMachine(String machine) {
        for (KeyEntry entry : List.of(
                KeyEntry.ssh(machine),
                KeyEntry.seal(machine),
                KeyEntry.sshPublic(machine),
                KeyEntry.sealPublic(machine))) {
            if (store.get(entry).isPresent()) {
                throw new KeyException(
                        Reason.EXISTS,
                        "machine '" + machine + "' has " + entry.path() + " but not its other keys",
                        "Restore machines/" + machine + " from a backup, or run `holdfast keygen --rotate " + machine
                                + "`.");
            }
        }
    }

    /** Private files first: when only public ones are missing after a crash, the next run adds them. */
    private void write(MachineKeys keys) {
        String name = keys.name();
        realmKeys.knows(keys.publicKeys());
        plan.write(KeyEntry.ssh(name), keys.sshFile());
        plan.write(KeyEntry.seal(name), keys.sealFile());
        plan.write(KeyEntry.sshPublic(name), bytes(keys.publicKeys().sshFile()));
        plan.write(KeyEntry.sealPublic(name), bytes(keys.publicKeys().sealFile()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
