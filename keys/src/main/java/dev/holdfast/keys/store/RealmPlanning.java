package dev.holdfast.keys.store;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyException.Reason;
import dev.holdfast.keys.machine.MachinePublicKeys;
import dev.holdfast.keys.realm.Keyring;
import dev.holdfast.keys.realm.Keyring.Kind;
import dev.holdfast.keys.realm.Keyring.Recipient;
import dev.holdfast.keys.realm.RealmKey;
import dev.holdfast.keys.recovery.RecoveryKey;
import dev.holdfast.keys.seal.SealingKey;
import dev.holdfast.keys.store.KeyPlan.Action;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The part of {@link KeyGeneration} that makes realm keys and wraps them. Adds to the plan, writes nothing itself. */
final class RealmPlanning {
    private final KeyStore store;
    private final StoredKeys stored;
    private final SecureRandom random;
    private final KeyPlan plan;
    private final @Nullable RecoveryKey recovery;
    private final Map<String, MachinePublicKeys> planned = new HashMap<>();
    private List<KeyStore> installed = List.of();

    RealmPlanning(KeyStore store, SecureRandom random, KeyPlan plan, @Nullable RecoveryKey recovery) {
        this.store = store;
        this.stored = new StoredKeys(store);
        this.random = random;
        this.plan = plan;
        this.recovery = recovery;
    }

    /** These public keys are in the plan; they go before what is stored. */
    void knows(MachinePublicKeys keys) {
        planned.put(keys.name(), keys);
    }

    /** Where keys are installed: a realm of which there is one has had backups. */
    void installedIn(List<KeyStore> places) {
        installed = List.copyOf(places);
    }

    /** Makes the realm's key if there is none, else wraps it for the members that it is not wrapped for yet. */
    void complete(RealmMembers realm, SealingKey recoveryKey) {
        List<Recipient> members = members(realm, recoveryKey);
        Optional<Keyring> present = stored.findKeyring(realm.realm());
        if (present.isEmpty()) {
            if (members.size() > 1) {
                make(realm, members);
            }
            return;
        }
        Keyring keyring = withoutReplacedKeys(present.get(), members);
        List<Recipient> missing = members.stream()
                .filter(member -> !keyring.opensFor(member.key()))
                .toList();
        Keyring result = keyring;
        if (!missing.isEmpty()) {
            try (RealmKey key = unwrap(present.get())) {
                for (Recipient member : missing) {
                    result = result.withRecipient(member, key, random);
                    plan.note(Action.WRAPPED, "key of realm '" + realm.realm() + "' for " + nameOf(member));
                }
            }
        }
        if (result.recipients().equals(present.get().recipients())) {
            plan.note(Action.KEPT, "key of realm '" + realm.realm() + "', epoch " + keyring.epoch());
        } else {
            write(result);
        }
        noteStrangers(result, members);
    }

    private void make(RealmMembers realm, List<Recipient> members) {
        requireNew(realm.realm());
        try (RealmKey key = RealmKey.generate(realm.realm(), random)) {
            plan.note(Action.MADE, "key of realm '" + realm.realm() + "'");
            write(wrapForAll(key, members));
        }
    }

    /** A second key for a realm would open none of the backups that there are, and take the place of the one that does. */
    private void requireNew(String realm) {
        KeyEntry entry = KeyEntry.keyring(realm);
        stored.requireNotLost(entry);
        for (KeyStore place : installed) {
            if (place.get(entry).isPresent()) {
                throw new KeyException(
                        Reason.WRONG,
                        store.describe() + " has no key of realm '" + realm + "', but one is installed in "
                                + place.place(entry) + ": a new one could not open the backups that there are",
                        "The key store has lost it, or its place was mistyped (`keys`, `vault.prefix`): bring it back from a"
                                + " backup or a former version of the key store, or from there: `"
                                + store.wayToPut(entry, place.place(entry) + "/" + realm + ".keyring")
                                + "`. If no backup of the realm is wanted any more, move the installed one away.");
            }
        }
    }

