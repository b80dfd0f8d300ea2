package dev.holdfast.cli.command;

import dev.holdfast.agent.link.ServerLink;
import dev.holdfast.cli.command.SilentServers.Holder;
import dev.holdfast.cli.command.SilentServers.Silent;
import dev.holdfast.cli.machine.Connections;
import dev.holdfast.cli.machine.Machine;
import dev.holdfast.core.config.Client;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Realm;
import dev.holdfast.core.config.Server;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.SnapshotRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Finds out whose backups of a volume are meant, and on which server, where the command line does not say. A server reads on itself.
 * Of several servers that could be meant each is asked; what only one has is restored from there.
 */
final class Whereabouts {
    private final Machine machine;
    private final Connections connections;
    private final SilentServers silence;
    private final Configuration configuration;

    Whereabouts(Machine machine, Connections connections, SilentServers silence) {
        this.machine = machine;
        this.connections = connections;
        this.silence = silence;
        this.configuration = machine.configuration();
    }

    /** Where a listing is to be had; {@code USAGE} on a server that can read nothing of what it keeps. */
    Server server(Optional<String> server) {
        if (!machine.isServer()) {
            return connections.serverFor(server);
        }
        boolean readsAnything = configuration.locals().realm(machine.name()).isPresent()
                || configuration.realms().stream().anyMatch(Realm::serverTrusted);
        if (!readsAnything) {
            throw Problem.of(
                            ProblemCode.USAGE,
                            "this machine, '" + machine.name()
                                    + "', is a server of sealed realms, and reads nothing of what it keeps",
                            "Run it on a client, or say with `--as NAME` that this machine is one.")
                    .asException();
        }
        return self(server);
    }

    /**
     * Whose backups of the volume are meant, and where they are. When nobody says and the volume is not local, they are this host's if it
     * backs the volume up or nobody does any more, else those of the only client that does.
     *
     * @param server as the person says
     * @param source as the person says
     */
    Provenance find(Optional<String> server, Optional<String> source, String volume) {
        if (machine.isServer()) {
            return new Provenance(
                    self(server),
                    source.orElseGet(
                            () -> configuration.locals().contains(volume) ? machine.name() : onlyClientWith(volume)));
        }
        boolean local = source.map(name -> configuration.findServer(name).isPresent())
                .orElse(configuration.locals().contains(volume));
        if (local) {
            Server at = localServer(server, source, volume);
            return new Provenance(at, at.name());
        }
        String host = source.orElseGet(() -> hostWith(volume));
        return new Provenance(server.isPresent() ? named(server.get()) : holder(volume, at -> host), host);
    }

    private Server named(String server) {
        return configuration.server(server);
    }

    private Server self(Optional<String> server) {
        if (server.isPresent() && !named(server.get()).name().equals(machine.name())) {
            throw Problem.of(
                            ProblemCode.USAGE,
                            "this machine is server '" + machine.name() + "' and reads nothing on server '"
                                    + server.get() + "'",
                            "Run it on a client, or leave --server out.")
                    .asException();
        }
        return machine.server();
    }

    private Server localServer(Optional<String> server, Optional<String> source, String volume) {
        if (server.isPresent() && source.isPresent() && !server.equals(source)) {
            throw Problem.of(
                            ProblemCode.USAGE,
                            "what lies on server '" + source.get() + "' is not to be had from server '" + server.get()
                                    + "'",
                            "Leave --server or --source out.")
                    .asException();
        }
        Optional<String> name = server.or(() -> source);
        return name.isPresent() ? named(name.get()) : holder(volume, Server::name);
    }

    private String hostWith(String volume) {
        List<String> clients = clientsWith(volume);
        boolean own = clients.isEmpty() || clients.contains(machine.name());
        return own ? machine.name() : onlyClientWith(volume);
    }

    private List<String> clientsWith(String volume) {
        return configuration.clients().stream()
                .filter(client -> client.backup().contains(volume))
                .map(Client::name)
                .toList();
    }

    private String onlyClientWith(String volume) {
        configuration.volume(volume);
        List<String> clients = clientsWith(volume);
        if (clients.size() == 1) {
            return clients.get(0);
        }
        if (clients.isEmpty()) {
            throw Problem.of(
                            ProblemCode.NOT_FOUND,
                            "no client backs up volume '" + volume + "'",
                            "Say with `--source HOST` whose earlier backups are meant.")
                    .asException();
        }
        throw Problem.of(
                        ProblemCode.USAGE,
                        "several clients back up volume '" + volume + "': " + String.join(", ", clients),
                        "Say whose is meant with `--source NAME`.")
                .asException();
    }

    // ---- several servers

