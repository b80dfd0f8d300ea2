package dev.holdfast.cli.machine;

import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Realm;
import dev.holdfast.core.config.Server;
import dev.holdfast.keys.bundle.Bundle;
import dev.holdfast.keys.store.KeyStore;
import dev.holdfast.keys.store.RealmMembers;
import dev.holdfast.keys.store.StoredKeys;
import java.util.List;

/**
 * What one machine needs of a key store: its own private keys, the public keys of the other machines, and keyrings. A client has the
 * keyring of its realm; a server has all of them, opened or not, since it keeps a copy beside the data so that the recovery key alone
 * is enough to restore.
 */
public record KeyNeeds(String machine, List<String> others, List<String> realms, boolean allRealmsRequired) {
    public KeyNeeds {
        others = List.copyOf(others);
        realms = List.copyOf(realms);
    }

    public static KeyNeeds of(Configuration configuration, String machine) {
        List<String> others = configuration.machines().stream()
                .filter(name -> !name.equals(machine))
                .toList();
        boolean client = configuration.findClient(machine).isPresent();
        List<String> realms = client
                ? List.of(configuration.realmOf(machine).name())
                : configuration.realms().stream().map(Realm::name).toList();
        return new KeyNeeds(machine, others, realms, client);
    }

    /** Who shall be able to open which realm, for {@code KeyGeneration}. */
    public static List<RealmMembers> members(Configuration configuration) {
        List<String> servers =
                configuration.servers().stream().map(Server::name).toList();
        return configuration.realms().stream()
                .map(realm ->
                        new RealmMembers(realm.name(), realm.members(), realm.serverTrusted() ? servers : List.of()))
                .toList();
    }

    /** The other machines that have no public keys in that store yet. */
    public List<String> missing(KeyStore store) {
        StoredKeys stored = new StoredKeys(store);
        return others.stream().filter(name -> stored.findPublic(name).isEmpty()).toList();
    }

    /** Copies it out; machines without keys are left out. Throws {@code KeyException} when this machine's own are missing. */
    public Bundle bundle(KeyStore store) {
        List<String> missing = missing(store);
        List<String> known =
                others.stream().filter(name -> !missing.contains(name)).toList();
        List<String> present = allRealmsRequired
                ? realms
                : realms.stream().filter(store.realms()::contains).toList();
        return Bundle.of(store, machine, known, present);
    }
}
