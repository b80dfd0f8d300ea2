package dev.holdfast.server.daemon;

import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.ConfigurationReader;
import dev.holdfast.core.config.Listen;
import dev.holdfast.core.daemon.ConfigurationWatch;
import dev.holdfast.core.daemon.ControlSocket;
import dev.holdfast.core.daemon.PrivateFolder;
import dev.holdfast.core.daemon.ProcessLock;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.transport.SshIdentity;
import dev.holdfast.core.wire.ByteLink;
import dev.holdfast.keys.machine.MachineKeys;
import dev.holdfast.keys.store.DirectoryKeyStore;
import dev.holdfast.keys.store.KeyStore;
import dev.holdfast.keys.store.StoredKeys;
import dev.holdfast.server.fleet.Fleet;
import dev.holdfast.server.join.Invitations;
import dev.holdfast.server.local.SnapshotsOnDemand;
import dev.holdfast.server.notify.Notifications;
import dev.holdfast.server.session.AgentSession;
import dev.holdfast.server.session.JoinSession;
import dev.holdfast.server.session.Site;
import dev.holdfast.server.store.Repository;
import dev.holdfast.server.transport.EndpointConfig;
import dev.holdfast.server.transport.EndpointLimits;
import dev.holdfast.server.transport.SshEndpoint;
import dev.holdfast.server.trusted.BackgroundVerification;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running backup server: repository open, endpoint listening, control socket answering. {@link #start} to have one, {@link
 * #awaitStop} to stay, {@link #close} to end it.
 */
public final class BackupServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BackupServer.class);
    private static final long DRAIN_MILLIS = 10_000;
    private static final long LETTING_GO_MILLIS = 5_000;

    private final ServerSetup setup;
    private final ProcessLock lock;
    private final Repository repository;
    private final Invitations invitations;
    private final CurrentGrants membership;
    private final Reception reception;
    private final Workload workload;
    private final StatusReport report;
    private final Notifications notifications;
    private final Site site;
    private final SnapshotsOnDemand locals;
    private final Fleet fleet;
    private final SshEndpoint endpoint;
    private final ControlSocket control;
    private final ConfigurationWatch watch;
    private final BackgroundVerification verification;
    /** What was last said of a configuration that is not used; empty for one that is. */
    private final AtomicReference<String> complaint = new AtomicReference<>("");

    private final CountDownLatch stopAsked = new CountDownLatch(1);

    private BackupServer(
            ServerSetup setup, ProcessLock lock, Membership first, Repository repository, SshIdentity identity)
            throws IOException {
        this.setup = setup;
        this.lock = lock;
        this.repository = repository;
        this.invitations = invitations(setup);
        this.membership = new CurrentGrants(first);
        this.reception = new Reception(
                invitations,
                membership,
                () -> new StoredKeys(setup.publicKeys()),
                () -> exchange(membership.now().configuration()));
        this.workload = new Workload(setup.clock());
        this.report = new StatusReport(setup, repository, membership, workload);
        this.locals = new SnapshotsOnDemand(setup.name(), setup.localAgent(), link -> serve(setup.name(), link));
        FleetNews news = new FleetNews();
        this.fleet = news.follow(setup, new Expectations(setup, repository, membership, workload));
        this.notifications = Notifications.start(
                Outlook.of(setup), first.configuration(), new Outlook(report, repository, membership, workload, fleet));
        news.goTo(notifications);
        this.site = new Site(
                repository,
                membership,
                setup.clock(),
                setup.software(),
                Outlook.heard(workload, notifications),
                locals,
                fleet);
        this.endpoint = SshEndpoint.start(
                new EndpointConfig(List.of(address(first)), identity, EndpointLimits.standard(), setup.clock()),
                (key, user) -> membership.now().hostOf(key).or(() -> reception.guestOf(key)),
                this::serve);
        try {
            this.control = ControlSocket.open(setup.state(), ControlClient.SOCKET, new Requests());
        } catch (IOException e) {
            endpoint.close();
            throw e;
        }
        this.watch = ConfigurationWatch.start(setup.configuration(), setup.keyStore(), this::reloadUnasked);
        this.verification = BackgroundVerification.start(
                setup.name(),
                new StoredKeys(installedKeys(setup)),
                repository,
                () -> membership.now().trustedRealms(),
                workload::isIdle);
    }

    private void serve(String login, ByteLink link) {
        workload.session(() -> converse(login, link));
    }

    private void converse(String login, ByteLink link) {
        if (!reception.isGuest(login)) {
            new AgentSession(site, login, link).run();
            return;
        }
        reception
                .invitationOf(login)
                .ifPresent(invitation -> new JoinSession(site, invitations, invitation, reception, link).run());
    }

    private static Invitations invitations(ServerSetup setup) {
        return Invitations.in(setup.state(), setup.clock());
    }

    private static EndpointConfig.ListenAddress address(Membership membership) {
        Listen listen = membership.server().listening();
        return new EndpointConfig.ListenAddress(listen.address().orElse(""), listen.port());
    }

    /**
     * Starts the server.
     *
     * @throws HoldfastException when keys are missing, the data folder is in use, damaged or not the one of the last start, or the
     *     port is taken
     */
    public static BackupServer start(ServerSetup setup) {
        return start(setup, false);
    }

    /** Like {@link #start}, but the data folder may be empty, or another repository than at the last start. */
    public static BackupServer startWithNewRepository(ServerSetup setup) {
        return start(setup, true);
    }

    private static BackupServer start(ServerSetup setup, boolean newRepository) {
        Configuration configuration =
                ConfigurationReader.read(setup.configuration()).orThrow();
        List<Closeable> opened = new ArrayList<>();
        try (MachineKeys keys = new StoredKeys(installedKeys(setup)).machine(setup.name())) {
            PrivateFolder.create(setup.state());
            ProcessLock lock = ServerLock.take(setup.state());
            opened.add(lock);
            OwnRepository own = OwnRepository.of(setup, newRepository);
            own.requireThere();
            PrivateFolder.create(setup.data());
            Repository repository = Repository.open(setup.data(), setup.clock(), setup.random());
            opened.add(repository::close);
            own.requireIs(repository.id());
            invitations(setup).tidy();
            Membership membership = read(setup, configuration);
            new KeyringCopies(setup.publicKeys(), repository).refresh(membership.realms());
            BackupServer server = new BackupServer(setup, lock, membership, repository, SshIdentity.of(keys.ssh()));
            server.logStart();
            return server;
        } catch (IOException e) {
            close(opened);
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.IO,
                            "the server cannot start: " + e.getMessage(),
                            "Check that " + setup.data() + " and " + setup.state() + " belong to this user."),
                    e);
        } catch (RuntimeException e) {
            close(opened);
            throw e;
        }
    }

    /** Closes the last one first. */
    private static void close(List<Closeable> opened) {
        for (int i = opened.size() - 1; i >= 0; i--) {
            try {
                opened.get(i).close();
            } catch (IOException e) {
                log.warn("closing failed: {}", e.getMessage());
            }
        }
    }

    private static Membership read(ServerSetup setup, Configuration configuration) {
        return Membership.of(
                configuration,
                setup.name(),
                new StoredKeys(setup.publicKeys()),
                invitations(setup).newcomers());
    }

    private static KeyStore installedKeys(ServerSetup setup) {
        return DirectoryKeyStore.installed(setup.installedKeys(), setup.state());
    }

    private void logStart() {
        log.info("server '{}' listens on {}, data in {}", setup.name(), listening(), setup.data());
        report.warnings().forEach(log::warn);
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
        try {
            String answer = readAgain();
            complaint.set("");
            return answer;
        } catch (RuntimeException e) {
            String reason = String.valueOf(e.getMessage());
            if (!reason.equals(complaint.getAndSet(reason))) {
                log.warn("the changed configuration is not used: {}", reason);
            }
            throw e;
        }
    }

    private String readAgain() {
        Configuration configuration =
                ConfigurationReader.read(setup.configuration()).orThrow();
        exchange(configuration);
        try {
            new KeyringCopies(setup.publicKeys(), repository)
                    .refresh(membership.now().realms());
        } catch (IOException e) {
            log.warn("keyrings could not be copied: {}", e.getMessage());
        }
        String answer = "configuration read again: " + configuration.clients().size() + " clients";
        log.info(answer);
        return answer;
    }

    private synchronized void exchange(Configuration configuration) {
        Membership fresh = read(setup, configuration);
        Membership before = membership.exchange(fresh);
        notifications.adopt(configuration);
        for (String host : endpoint.disconnectIf(host -> !fresh.keeps(host, before))) {
            log.info("{} {}: put out", host, fresh.whyNot(host));
        }
    }

    /** Like {@link #reload}, for those who can be told of a problem by the log only: it is said there, even if it was before. */
    public void reloadQuietly() {
        complaint.set("");
        reloadUnasked();
    }

    /** When the configuration was seen to change: whoever changed it may have asked already, and the log has said what is wrong. */
    private void reloadUnasked() {
        try {
            reload();
        } catch (RuntimeException e) {
            // is in the log
        }
    }

    private final class Requests implements ControlSocket.Requests {
        @Override
        public boolean converse(String request, ControlSocket.Caller caller) throws IOException {
            return request.equals(LocalOperator.REQUEST) && LocalOperator.serve(caller, site, setup.name());
        }

        @Override
        public byte[] answer(String request) throws IOException {
            return switch (request) {
                case "status" -> status().encode();
                case "fleet" -> new FleetStatus(fleet.status(), fleet.restores()).encode();
                case "channels" -> ChannelStatus.encode(membership.now().configuration(), setup);
                case "reload" -> reload().getBytes(StandardCharsets.UTF_8);
                case "stop" -> {
                    stop();
                    yield "stopping".getBytes(StandardCharsets.UTF_8);
                }
                default -> throw new IOException("unknown request");
            };
        }

        @Override
        public void refused(String request, String reason) {
            if (!request.equals("reload")) { // which speaks for itself
                log.warn("control request '{}' failed: {}", request, reason);
            }
        }

        @Override
        public void ended(String reason) {
            log.warn("the control socket fails: {}", reason);
        }
    }

    /** Asks the server to stop; {@link #awaitStop} returns. */
    public void stop() {
        stopAsked.countDown();
    }

    /** Waits until somebody asks it to stop. */
    public void awaitStop() throws InterruptedException {
        stopAsked.await();
    }

    public ServerStatus status() {
        return report.of(
                endpoint,
                listening(),
                notifications.warnings(),
                Optional.ofNullable(complaint.get()).filter(text -> !text.isEmpty()));
    }

    /**
     * Lets backups under way finish for a few seconds, then ends them; what they sent is kept for their next run. The data folder is
     * released only when no session can write to it any more.
     */
    @Override
    public void close() {
        stop();
        workload.drain();
        watch.close();
        verification.close();
        notifications.close();
        boolean released = false;
        try {
            if (!workload.awaitIdle(DRAIN_MILLIS)) {
                log.info("stopping with backups under way; they go on next time");
            }
            locals.close();
            endpoint.close();
            released = workload.awaitNoSessions(LETTING_GO_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            locals.close();
            endpoint.close();
        }
        fleet.close();
        if (released) {
            close(List.of(lock, repository::close, control));
            log.info("server '{}' stopped", setup.name());
        } else {
            close(List.of(control));
            log.warn("server '{}' stopped with sessions still at work; the end of the process ends them", setup.name());
        }
    }
}
