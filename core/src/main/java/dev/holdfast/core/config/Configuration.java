package dev.holdfast.core.config;

import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A configuration without problems: every name in it is known, every value possible.
 *
 * @param file where it was read, absolute
 * @param realms with all their members; the implicit {@code default} one when none is configured
 * @param operators people and clients who may start work on hosts, and see all that readers see
 * @param readers people and clients who may see how the backups of all hosts stand
 * @param timeZone of all times in it where nothing else is said
 * @param keys the folder of the key store
 * @param channels by which people are told
 * @param watch when they are
 * @param origins the line of every key, for {@link Setting}s
 */
public record Configuration(
        Path file,
        List<Server> servers,
        List<Client> clients,
        List<Volume> volumes,
        List<Realm> realms,
        List<String> operators,
        List<String> readers,
        Limits limits,
        Optional<ZoneId> timeZone,
        Path keys,
        Optional<Vault> vault,
        List<Channel> channels,
        Watch watch,
        Optional<String> tag,
        Origins origins) {
    public Configuration {
        servers = List.copyOf(servers);
        clients = List.copyOf(clients);
        volumes = List.copyOf(volumes);
        realms = List.copyOf(realms);
        operators = List.copyOf(operators);
        readers = List.copyOf(readers);
        channels = List.copyOf(channels);
    }

    /** The server of that name; a problem that names the nearest when there is none. */
    public Server server(String name) {
        return servers.stream()
                .filter(server -> server.name().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(
                        "server", name, servers.stream().map(Server::name).toList()));
    }

    /** The client of that name; a problem that names the nearest when there is none. */
    public Client client(String name) {
        return findClient(name)
                .orElseThrow(() -> unknown(
                        "client", name, clients.stream().map(Client::name).toList()));
    }

    public Optional<Client> findClient(String name) {
        return clients.stream().filter(client -> client.name().equals(name)).findFirst();
    }

    public Optional<Server> findServer(String name) {
        return servers.stream().filter(server -> server.name().equals(name)).findFirst();
    }

    /** The volume of that name; a problem that names the nearest when there is none. */
    public Volume volume(String name) {
        return findVolume(name)
                .orElseThrow(() -> unknown(
                        "volume", name, volumes.stream().map(Volume::name).toList()));
    }

    public Optional<Volume> findVolume(String name) {
        return volumes.stream().filter(volume -> volume.name().equals(name)).findFirst();
    }

    /** Everything that has keys: servers first, then clients, then those who are only people. */
    public List<String> machines() {
        return Stream.of(servers.stream().map(Server::name), clients.stream().map(Client::name), people().stream())
                .flatMap(names -> names)
                .distinct()
                .toList();
    }

    /** Operators and readers. */
    public List<String> people() {
        return Stream.concat(operators.stream(), readers.stream()).distinct().toList();
    }

    /** Whether the name is that of an operator or reader who is no client. */
    public boolean isOnlyPerson(String name) {
        return people().contains(name) && findClient(name).isEmpty();
    }

    /** The name, when a machine is called so; a problem that names the nearest when there is none. */
    public String machine(String name) {
        if (!machines().contains(name)) {
            throw unknown("machine", name, machines());
        }
        return name;
    }

    /** The realm of a client; every client has exactly one. */
    public Realm realmOf(String host) {
        client(host);
        return realms.stream()
                .filter(realm -> realm.members().contains(host))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("a client without a realm: " + host));
    }

    /** The volumes that lie on servers. */
    public LocalVolumes locals() {
        return new LocalVolumes(this);
    }

    /** The realm in which the snapshots lie that a client or server made; empty for a server without local volumes, and for strangers. */
    public Optional<Realm> realmOfSource(String host) {
        return findClient(host).isPresent() ? Optional.of(realmOf(host)) : locals().realm(host);
    }

    /** What the configuration means for one client. */
    public HostConfiguration forHost(String name) {
        return new HostConfiguration(this, client(name));
    }

    /** Whether the file says nowhere who may restore what, so that every host of a realm may restore everything in it. */
    public boolean restoreIsUnrestricted() {
        return clients.stream().allMatch(client -> client.restore().isEmpty());
    }

    /**
     * Whether a client may restore what {@code source} backed up of {@code volume}. Its own always; else by its grants, or anything
     * when there are none in the whole file; but nothing of another realm. Where there are several realms, a source that is no client
     * (a server's local volume, a host that was removed) belongs to none of them and must be granted by name. A server may restore its
     * own local volumes, and what lies in realms whose key it holds.
     */
    public boolean mayRestore(String host, String source, String volume) {
        if (findServer(host).isPresent()) {
            boolean own = host.equals(source) && locals().contains(volume);
            return own || (findClient(source).isPresent() && realmOf(source).serverTrusted());
        }
        Optional<Client> client = findClient(host);
        if (client.isEmpty() || !Names.isSafe(source) || !Names.isSafe(volume)) {
            return false;
        }
        if (host.equals(source)) {
            return true;
        }
        boolean sourceKnown = findClient(source).isPresent();
        if (sourceKnown && !realmOf(host).members().contains(source)) {
            return false;
        }
        boolean byName = !sourceKnown && realms.size() > 1;
        if (restoreIsUnrestricted()) {
            return !byName;
        }
        return client.get().restore().orElse(List.of()).stream()
                .filter(grant -> !byName || grant.source().equals(source))
                .anyMatch(grant -> grant.matches(source, volume));
    }

    /** All values in force with their origins, as {@code config show} prints them. */
    public List<ConfigurationTable.Row> rows() {
        return ConfigurationTable.of(this);
    }

    /** Whether a volume, a host or a realm may be called so: it is safe as a file name. */
    public static boolean isName(String text) {
        return Names.isSafe(text);
    }

    /** The values in force for one server or client; a problem that names the nearest when there is none of that name. */
    public List<ConfigurationTable.Row> rows(String machine) {
        return ConfigurationTable.of(this, machine(machine));
    }

    /** The one of these names that was probably meant. */
    public static Optional<String> nearest(String name, Collection<String> known) {
        return Names.nearest(name, known);
    }

    private HoldfastException unknown(String kind, String name, List<String> known) {
        String hint = Names.nearest(name, known)
                .map(nearest -> "Did you mean '" + nearest + "'?")
                .orElse(
                        known.isEmpty()
                                ? "The configuration names none."
                                : "Known are " + String.join(", ", known) + ".");
        return Problem.of(ProblemCode.NOT_FOUND, "no " + kind + " '" + Findings.brief(name) + "' in " + file, hint)
                .asException();
    }
}
