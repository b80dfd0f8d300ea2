package dev.holdfast.core.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The volumes that lie on servers: no client backs them up. A server makes a snapshot of one when somebody restores it, and keeps
 * these snapshots under its own name, as if it were a host. They lie open on the server anyway, so their key may too: it is that of a
 * realm of its own for each server, which holds nothing else, whatever the realms of the clients are.
 */
public final class LocalVolumes {
    private static final String REALM_PREFIX = "local-";

    /** Longer names of servers would make names of realms that are too long. */
    static final int LONGEST_SERVER = 100 - REALM_PREFIX.length();

    private final Configuration configuration;

    LocalVolumes(Configuration configuration) {
        this.configuration = configuration;
    }

    /** The name of the realm for the local volumes of a server; no other realm may be called so. */
    static String realmName(String server) {
        return REALM_PREFIX + server;
    }

    public boolean contains(String volume) {
        return configuration.findVolume(volume).filter(Volume::local).isPresent();
    }

    public List<String> names() {
        return configuration.volumes().stream()
                .filter(Volume::local)
                .map(Volume::name)
                .toList();
    }

    /** Any volume as it lies on a server: where its own path says; without one a container engine must know the name. */
    public HostVolume volume(String name) {
        return new VolumeSettings(configuration, "", Map.of(), Optional.empty()).of(name);
    }

    /**
     * The realm of a server's local volumes, with the clients that may restore one of them as members; the server itself holds its
     * key too. Empty when no volume is local, or there is no such server.
     */
    public Optional<Realm> realm(String server) {
        List<String> volumes = names();
        if (volumes.isEmpty() || configuration.findServer(server).isEmpty()) {
            return Optional.empty();
        }
        List<String> members = configuration.clients().stream()
                .map(Client::name)
                .filter(client -> volumes.stream().anyMatch(v -> configuration.mayRestore(client, server, v)))
                .toList();
        return Optional.of(new Realm(realmName(server), Realm.ServerRole.TRUSTED, members));
    }

    /** The realms of all servers' local volumes. */
    public List<Realm> realms() {
        return configuration.servers().stream()
                .flatMap(server -> realm(server.name()).stream())
                .toList();
    }

    /** The realms among {@link #realms} that a client is a member of. */
    public List<Realm> realmsOf(String client) {
        return realms().stream()
                .filter(realm -> realm.members().contains(client))
                .toList();
    }
}
