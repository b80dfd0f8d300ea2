package dev.holdfast.server.daemon;

import dev.holdfast.core.config.Client;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Realm;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.snapshot.SnapshotSummary;
import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.store.PrivatePlace;
import dev.holdfast.server.store.RealmStore;
import dev.holdfast.server.store.Repository;
import dev.holdfast.server.store.Stats;
import dev.holdfast.server.transport.ConnectionStatus;
import dev.holdfast.server.transport.SshEndpoint;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Gathers what a running server says of itself. */
final class StatusReport {
    private final ServerSetup setup;
    private final long startedMillis;
    private final Repository repository;
    private final CurrentGrants membership;
    private final Workload workload;

    StatusReport(ServerSetup setup, Repository repository, CurrentGrants membership, Workload workload) {
        this.setup = setup;
        this.startedMillis = setup.clock().millis();
        this.repository = repository;
        this.membership = membership;
        this.workload = workload;
    }

    /**
     * Never fails: without the data folder it is short, and a warning says why. Takes what others have to complain of.
     *
     * @param unused why the changed configuration is not used
     */
    ServerStatus of(SshEndpoint endpoint, List<String> listening, List<String> complaints, Optional<String> unused) {
        List<ServerStatus.Connection> connections = new ArrayList<>();
        for (ConnectionStatus one : endpoint.status()) {
            connections.add(new ServerStatus.Connection(
                    one.host(), one.address(), one.since().toEpochMilli(), one.bytesIn(), one.bytesOut()));
        }
        List<ServerStatus.Running> running = workload.running().stream()
                .map(one -> new ServerStatus.Running(
                        one.host(), one.volume(), one.since().toEpochMilli()))
                .toList();
        List<String> warnings = configurationWarnings();
        warnings.addAll(complaints);
        long freeBytes = 0;
        List<ServerStatus.VolumeState> volumes = List.of();
        List<ServerStatus.RealmState> realms = List.of();
        try {
            freeBytes = freeBytes();
            volumes = volumes();
            realms = realms();
            warnings.addAll(findings());
            warnings.addAll(keyrings());
        } catch (IOException | HoldfastException e) {
            warnings.add("the data folder " + setup.data() + " cannot be read: " + reason(e));
        }
        return new ServerStatus(
                setup.name(),
                setup.software(),
                ProcessHandle.current().pid(),
                startedMillis,
                listening,
                setup.data().toString(),
                freeBytes,
                connections,
                running,
                volumes,
                realms,
                warnings,
                unused);
    }

    long freeBytes() throws IOException {
        if (!Files.exists(setup.data().resolve(Repository.FILE))) {
            throw new IOException("it is gone, or another file system is mounted there");
        }
        return Files.getFileStore(setup.data()).getUsableSpace();
    }

    private static String reason(Exception e) {
        return e instanceof FileSystemException
                ? e.getClass().getSimpleName() + ": " + e.getMessage()
                : String.valueOf(e.getMessage());
    }

    private List<ServerStatus.RealmState> realms() throws IOException {
        List<ServerStatus.RealmState> realms = new ArrayList<>();
        for (Realm realm : membership.now().realms()) {
            RealmStore store = repository.realm(realm.name());
            Stats stats = store.stats();
            long unverified = membership.now().isLocal(realm) ? 0 : unverified(store);
            realms.add(new ServerStatus.RealmState(
                    realm.name(), realm.serverTrusted(), stats.objects(), stats.packs(), stats.bytes(), unverified));
        }
        return realms;
    }

    private static long unverified(RealmStore store) {
        return store.unverified().stream()
                .mapToLong(part -> part.to() - part.from())
                .sum();
    }

    List<ServerStatus.VolumeState> volumes() throws IOException {
        List<ServerStatus.VolumeState> volumes = new ArrayList<>();
        Configuration configuration = membership.now().configuration();
        for (Client client : configuration.clients()) {
            RealmStore realm =
                    repository.realm(configuration.realmOf(client.name()).name());
            for (String volume : client.backup()) {
                volumes.add(stateOf(realm, client.name(), volume));
            }
        }
        Optional<Realm> local = configuration.locals().realm(setup.name());
        if (local.isPresent()) {
            RealmStore realm = repository.realm(local.get().name());
            for (String volume : configuration.locals().names()) {
                ServerStatus.VolumeState state = stateOf(realm, setup.name(), volume);
                if (!state.snapshot().isEmpty() || state.damagedHistory()) {
                    volumes.add(state); // one that nobody has asked for yet lacks nothing
                }
            }
        }
        return volumes;
    }

