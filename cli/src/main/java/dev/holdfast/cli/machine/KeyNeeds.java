package dev.holdfast.cli.machine;

import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Realm;
import dev.holdfast.core.config.Server;
import dev.holdfast.keys.bundle.Bundle;
import dev.holdfast.keys.store.KeyStore;
import dev.holdfast.keys.store.RealmMembers;
import dev.holdfast.keys.store.StoredKeys;
import java.util.List;
import java.util.stream.Stream;

/**
 * What one machine needs of a key store: its own private keys, the public keys of the other machines, and keyrings. A client has the
 * keyring of its realm, and of local volumes that it may restore; an operator or reader has none; a server has all of its clients', opened or not, since it keeps a
 * copy beside the data so that the recovery key alone is enough to restore, and that of its own local volumes.
 *
 * @param realms whose keyrings it takes where there are any
 * @param required those of them that must be there
 */
public record KeyNeeds(String machine, List<String> others, List<String> realms, List<String> required) {
    public KeyNeeds {
        others = List.copyOf(others);
        realms = List.copyOf(realms);
        required = List.copyOf(required);
    }

    public static KeyNeeds of(Configuration configuration, String machine) {
        List<String> others = configuration.machines().stream()
                .filter(name -> !name.equals(machine))
                .toList();
        if (configuration.isOnlyPerson(machine)) {
            return new KeyNeeds(machine, others, List.of(), List.of());
        }
        boolean client = configuration.findClient(machine).isPresent();
        List<Realm> own = client ? List.of(configuration.realmOf(machine)) : configuration.realms();
        List<Realm> local = client
                ? configuration.locals().realmsOf(machine)
                : configuration.locals().realm(machine).stream().toList();
        return new KeyNeeds(
                machine,
                others,
                Stream.concat(own.stream(), local.stream()).map(Realm::name).toList(),
                client ? own.stream().map(Realm::name).toList() : List.of());
    }

    /** Who shall be able to open which realm, for {@code KeyGeneration}. */
    public static List<RealmMembers> members(Configuration configuration) {
        List<String> servers =
                configuration.servers().stream().map(Server::name).toList();
        Stream<RealmMembers> ofClients = configuration.realms().stream()
                .map(realm ->
                        new RealmMembers(realm.name(), realm.members(), realm.serverTrusted() ? servers : List.of()));
        Stream<RealmMembers> ofLocals = servers.stream()
                .flatMap(server -> configuration.locals().realm(server).stream()
                        .map(realm -> new RealmMembers(realm.name(), realm.members(), List.of(server))));
        return Stream.concat(ofClients, ofLocals).toList();
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
        List<String> kept = store.realms();
        List<String> present = realms.stream()
                .filter(realm -> required.contains(realm) || kept.contains(realm))
                .toList();
        return Bundle.of(store, machine, known, present);
    }
}
