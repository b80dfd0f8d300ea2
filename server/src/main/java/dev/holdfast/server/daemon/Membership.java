package dev.holdfast.server.daemon;

import dev.holdfast.core.config.Client;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Realm;
import dev.holdfast.core.config.Server;
import dev.holdfast.core.wire.Message;
import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.machine.SshPublicKey;
import dev.holdfast.keys.store.Newcomer;
import dev.holdfast.keys.store.StoredKeys;
import dev.holdfast.server.session.Grants;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who belongs to this server and may do what, by one reading of the configuration and the public keys. Immutable. */
final class Membership implements Grants {
    private static final Logger log = LoggerFactory.getLogger(Membership.class);

    private final Configuration configuration;
    private final Server server;
    private final Map<SshPublicKey, String> hosts;
    private final List<String> joined;
    private final StoredKeys keys;

    private Membership(
            Configuration configuration,
            Server server,
            Map<SshPublicKey, String> hosts,
            List<String> joined,
            StoredKeys keys) {
        this.configuration = configuration;
        this.server = server;
        this.hosts = hosts;
        this.joined = joined;
        this.keys = keys;
    }

    /**
     * Clients without a public key in {@code keys} are members that cannot log in yet, unless they are among {@code newcomers}, whose
     * keys go before those that they replaced. The server is a member too when there is something here for it to read: its local
     * volumes, and realms whose key it holds.
     */
    static Membership of(Configuration configuration, String server, StoredKeys keys, List<Newcomer> newcomers) {
        Map<SshPublicKey, String> hosts = new HashMap<>();
        for (Client client : configuration.clients()) {
            findKey(keys, client.name()).ifPresent(key -> hosts.put(key, client.name()));
        }
        List<String> joined = new ArrayList<>();
        for (Newcomer newcomer : newcomers) {
            String name = newcomer.keys().name();
            if (configuration.findClient(name).isPresent() && counts(newcomer, keys)) {
                hosts.values().remove(name);
                if (hosts.putIfAbsent(newcomer.keys().ssh(), name) == null) {
                    joined.add(name);
                }
            }
        }
        for (String person : configuration.people()) {
            if (configuration.findClient(person).isEmpty()) {
                findKey(keys, person).ifPresent(key -> hosts.putIfAbsent(key, person));
            }
        }
        if (isMember(configuration, server)) {
            findKey(keys, server).ifPresent(key -> hosts.put(key, server));
        }
        return new Membership(configuration, configuration.server(server), hosts, List.copyOf(joined), keys);
    }

    private static boolean counts(Newcomer newcomer, StoredKeys keys) {
        try {
            return newcomer.counts(keys);
        } catch (KeyException e) {
            log.warn("{} is kept out: {}", newcomer.keys().name(), e.getMessage());
            return false;
        }
    }

    private static boolean isMember(Configuration configuration, String server) {
        return configuration.locals().realm(server).isPresent()
                || configuration.realms().stream().anyMatch(Realm::serverTrusted);
    }

    /** A key that cannot be read keeps out the client that has it, whom {@link #withoutKey} names, and nobody else. */
    private static Optional<SshPublicKey> findKey(StoredKeys keys, String client) {
        try {
            return keys.findSsh(client);
        } catch (KeyException e) {
            if (e.reason() != KeyException.Reason.IO) {
                throw e;
            }
            log.warn("{}", e.getMessage());
            return Optional.empty();
        }
    }

    Configuration configuration() {
        return configuration;
    }

    Server server() {
        return server;
    }

    Optional<String> hostOf(SshPublicKey key) {
        return Optional.ofNullable(hosts.get(key));
    }

    /** Whether the host may still be logged in with the key that it had {@code before}. */
    boolean keeps(String host, Membership before) {
        return before.hosts.entrySet().stream()
                .filter(entry -> entry.getValue().equals(host))
                .allMatch(entry -> host.equals(hosts.get(entry.getKey())));
    }

    /** What keeps out a host that was let in before. */
    String whyNot(String host) {
        if (!configuration.machines().contains(host)) {
            return "is no longer in the configuration";
        }
        return knows(host) ? "has another key now" : "no longer has a public key here";
    }

    /** Clients whose keys came by an invitation and are not in the key store. */
    List<String> joined() {
        return joined;
    }

    /** Clients that have no public key here. */
    List<String> withoutKey() {
        return configuration.clients().stream()
                .map(Client::name)
                .filter(name -> !hosts.containsValue(name))
                .toList();
    }

    @Override
    public boolean knows(String host) {
        return hosts.containsValue(host) || (isServer(host) && isMember(configuration, host));
    }

    @Override
    public boolean isHost(String name) {
        return isServer(name) || configuration.findClient(name).isPresent();
    }

    @Override
    public boolean maySeeFleet(String name) {
        return configuration.people().contains(name);
    }

    @Override
    public boolean mayOrder(String name) {
        return configuration.operators().contains(name);
    }

    private boolean isServer(String host) {
        return server.name().equals(host);
    }

    @Override
    public Optional<String> realmOf(String host) {
        return knows(host) ? configuration.realmOfSource(host).map(Realm::name) : Optional.empty();
    }

    @Override
    public boolean mayRead(String host, String realm) {
        if (!knows(host) || !isHost(host)) {
            return false;
        }
        boolean ofLocals = configuration
                .locals()
                .realm(server.name())
                .filter(local -> local.name().equals(realm))
                .filter(local -> isServer(host) || local.members().contains(host))
                .isPresent();
        return ofLocals
                || (isServer(host)
                        ? trustedRealms().contains(realm)
                        : configuration.realmOf(host).name().equals(realm));
    }

    /** Read when it is asked for. What cannot be read, or is too long to be sent, is as good as none. */
    @Override
    public Optional<String> keyringFor(String host, String realm) {
        if (!mayRead(host, realm)) {
            return Optional.empty();
        }
        try {
            return keys.findKeyringFor(host, realm).filter(text -> text.length() <= Message.Keyring.LONGEST);
        } catch (KeyException e) {
            log.warn("the keyring of realm '{}' cannot be given to '{}': {}", realm, host, e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public boolean mayBackUp(String host, String volume) {
        if (isServer(host)) {
            return configuration.locals().contains(volume);
        }
        return configuration
                .findClient(host)
                .filter(client -> client.backup().contains(volume))
                .isPresent();
    }

    @Override
    public boolean mayRestore(String host, String sourceHost, String volume) {
        return configuration.mayRestore(host, sourceHost, volume);
    }

    @Override
    public long quotaBytes(String host) {
        return server.quota().orElse(Long.MAX_VALUE);
    }

    /** All that lies here: the realms of the clients, and that of the local volumes. */
    List<Realm> realms() {
        return Stream.concat(configuration.realms().stream(), configuration.locals().realm(server.name()).stream())
                .toList();
    }

    /** Whether only this server backs up to the realm, so that there is nobody who would have to be trusted. */
    boolean isLocal(Realm realm) {
        return configuration.locals().realm(server.name()).filter(realm::equals).isPresent();
    }

    /** Realms of clients whose key this server holds. */
    List<String> trustedRealms() {
        return configuration.realms().stream()
                .filter(Realm::serverTrusted)
                .map(Realm::name)
                .toList();
    }
}