    /** A history that is damaged is among the warnings; the rest of the status must not go down with it. */
    private static ServerStatus.VolumeState stateOf(RealmStore realm, String host, String volume) throws IOException {
        boolean damaged = realm.log().damage(host).isPresent();
        Optional<SnapshotRecord> last =
                damaged ? lastWhole(realm, host, volume) : realm.log().latest(host, volume);
        return last.map(record -> stateOf(record, damaged))
                .orElse(new ServerStatus.VolumeState(host, volume, "", 0, false, damaged, 0, 0));
    }

    private static Optional<SnapshotRecord> lastWhole(RealmStore realm, String host, String volume) {
        try {
            return realm.log().latestWhole(host, volume);
        } catch (IOException e) {
            return Optional.empty(); // what is wrong with it is among the warnings
        }
    }

    private static ServerStatus.VolumeState stateOf(SnapshotRecord record, boolean damaged) {
        return new ServerStatus.VolumeState(
                record.host(),
                record.volume(),
                record.hash().brief(),
                record.received().toEpochMilli(),
                record.summary().outcome() == SnapshotSummary.Outcome.PARTIAL,
                damaged,
                record.summary().files(),
                record.summary().totalBytes());
    }

    List<String> warnings() {
        List<String> warnings = configurationWarnings();
        try {
            warnings.addAll(findings());
            warnings.addAll(keyrings());
        } catch (IOException e) {
            warnings.add("the repository cannot be read: " + reason(e));
        }
        return warnings;
    }

    private List<String> keyrings() throws IOException {
        return new KeyringCopies(setup.publicKeys(), repository)
                .refused(membership.now().realms());
    }

    /** What is damaged. */
    List<String> findings() throws IOException {
        List<String> findings = new ArrayList<>();
        for (String name : repository.realmNames()) {
            RealmStore realm = repository.realm(name);
            realm.findings().forEach(problem -> findings.add(problem.message()));
            findings.addAll(lostSnapshots(realm));
        }
        return findings;
    }

    /** One line for each volume and reason. */
    private static Collection<String> lostSnapshots(RealmStore realm) throws IOException {
        Map<String, List<String>> lost = new TreeMap<>();
        realm.log()
                .forEach(
                        record -> true,
                        record -> realm.obstacle(record)
                                .ifPresent(why -> lost.computeIfAbsent(
                                                record.host() + "/" + record.volume() + " cannot be restored: " + why,
                                                any -> new ArrayList<>())
                                        .add(record.hash().brief())));
        return lost.entrySet().stream()
                .map(one -> one.getValue().size() == 1
                        ? "snapshot " + one.getValue().get(0) + " of " + one.getKey()
                        : one.getValue().size() + " snapshots of " + one.getKey() + " (the first is "
                                + one.getValue().get(0) + ")")
                .toList();
    }

    private List<String> configurationWarnings() {
        List<String> warnings = new ArrayList<>();
        place().ifPresent(warnings::add);
        Membership now = membership.now();
        for (String host : now.withoutKey()) {
            warnings.add("client '" + host + "' has no public key that the server can read: " + wayToKey(setup, host));
        }
        if (Files.isDirectory(setup.keyStore())) {
            for (String host : now.joined()) {
                warnings.add("client '" + host + "' joined by an invitation, and the key store does not have its public"
                        + " keys yet: " + wayIntoStore(setup, host));
            }
        }
        if (now.configuration().restoreIsUnrestricted()) {
            warnings.add("no client has a `restore` list, so every host may restore every volume of its realm");
        }
        return warnings;
    }

    /** The folder beside the configuration is read as it is; out of everything else `configure` brings keys here. */
    private static boolean readsKeyStore(ServerSetup setup) {
        return !setup.keyStore().equals(setup.installedKeys()) && Files.isDirectory(setup.keyStore());
    }

    static String wayIntoStore(ServerSetup setup, String host) {
        String way = "run `holdfast keygen " + host + "` here";
        return readsKeyStore(setup)
                ? way
                : way + ", then `holdfast configure " + setup.name() + "` and `holdfast server reload`";
    }

    static String wayToKey(ServerSetup setup, String host) {
        return readsKeyStore(setup)
                ? "run `holdfast keygen " + host + "`, or make the server's user the owner of the key store"
                : "run `holdfast configure " + setup.name()
                        + "` and `holdfast server reload` here, which brings it if the key store has it; else `holdfast keygen "
                        + host + "` comes first, for a host that joined by an invitation on the server that invited it";
    }

    /** Who may change the configuration could grant himself every volume. */
    private Optional<String> place() {
        try {
            PrivatePlace.requireUnchanged(setup.configuration());
            return Optional.empty();
        } catch (KeyException e) {
            return Optional.of(
                    "the configuration decides who may restore what, and " + e.getMessage() + ". " + e.hint());
        } catch (IOException e) {
            return Optional.of("the configuration " + setup.configuration() + " cannot be looked at: " + reason(e));
        }
    }
}
