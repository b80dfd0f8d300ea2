package dev.holdfast.cli.command;

import dev.holdfast.agent.link.Listing;
import dev.holdfast.agent.link.ServerLink;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.cli.machine.Connections;
import dev.holdfast.cli.machine.Machine;
import dev.holdfast.core.config.Server;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.keys.realm.RealmKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Everything that this machine may read on one server, over one connection. Every listing is compared with what was seen before. */
final class Archive implements AutoCloseable {
    private final Session session;
    private final Machine machine;
    private final Connections connections;
    private final Server server;
    private final RealmKey realm;
    private final ServerLink link;

    private Archive(Session session, Machine machine, Connections connections, Server server, RealmKey realm) {
        this.session = session;
        this.machine = machine;
        this.connections = connections;
        this.server = server;
        this.realm = realm;
        this.link = connections.connect(server.name());
    }

    static Archive open(Session session, Optional<String> serverOption) {
        Machine machine = session.machine();
        Connections connections = session.connections(machine);
        Server server = connections.serverFor(serverOption);
        RealmKey realm = machine.realmKey();
        try {
            return new Archive(session, machine, connections, server, realm);
        } catch (RuntimeException e) {
            realm.close();
            throw e;
        }
    }

    Machine machine() {
        return machine;
    }

    Server server() {
        return server;
    }

    RealmKey realm() {
        return realm;
    }

    /** Connections for a run that closes what it takes: first this one, then new ones to the same server. */
    Supplier<ServerLink> links() {
        AtomicBoolean taken = new AtomicBoolean();
        return () -> taken.getAndSet(true) ? connections.connect(server.name()) : link;
    }

    /** The snapshots that this machine may read, oldest first; empty host or volume means any. */
    List<SnapshotRecord> records(String host, String volume) {
        Listing listing = link.records(realm.realm(), host, volume);
        listing.damage().ifPresent(session::alarm);
        List<SnapshotRecord> records = listing.records();
        new HeadWatch(session, machine, server.name()).listed(records, host, volume, link::mayRestore);
        return records;
    }

    /** The host whose backup is meant. */
    String source(SnapshotOptions options) {
        return options.source().orElse(machine.name());
    }

    /** All snapshots of one volume, at least one, oldest first; {@code DENIED} or {@code NOT_FOUND} when there are none to read. */
    List<SnapshotRecord> history(String host, String volume) {
        List<SnapshotRecord> records = records(host, volume);
        if (records.isEmpty()) {
            requireGrant(host, volume);
            throw nothingOf(host, volume);
        }
        return records;
    }

    /** Asked before any work is done; {@code NOT_FOUND} for names that nobody has, else {@code DENIED}. */
    void requireGrant(String host, String volume) {
        if (!link.mayRestore(host, volume)) {
            requireNames(host, volume);
            throw Problem.of(
                            ProblemCode.DENIED,
                            "host '" + machine.name() + "' may not read volume '" + volume + "' of host '" + host + "'",
                            "In the configuration, add '" + host + "/" + volume + "' to the `restore` list of client '"
                                    + machine.name() + "', then run `holdfast server reload` on the server.")
                    .asException();
        }
    }

    private void requireNames(String host, String volume) {
        machine.configuration().machine(host);
        machine.configuration().volume(volume);
    }

    private HoldfastException nothingOf(String host, String volume) {
        List<String> elsewhere = records("", volume).stream()
                .map(SnapshotRecord::host)
                .distinct()
                .sorted()
                .toList();
        if (elsewhere.isEmpty()) {
            requireNames(host, volume);
        }
        String hint = elsewhere.isEmpty()
                ? "`holdfast snapshots` lists what there is; `holdfast backup " + volume + "` on " + host
                        + " makes the first."
                : "There are some of host " + String.join(", ", elsewhere) + ": add `--source " + elsewhere.get(0)
                        + "`.";
        return Problem.of(
                        ProblemCode.NOT_FOUND,
                        "server '" + server.name() + "' has no snapshot of " + host + "/" + volume,
                        hint)
                .asException();
    }

    /** The snapshot of a volume that the options mean; tells when that needed some interpretation. */
    SnapshotRecord choose(String volume, SnapshotOptions options) {
        if (options.at().isPresent() && options.snapshot().isPresent()) {
            throw Problem.of(
                            ProblemCode.USAGE,
                            "--at and --snapshot both say which snapshot is meant",
                            "Leave one of them out.")
                    .asException();
        }
        SnapshotChoice choice = choice(source(options), volume);
        if (options.snapshot().isPresent()) {
            return choice.id(options.snapshot().get());
        }
        if (options.at().isEmpty()) {
            return choice.latest();
        }
        LocalTimes times = new LocalTimes(session.zone());
        Instant time = new TimePhrase(session.clock().instant(), session.zone())
                .parse(options.at().get());
        SnapshotRecord chosen = choice.at(time);
        session.remark("as of " + times.precise(time) + ": snapshot "
                + chosen.hash().brief() + ", received " + times.precise(chosen.received()));
        return chosen;
    }

    SnapshotChoice choice(String host, String volume) {
        return new SnapshotChoice(host + "/" + volume, history(host, volume), new LocalTimes(session.zone()));
    }

    /** Opens a snapshot over this connection; the caller closes it. */
    SnapshotReader read(SnapshotRecord record) {
        return SnapshotReader.open(link, realm, record);
    }

    @Override
    public void close() {
        link.close();
        realm.close();
    }
}