    /** Wraps the present key for one more public key of a member, whatever else is listed under its name. */
    void admit(RealmMembers realm, MachinePublicKeys machine) {
        Optional<Keyring> present = stored.findKeyring(realm.realm());
        if (present.isPresent()) {
            try (RealmKey key = unwrap(present.get())) {
                Recipient recipient = new Recipient(Kind.MACHINE, machine.name(), machine.sealing());
                write(present.get().withRecipient(recipient, key, random));
            }
        }
    }

    /** Starts a new epoch, wrapped for the present members and nobody else. */
    void renew(RealmMembers realm, SealingKey recoveryKey) {
        List<Recipient> members = members(realm, recoveryKey);
        Optional<Keyring> present = stored.findKeyring(realm.realm());
        if (present.isEmpty()) {
            make(realm, members);
            return;
        }
        try (RealmKey key = unwrap(present.get());
                RealmKey next = key.withNewEpoch(random)) {
            plan.note(
                    Action.REPLACED,
                    "key of realm '" + realm.realm() + "', now epoch " + next.currentEpoch() + ", check code "
                            + next.checkCode());
            write(wrapForAll(next, members));
        }
        for (Recipient before : present.get().recipients()) {
            if (members.stream().noneMatch(member -> member.name().equals(before.name()))) {
                plan.note(Action.UNWRAPPED, "key of realm '" + realm.realm() + "' for " + nameOf(before));
            }
        }
    }

    private Keyring wrapForAll(RealmKey key, List<Recipient> members) {
        Keyring keyring = Keyring.empty(key);
        for (Recipient member : members) {
            keyring = keyring.withRecipient(member, key, random);
            plan.note(Action.WRAPPED, "key of realm '" + key.realm() + "' for " + nameOf(member));
        }
        return keyring;
    }

    /** The recovery key and all machines of the realm that have keys, from the configuration and not from the old keyring. */
    private List<Recipient> members(RealmMembers realm, SealingKey recoveryKey) {
        List<Recipient> members = new ArrayList<>();
        members.add(new Recipient(Kind.RECOVERY, Keyring.RECOVERY_NAME, recoveryKey));
        for (String machine : realm.machines()) {
            Optional<MachinePublicKeys> keys = Optional.ofNullable(planned.get(machine));
            if (keys.isEmpty()) {
                keys = stored.findPublic(machine);
            }
            keys.ifPresentOrElse(
                    known -> members.add(new Recipient(Kind.MACHINE, machine, known.sealing())),
                    () -> plan.note(
                            Action.WAITING,
                            "machine '" + machine + "' of realm '" + realm.realm() + "' has no keys yet"));
        }
        return members;
    }

    /** A member that has another key now: the line of the old one is of no use to anybody honest. */
    private Keyring withoutReplacedKeys(Keyring keyring, List<Recipient> members) {
        Keyring result = keyring;
        for (Recipient listed : keyring.recipients()) {
            boolean replaced = members.stream()
                    .anyMatch(member -> member.kind() == listed.kind()
                            && member.name().equals(listed.name())
                            && !member.key().equals(listed.key()));
            if (replaced) {
                result = result.withoutRecipient(listed.key());
                plan.note(
                        Action.UNWRAPPED,
                        "key of realm '" + keyring.realm() + "' for the old key of " + nameOf(listed));
            }
        }
        return result;
    }

    private void noteStrangers(Keyring keyring, List<Recipient> members) {
        for (Recipient listed : keyring.recipients()) {
            if (members.stream().noneMatch(member -> member.key().equals(listed.key()))) {
                plan.note(
                        Action.WAITING,
                        nameOf(listed) + " is no member of realm '" + keyring.realm()
                                + "' and can still open it: rotate a member's keys to shut it out");
            }
        }
    }

    private RealmKey unwrap(Keyring keyring) {
        return new RealmAccess(List.of(store), recovery, plan::passOver).open(keyring);
    }

    private static String nameOf(Recipient recipient) {
        return recipient.kind() == Kind.RECOVERY ? "the recovery key" : "machine '" + recipient.name() + "'";
    }

    private void write(Keyring keyring) {
        plan.write(KeyEntry.keyring(keyring.realm()), keyring.encode().getBytes(StandardCharsets.UTF_8));
    }
}
