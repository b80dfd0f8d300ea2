package dev.holdfast.cli.command;

import dev.holdfast.agent.link.Listing;
import dev.holdfast.agent.link.ServerLink;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.cli.machine.Connections;
import dev.holdfast.cli.machine.KeyProblem;
import dev.holdfast.cli.machine.Machine;
import dev.holdfast.core.config.Realm;
import dev.holdfast.core.config.Server;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.progress.Progress;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.wire.Message;
import dev.holdfast.keys.realm.Keyring;
import dev.holdfast.keys.realm.RealmKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Everything that this machine may read on one server, over one connection: what clients backed up, and the snapshots of volumes that lie
 * on the server itself, which have a realm of their own. Every listing is compared with what was seen before.
 */
final class Archive implements AutoCloseable {
    private final Session session;
    private final Machine machine;
    private final Connections connections;
    private final Provenance meant;
    private final Map<String, RealmKey> keys = new HashMap<>();
    private final ServerLink link;

    /** A key that is missing is told before a connection is made. */
    private Archive(Session session, Machine machine, Connections connections, Provenance meant, boolean keyNeeded) {
        this.session = session;
        this.machine = machine;
        this.connections = connections;
        this.meant = meant;
        try {
            if (keyNeeded) {
                key(meant.host());
            }
            this.link = connections.connect(meant.server().name());
        } catch (RuntimeException e) {
            keys.values().forEach(RealmKey::close);
            throw e;
        }
    }

    /** For looking at whatever there is. */
    static Archive open(Session session, Optional<String> serverOption) {
        Machine machine = session.machine();
        Connections connections = session.connections(machine);
        Server server = new Whereabouts(machine, connections, SilentServers.told(session)).server(serverOption);
        return new Archive(session, machine, connections, new Provenance(server, machine.name()), !machine.isServer());
    }

    /** For the backups of one volume, on the server that has them. */
    static Archive of(Session session, Optional<String> server, Optional<String> source, String volume) {
        return of(session, server, source, volume, SilentServers.told(session));
    }

    /** The same, where somebody has to agree to a server when others do not answer. */
    static Archive of(Session session, SnapshotOptions which, String volume, SilentServers silence) {
        return of(session, which.server(), which.source(), volume, silence);
    }

    private static Archive of(
            Session session, Optional<String> server, Optional<String> source, String volume, SilentServers silence) {
        Machine machine = session.machine();
        Connections connections = session.connections(machine);
        Provenance meant = new Whereabouts(machine, connections, silence).find(server, source, volume);
        return new Archive(session, machine, connections, meant, mayHaveKey(machine, meant));
    }

    /** Who lacks the grant for a local volume lacks its key too; the server then says what is missing, which is not the key alone. */
    private static boolean mayHaveKey(Machine machine, Provenance meant) {
        return !meant.local()
                || machine.isServer()
                || machine.configuration().locals().realmsOf(machine.name()).stream()
                        .anyMatch(realm -> realm.name().equals(machine.realmOf(meant.host())));
    }

    static Archive of(Session session, SnapshotOptions which, String volume) {
        return of(session, which.server(), which.source(), volume);
    }

    Machine machine() {
        return machine;
    }

    Server server() {
        return meant.server();
    }

    /** The host whose backups are meant; of a local volume the server. */
    String host() {
        return meant.host();
    }

    /** Whether the volume lies on the server itself. */
    boolean local() {
        return meant.local();
    }

    /** The key of the realm that the backups of {@link #host} lie in. */
    RealmKey realm() {
        return key(host());
    }

    private RealmKey key(String source) {
        return keys.computeIfAbsent(machine.realmOf(source), machine::realmKey);
    }

    /** Connections for a run that closes what it takes: first this one, then new ones to the same server. */
    Supplier<ServerLink> links() {
        AtomicBoolean taken = new AtomicBoolean();
        return () -> taken.getAndSet(true) ? connections.connect(server().name()) : link;
    }

    /** The snapshots that this machine may read, oldest first; empty host or volume means any. */
    List<SnapshotRecord> records(String host, String volume) {
        List<SnapshotRecord> records = new ArrayList<>();
        for (String realm : host.isEmpty() ? realms() : realmsOf(host)) {
            Listing listing = link.records(realm, host, volume);
            listing.damage().ifPresent(session::alarm);
            records.addAll(listing.records());
        }
        records.sort(Comparator.comparing(SnapshotRecord::received));
        new HeadWatch(session, machine, server().name()).listed(records, host, volume, link::mayRestore);
        return List.copyOf(records);
    }

