package dev.holdfast.server.daemon;

import dev.holdfast.core.config.Client;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.ConfigurationReader;
import dev.holdfast.core.config.Listen;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.snapshot.SnapshotSummary;
import dev.holdfast.core.transport.SshIdentity;
import dev.holdfast.keys.machine.MachineKeys;
import dev.holdfast.keys.store.DirectoryKeyStore;
import dev.holdfast.keys.store.KeyEntry;
import dev.holdfast.keys.store.KeyStore;
import dev.holdfast.keys.store.StoredKeys;
import dev.holdfast.server.session.AgentSession;
import dev.holdfast.server.session.Site;
import dev.holdfast.server.store.RealmStore;
import dev.holdfast.server.store.Repository;
import dev.holdfast.server.store.Stats;
import dev.holdfast.server.transport.ConnectionStatus;
import dev.holdfast.server.transport.EndpointConfig;
import dev.holdfast.server.transport.EndpointLimits;
import dev.holdfast.server.transport.SshEndpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running backup server: repository open, endpoint listening, control socket answering. {@link #start} to have one, {@link
 * #awaitStop} to stay, {@link #close} to end it.
 */
public final class BackupServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BackupServer.class);
    private static final long DRAIN_MILLIS = 10_000;

    private final ServerSetup setup;
    private final long startedMillis;
    private final Repository repository;
    private final CurrentGrants membership;
    private final Workload workload;
    private final SshEndpoint endpoint;
    private final ControlSocket control;
    private final ConfigurationWatch watch;
    private final CountDownLatch stopAsked = new CountDownLatch(1);

    private BackupServer(ServerSetup setup, Membership first, Repository repository, SshIdentity identity)
            throws IOException {
        this.setup = setup;
        this.startedMillis = setup.clock().millis();
        this.repository = repository;
        this.membership = new CurrentGrants(first);
        this.workload = new Workload(setup.clock());
        Site site = new Site(repository, membership, setup.clock(), setup.software(), workload);
        this.endpoint = SshEndpoint.start(
                new EndpointConfig(List.of(address(first)), identity, EndpointLimits.standard(), setup.clock()),
                (key, user) -> membership.now().hostOf(key),
                (host, link) -> new AgentSession(site, host, link).run());
        try {
            this.control = ControlSocket.open(setup.state(), this::answer);
        } catch (IOException e) {
            endpoint.close();
            throw e;
        }
        this.watch = ConfigurationWatch.start(setup.configuration(), setup.keyStore(), this::reloadQuietly);
    }

    private static EndpointConfig.ListenAddress address(Membership membership) {
        Listen listen = membership.server().listening();
        return new EndpointConfig.ListenAddress(listen.address().orElse(""), listen.port());
    }

    /**
     * Starts the server.
     *
     * @throws HoldfastException when keys are missing, the data folder is in use or damaged, or the port is taken
     */
    public static BackupServer start(ServerSetup setup) {
        Configuration configuration =
                ConfigurationReader.read(setup.configuration()).orThrow();
        StoredKeys installed = new StoredKeys(new DirectoryKeyStore(setup.installedKeys()));
        Repository repository = null;
        try (MachineKeys keys = installed.machine(setup.name())) {
            Files.createDirectories(setup.data());
            repository = Repository.open(setup.data(), setup.clock(), setup.random());
            Membership membership = read(setup, configuration);
            copyKeyrings(setup, configuration, repository);
            BackupServer server = new BackupServer(
                    setup,
                    membership,
                    repository,
                    SshIdentity.of(keys.sshSeed(), keys.publicKeys().ssh().raw()));
            server.logStart();
            return server;
        } catch (IOException | InvalidKeyException e) {
            close(repository);
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.IO,
                            "the server cannot start: " + e.getMessage(),
                            "Check that " + setup.data() + " and " + setup.state() + " belong to this user."),
                    e);
        } catch (RuntimeException e) {
            close(repository);
            throw e;
        }
    }

    private static void close(@org.jspecify.annotations.Nullable Repository repository) {
        if (repository != null) {
            try {
                repository.close();
            } catch (IOException e) {
                log.warn("closing the repository failed: {}", e.getMessage());
            }
        }
    }

    private static Membership read(ServerSetup setup, Configuration configuration) {
        return Membership.of(configuration, setup.name(), new StoredKeys(publicKeys(setup)));
    }

    /** The store beside the configuration when it is on this machine, else what {@code configure} brought along. */
    private static KeyStore publicKeys(ServerSetup setup) {
        return new DirectoryKeyStore(Files.isDirectory(setup.keyStore()) ? setup.keyStore() : setup.installedKeys());
    }

    /** So that the data folder and the recovery key alone are enough to restore. */
    private static void copyKeyrings(ServerSetup setup, Configuration configuration, Repository repository)
            throws IOException {
        KeyStore store = publicKeys(setup);
        for (var realm : configuration.realms()) {
            Optional<byte[]> keyring = store.get(KeyEntry.keyring(realm.name()));
            if (keyring.isPresent()) {
                RealmStore realmStore = repository.realm(realm.name());
                realmStore.keepKeyring(keyring.get());
            }
        }
    }

    private void logStart() {
        log.info("server '{}' listens on {}, data in {}", setup.name(), listening(), setup.data());
        warnings().forEach(log::warn);
    }

    /** Where it can be reached, such as {@code 127.0.0.1:10022}. */
    public List<String> listening() {
        String host = address(membership.now()).host();
        return endpoint.ports().stream()
                .map(port -> (host.isEmpty() ? "*" : host) + ":" + port)
                .toList();
    }

    public int port() {
        return endpoint.ports().get(0);
    }

    /**
     * Reads configuration and public keys again; hosts that are gone are disconnected at once. On any problem everything stays as
     * it was.
     */
    public String reload() {
        Configuration configuration =
                ConfigurationReader.read(setup.configuration()).orThrow();
        Membership fresh = read(setup, configuration);
        Membership before = membership.exchange(fresh);
        endpoint.disconnectIf(host -> !fresh.keeps(host, before));
        try {
            copyKeyrings(setup, configuration, repository);
        } catch (IOException e) {
            log.warn("keyrings could not be copied: {}", e.getMessage());
        }
        String answer = "configuration read again: " + configuration.clients().size() + " clients";
        log.info(answer);
        return answer;
    }

    private void reloadQuietly() {
        try {
            reload();
        } catch (RuntimeException e) {
            log.warn("the changed configuration is not used: {}", e.getMessage());
        }
    }

    private byte[] answer(String request) throws IOException {
        return switch (request) {
            case "status" -> status().encode();
            case "reload" -> reload().getBytes(StandardCharsets.UTF_8);
            case "stop" -> {
                stop();
                yield "stopping".getBytes(StandardCharsets.UTF_8);
            }
            default -> throw new IOException("unknown request");
        };
    }

    /** Asks the server to stop; {@link #awaitStop} returns. */
    public void stop() {
        stopAsked.countDown();
    }

    /** Waits until somebody asks it to stop. */
    public void awaitStop() throws InterruptedException {
        stopAsked.await();
    }

    public ServerStatus status() throws IOException {
        List<ServerStatus.Connection> connections = new ArrayList<>();
        for (ConnectionStatus one : endpoint.status()) {
            connections.add(new ServerStatus.Connection(
                    one.host(), one.address(), one.since().toEpochMilli(), one.bytesIn(), one.bytesOut()));
        }
        List<ServerStatus.Running> running = workload.running().stream()
                .map(one -> new ServerStatus.Running(
                        one.host(), one.volume(), one.since().toEpochMilli()))
                .toList();
        List<ServerStatus.RealmState> realms = new ArrayList<>();
        for (var realm : membership.now().configuration().realms()) {
            Stats stats = repository.realm(realm.name()).stats();
            realms.add(new ServerStatus.RealmState(
                    realm.name(), realm.serverTrusted(), stats.objects(), stats.packs(), stats.bytes()));
        }
        return new ServerStatus(
                setup.name(),
                setup.software(),
                ProcessHandle.current().pid(),
                startedMillis,
                listening(),
                setup.data().toString(),
                Files.getFileStore(setup.data()).getUsableSpace(),
                connections,
                running,
                volumes(),
                realms,
                warnings());
    }

    private List<ServerStatus.VolumeState> volumes() throws IOException {
        List<ServerStatus.VolumeState> volumes = new ArrayList<>();
        Configuration configuration = membership.now().configuration();
        for (Client client : configuration.clients()) {
            RealmStore realm =
                    repository.realm(configuration.realmOf(client.name()).name());
            for (String volume : client.backup()) {
                volumes.add(realm.log()
                        .latest(client.name(), volume)
                        .map(BackupServer::stateOf)
                        .orElse(new ServerStatus.VolumeState(client.name(), volume, "", 0, false, 0, 0)));
            }
        }
        return volumes;
    }

    private static ServerStatus.VolumeState stateOf(SnapshotRecord record) {
        return new ServerStatus.VolumeState(
                record.host(),
                record.volume(),
                record.hash().brief(),
                record.received().toEpochMilli(),
                record.summary().outcome() == SnapshotSummary.Outcome.PARTIAL,
                record.summary().files(),
                record.summary().totalBytes());
    }

    private List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        Membership now = membership.now();
        for (String host : now.withoutKey()) {
            warnings.add("client '" + host + "' has no public key here: run `holdfast keygen " + host + "`");
        }
        if (now.configuration().restoreIsUnrestricted()) {
            warnings.add("no client has a `restore` list, so every host may restore every volume of its realm");
        }
        try {
            for (String realm : repository.realmNames()) {
                repository.realm(realm).findings().forEach(problem -> warnings.add(problem.message()));
            }
        } catch (IOException e) {
            warnings.add("the repository cannot be read: " + e.getMessage());
        }
        return warnings;
    }

    /** Lets backups under way finish for a few seconds, then ends them; what they sent is kept for their next run. */
    @Override
    public void close() {
        stop();
        watch.close();
        try {
            if (!workload.awaitIdle(DRAIN_MILLIS)) {
                log.info("stopping with backups under way; they go on next time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        endpoint.close();
        try {
            control.close();
        } catch (IOException e) {
            log.warn("the control socket could not be removed: {}", e.getMessage());
        }
        close(repository);
        log.info("server '{}' stopped", setup.name());
    }

    /** Where the server's state is, for messages. */
    public Path state() {
        return setup.state();
    }
}
