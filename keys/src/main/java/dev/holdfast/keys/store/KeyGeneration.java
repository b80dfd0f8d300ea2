package dev.holdfast.keys.store;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyException.Reason;
import dev.holdfast.keys.machine.MachineKeys;
import dev.holdfast.keys.machine.MachinePublicKeys;
import dev.holdfast.keys.machine.SshPublicKey;
import dev.holdfast.keys.realm.Keyring.Kind;
import dev.holdfast.keys.recovery.RecoveryKey;
import dev.holdfast.keys.seal.SealingKey;
import dev.holdfast.keys.store.KeyPlan.Action;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
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

    /** Makes no second key of a realm of which one is installed in one of these places. */
    public KeyGeneration installedIn(List<KeyStore> places) {
        realmKeys.installedIn(places);
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
            // Not read as keys: what is replaced may be damaged, or too weak to be taken.
            boolean hadKeys = store.get(KeyEntry.sshPublic(machine)).isPresent();
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
                plan.note(hadKeys ? Action.REPLACED : Action.MADE, "keys of machine '" + machine + "'");
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
        requireNoPaper();
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

    /** Realm keys that are wrapped for a recovery key say that somebody has it on paper, and which one it is. */
    private void requireNoPaper() {
        if (recovery == null) {
            stored.requireNotLost(KeyEntry.recoveryPublic());
        }
        for (String realm : store.realms()) {
            boolean another = stored.findKeyring(realm).stream()
                    .flatMap(keyring -> keyring.recipients().stream())
                    .filter(recipient -> recipient.kind() == Kind.RECOVERY)
                    .anyMatch(recipient -> recovery == null || !recipient.key().equals(recovery.publicKey()));
            if (another) {
                throw new KeyException(
                        Reason.WRONG,
                        recovery == null
                                ? "the public recovery key is not in " + store.describe()
                                        + " any more, but realm keys are wrapped for one: another would make its paper worthless"
                                : "the recovery key is not the one that the key of realm '" + realm
                                        + "' is wrapped for",
                        "Put it back from a backup or a former version of the key store, or give the same command with"
                                + " `--recovery` and type the recovery key of the paper.");
            }
        }
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
                    if (newcomer.before().isPresent() || store.get(secret).isPresent()) {
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
                requireSame(keys.publicKeys().ssh(), machine);
                if (known.isPresent() && !known.get().equals(keys.publicKeys())) {
                    throw notTogether(machine);
                }
                if (known.isEmpty()) {
                    write(keys);
                }
                plan.note(
                        known.isEmpty() ? Action.MADE : Action.KEPT,
                        (known.isEmpty() ? "public keys of machine '" : "keys of machine '") + machine + "'");
                noteLegacy(keys.publicKeys());
            }
        } else if (known.isPresent()) {
            // The private keys live on the machine itself; that is how it should be.
            plan.note(Action.KEPT, "keys of machine '" + machine + "' (only the public ones are here)");
            noteLegacy(known.get());
        } else if (hasPairOfPrivateer(machine)) {
            completePair(machine);
        } else {
            refuseHalfMachine(machine);
            stored.requireNotLost(KeyEntry.sshPublic(machine));
            try (MachineKeys keys = MachineKeys.generate(machine, random)) {
                write(keys);
                plan.note(Action.MADE, "keys of machine '" + machine + "'");
            }
        }
    }

    private void requireSame(SshPublicKey ofPrivate, String machine) {
        if (stored.findSsh(machine).filter(key -> !key.equals(ofPrivate)).isPresent()) {
            throw notTogether(machine);
        }
    }

    private KeyException notTogether(String machine) {
        String place = store.place(KeyEntry.ssh(machine));
        return new KeyException(
                Reason.WRONG,
                "private and public keys of machine '" + machine + "' do not belong together (in " + place + ")",
                "Bring back what was there from a backup or a former version, or run `holdfast keygen --rotate "
                        + machine + "`.");
    }

    /** An SSH pair of the kind that only privateer makes, and nothing of ours. */
    private boolean hasPairOfPrivateer(String machine) {
        return stored.findSsh(machine).filter(SshPublicKey::isLegacy).isPresent()
                && store.get(KeyEntry.ssh(machine)).isPresent()
                && store.get(KeyEntry.seal(machine)).isEmpty()
                && store.get(KeyEntry.sealPublic(machine)).isEmpty();
    }

    /** The pair stays as it is, to the byte: privateer may still run by it. */
    private void completePair(String machine) {
        byte[] file = store.get(KeyEntry.ssh(machine)).orElseThrow();
        try (MachineKeys keys = MachineKeys.complete(machine, file, random)) {
            requireSame(keys.publicKeys().ssh(), machine);
            realmKeys.knows(keys.publicKeys());
            plan.write(KeyEntry.seal(machine), keys.sealFile());
            plan.write(KeyEntry.sealPublic(machine), bytes(keys.publicKeys().sealFile()));
            plan.note(Action.MADE, "sealing key of machine '" + machine + "'");
            noteLegacy(keys.publicKeys());
        } finally {
            Arrays.fill(file, (byte) 0);
        }
    }

    private void noteLegacy(MachinePublicKeys keys) {
        if (keys.ssh().isLegacy()) {
            plan.note(
                    Action.KEPT,
                    "RSA pair of privateer as the SSH key of machine '" + keys.name() + "'; `keygen --rotate "
                            + keys.name() + "` replaces it");
        }
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
                        "machine '" + machine + "' has " + store.called(entry) + " but not its other keys",
                        "Bring back what was in " + store.place(entry)
                                + " from a backup or a former version, or run `holdfast keygen --rotate " + machine
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
