package dev.holdfast.server.join;

import dev.holdfast.keys.KeyName;
import dev.holdfast.keys.machine.Ed25519PublicKey;
import dev.holdfast.keys.machine.MachinePublicKeys;
import dev.holdfast.keys.machine.SshPublicKey;
import dev.holdfast.keys.store.Newcomer;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * That a host may join. Holds nothing by which the code could be found.
 *
 * @param number counts the invitations of a server: of two that were used for the same host, the higher one is true
 * @param login by which the holder of the code is known, once
 * @param welcome what is handed over; empty when it was thrown away because its time is over
 */
public record Invitation(
        long number, Guest guest, Ed25519PublicKey login, Instant made, Instant expires, Fate fate, String welcome) {
    /**
     * Who is invited, and how things stood with it when it was.
     *
     * @param epochs of the realm keys in the welcome, by realm
     * @param before the SSH key that the key store had of the host
     */
    public record Guest(String name, SortedMap<String, Integer> epochs, Optional<SshPublicKey> before) {
        public Guest(String name, Map<String, Integer> epochs, Optional<SshPublicKey> before) {
            this(name, new TreeMap<>(epochs), before);
        }

        public Guest {
            KeyName.require("machine", name);
            epochs.keySet().forEach(realm -> KeyName.require("realm", realm));
            epochs = Collections.unmodifiableSortedMap(new TreeMap<>(epochs));
        }
    }

    public String name() {
        return guest.name();
    }

    public boolean isOpen(Instant now) {
        return fate instanceof Fate.Open && now.isBefore(expires);
    }

    /** The host that used it, if one did. */
    public Optional<Newcomer> newcomer() {
        return keys().map(keys -> new Newcomer(keys, guest.before()));
    }

    Optional<MachinePublicKeys> keys() {
        return fate instanceof Fate.Joined joined ? Optional.of(joined.keys()) : Optional.empty();
    }

    Invitation with(Fate other) {
        return new Invitation(number, guest, login, made, expires, other, welcome);
    }

    Invitation withoutWelcome() {
        return new Invitation(number, guest, login, made, expires, fate, "");
    }

    @Override
    public String toString() {
        return "Invitation " + number + " of '" + name() + "', " + fate;
    }
}