    private List<String> realms() {
        List<String> realms = new ArrayList<>();
        if (machine.isServer()) {
            machine.configuration().realms().stream()
                    .filter(Realm::serverTrusted)
                    .map(Realm::name)
                    .forEach(realms::add);
        } else {
            realms.add(machine.realmOf(machine.name()));
        }
        machine.configuration()
                .locals()
                .realm(server().name())
                .filter(realm -> mayReadLocals())
                .ifPresent(realm -> realms.add(realm.name()));
        return realms;
    }

    private List<String> realmsOf(String host) {
        boolean closed = host.equals(server().name()) && !mayReadLocals();
        return closed ? List.of() : List.of(machine.realmOf(host));
    }

    /** The server decides; to ask for a listing of what it does not grant would end the session. */
    private boolean mayReadLocals() {
        return machine.configuration().locals().names().stream()
                .anyMatch(volume -> link.mayRestore(server().name(), volume));
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
            String key = host.equals(server().name())
                    ? "`holdfast keygen --all`, `holdfast configure " + machine.name() + "` here and "
                    : "";
            throw Problem.of(
                            ProblemCode.DENIED,
                            "host '" + machine.name() + "' may not read volume '" + volume + "' of host '" + host + "'",
                            "In the configuration, add '" + host + "/" + volume + "' to the `restore` list of client '"
                                    + machine.name() + "', then run " + key
                                    + "`holdfast server reload` on the server.")
                    .asException();
        }
    }

    /** Whether the local volume is there, and where; {@code NOT_FOUND} when it is not. */
    String place(String volume) {
        requireGrant(host(), volume);
        Message.Local local = link.local(volume);
        if (!local.there()) {
            throw Problem.of(
                            ProblemCode.NOT_FOUND,
                            local.place(),
                            "On server '" + server().name()
                                    + "', `holdfast check` looks for the volumes that lie there.")
                    .asException();
        }
        return local.place();
    }

    /** A snapshot of a local volume as it is now, made by the server meanwhile. */
    SnapshotRecord take(String volume, Progress progress) {
        requireGrant(host(), volume);
        requireKeyOfNow();
        SnapshotRecord taken = link.takeLocal(volume, progress);
        if (!taken.host().equals(host()) || !taken.volume().equals(volume)) {
            throw Problem.of(
                            ProblemCode.PROTOCOL,
                            "server '" + server().name() + "' was asked for a snapshot of " + host() + "/" + volume
                                    + " and made one of " + taken.host() + "/" + taken.volume(),
                            "Report this.")
                    .asException();
        }
        new HeadWatch(session, machine, server().name()).committed(taken);
        return taken;
    }

    /** Asked before the server does all the work: what it seals with a newer key than is here could not be read. */
    private void requireKeyOfNow() {
        if (machine.isServer()) {
            return;
        }
        String realm = machine.realmOf(host());
        int here = realm().currentEpoch();
        int epoch = link.keyring(realm)
                .map(text -> KeyProblem.translate(() -> Keyring.parse(text).epoch()))
                .orElse(here);
        if (epoch > here) {
            throw Problem.of(
                            ProblemCode.KEY,
                            "the key of realm '" + realm + "' was renewed: server '"
                                    + server().name() + "' seals with epoch " + epoch
                                    + ", and the key here ends at epoch "
                                    + here,
                            "Run `holdfast configure " + machine.name() + "`, then this command again.")
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
        String first = host.equals(server().name())
                ? "`holdfast restore " + volume + "` makes one of what the volume holds now."
                : "`holdfast backup " + volume + "` on " + host + " makes the first.";
        String hint = elsewhere.isEmpty()
                ? "`holdfast snapshots` lists what there is; " + first
                : "There are some of host " + String.join(", ", elsewhere) + ": add `--source " + elsewhere.get(0)
                        + "`.";
        return Problem.of(
                        ProblemCode.NOT_FOUND,
                        "server '" + server().name() + "' has no snapshot of " + host + "/" + volume,
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
        SnapshotChoice choice = choice(host(), volume);
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
        return SnapshotReader.open(link, key(record.host()), record);
    }

    @Override
    public void close() {
        link.close();
        keys.values().forEach(RealmKey::close);
    }
}