    /** The server that has the volume of a host, which may depend on the server. */
    private Server holder(String volume, Function<Server, String> host) {
        List<Server> servers = configuration.servers();
        if (servers.size() < 2) {
            return connections.serverFor(Optional.empty());
        }
        List<Holder> having = new ArrayList<>();
        List<Silent> unasked = new ArrayList<>();
        Set<String> others = new TreeSet<>();
        int refusing = 0;
        for (Server server : servers) {
            try (ServerLink link = connections.connect(server.name())) {
                if (!link.mayRestore(host.apply(server), volume)) {
                    refusing++;
                } else {
                    held(link, server, host.apply(server), volume)
                            .ifPresentOrElse(
                                    having::add, () -> others.addAll(hostsWith(link, host.apply(server), volume)));
                }
            } catch (HoldfastException e) {
                unasked.add(new Silent(server, e.problem()));
            }
        }
        String source = host.apply(servers.get(0));
        if (having.isEmpty() && isStranger(source)) {
            throw noStranger(source, volume, others, unasked);
        }
        if (having.size() != 1) {
            return undecided(volume, having, unasked, refusing);
        }
        silence.settle(volume, having.get(0), unasked);
        return having.get(0).server();
    }

    private Optional<Holder> held(ServerLink link, Server server, String host, String volume) {
        if (host.equals(server.name()) && link.local(volume).there()) {
            return Optional.of(new Holder(server, Optional.empty()));
        }
        return link.records(machine.realmOf(host), host, volume).records().stream()
                .max(Comparator.comparing(SnapshotRecord::received))
                .map(newest -> new Holder(server, Optional.of(newest)));
    }

    /** Who was removed from the configuration is one, too, and stays restorable. */
    private boolean isStranger(String source) {
        return !configuration.machines().contains(source);
    }

    /** Whose snapshots of the volume there are, asked only for a stranger's sake: he may be a slip. */
    private Set<String> hostsWith(ServerLink link, String source, String volume) {
        return isStranger(source)
                ? link.records(machine.realmOf(source), "", volume).records().stream()
                        .map(SnapshotRecord::host)
                        .collect(Collectors.toSet())
                : Set.of();
    }

    private HoldfastException noStranger(String source, String volume, Set<String> others, List<Silent> unasked) {
        List<String> clients =
                configuration.clients().stream().map(Client::name).toList();
        Set<String> nearestFirst = new LinkedHashSet<>();
        Configuration.nearest(source, clients).ifPresent(nearestFirst::add);
        nearestFirst.addAll(clients);
        String known = "Clients of the configuration are " + String.join(", ", nearestFirst) + ".";
        String backedUp = others.isEmpty()
                ? ""
                : " Of volume '" + volume + "' there are snapshots of " + String.join(", ", others) + ": add `--source "
                        + others.iterator().next() + "`.";
        String silent = unasked.isEmpty()
                ? ""
                : "; not every server could be asked: " + together(unasked).message();
        return Problem.of(
                        unasked.isEmpty() ? ProblemCode.NOT_FOUND : ProblemCode.UNREACHABLE,
                        "no machine '" + source + "' is in " + configuration.file() + ", and no snapshot of volume '"
                                + volume + "' by that name was found" + silent,
                        known + backedUp)
                .asException();
    }

    private static Problem together(List<Silent> unasked) {
        return Problem.together(unasked.stream().map(Silent::why).toList());
    }

    private Server undecided(String volume, List<Holder> having, List<Silent> unasked, int refusing) {
        if (!having.isEmpty()) {
            List<String> names = having.stream().map(one -> one.server().name()).toList();
            throw Problem.of(
                            ProblemCode.USAGE,
                            "volume '" + volume + "' is on several servers: " + String.join(", ", names),
                            "Say which is meant with `--server NAME`.")
                    .asException();
        }
        if (!unasked.isEmpty()) {
            throw together(unasked).asException();
        }
        List<Server> servers = configuration.servers();
        if (refusing == servers.size()) {
            return servers.get(0); // and let it say what is missing
        }
        configuration.volume(volume);
        throw Problem.of(
                        ProblemCode.NOT_FOUND,
                        (servers.size() == 1 ? "server " : "none of the servers ")
                                + String.join(
                                        ", ",
                                        servers.stream()
                                                .map(one -> "'" + one.name() + "'")
                                                .toList())
                                + " has " + (servers.size() == 1 ? "no" : "a") + " backup of volume '" + volume + "'"
                                + " that could be restored here",
                        "`holdfast snapshots --server NAME` lists what one has; say with `--source HOST` whose backup is"
                                + " meant.")
                .asException();
    }
}
