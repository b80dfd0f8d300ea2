package dev.holdfast.server.transport;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.transport.SshIdentity;
import dev.holdfast.core.transport.SshProfile;
import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.machine.SshPublicKey;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.file.nonefs.NoneFileSystemFactory;
import org.apache.sshd.common.global.KeepAliveHandler;
import org.apache.sshd.common.io.IoAcceptor;
import org.apache.sshd.common.kex.extension.DefaultServerKexExtensionHandler;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.WelcomeBannerPhase;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.global.NoMoreSessionsHandler;
import org.apache.sshd.server.kex.DHGServer;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.server.subsystem.SubsystemFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The SSH endpoint of a backup server: public keys only, one subsystem, nothing else. Logged-in hosts talk to the {@link
 * SessionHandler}; everybody else costs as little as possible.
 */
public final class SshEndpoint implements AutoCloseable {
    /**
     * The logger through which the SSH library speaks of a connection, strangers included: in words of its own, and as if what a
     * client claims were true. What there is to say to people is said elsewhere.
     */
    public static final String LIBRARY_VOICE = "dev.holdfast.server.transport.HostSession";

    /** For all that a client may ask for beside channels, such as a port to be forwarded; the library would warn of each. */
    private static final RequestHandler<ConnectionService> REFUSAL =
            (service, request, wantReply, buffer) -> RequestHandler.Result.ReplyFailure;

    static final String REVOKED = "this host is not allowed here any more";

    private static final Logger log = LoggerFactory.getLogger(SshEndpoint.class);

    private final Listener server;
    private final LiveSessions live;
    private final Doorkeeper doorkeeper;
    private final StrangerLog strangers = new StrangerLog(System::nanoTime);
    private final List<Integer> ports = new ArrayList<>();

    private SshEndpoint(EndpointConfig config, Authorizer authorizer, SessionHandler handler) {
        EndpointLimits limits = config.limits();
        live = new LiveSessions(authorizer, limits.sessionsPerHost(), config.clock());
        doorkeeper = new Doorkeeper(limits.strangers(), limits.strangersPerAddress(), System::nanoTime);
        server = new Listener();
        ThreadFactory threads = daemonThreads();
        SshProfile.applyAlgorithms(server, DHGServer::newFactory);
        SshProfile.applyFlow(server, limits.flow());
        applyLimits(limits);
        applyLogin(config.hostKey());
        applyChannels(handler, threads, limits);
        server.setSessionFactory(
                new SessionGate(server, doorkeeper, strangers, limits.flow().heartbeat()));
    }

    /** Listens on every address of the configuration, or on none of them and throws. */
    public static SshEndpoint start(EndpointConfig config, Authorizer authorizer, SessionHandler handler) {
        SshProfile.prepare();
        SshProfile.requirePostQuantum();
        SshEndpoint endpoint = new SshEndpoint(config, authorizer, handler);
        try {
            for (EndpointConfig.ListenAddress address : config.listen()) {
                endpoint.listen(address);
            }
            return endpoint;
        } catch (RuntimeException e) {
            endpoint.close();
            throw e;
        }
    }

    private void applyLimits(EndpointLimits limits) {
        // A client may ask about a key before it signs with it: that is one request more than keys.
        CoreModuleProperties.MAX_AUTH_REQUESTS.set(server, limits.keyAttempts() + 1);
        CoreModuleProperties.AUTH_TIMEOUT.set(server, limits.loginTimeout());
        CoreModuleProperties.MAX_CONCURRENT_CHANNELS.set(server, limits.channelsPerSession());
        CoreModuleProperties.MAX_IDENTIFICATION_SIZE.set(server, 4096);
        CoreModuleProperties.SERVER_IDENTIFICATION.set(server, "Holdfast");
        CoreModuleProperties.WELCOME_BANNER.set(server, TurnAway.BANNER + "\r\n");
        CoreModuleProperties.WELCOME_BANNER_PHASE.set(server, WelcomeBannerPhase.FIRST_FAILURE);
        CoreModuleProperties.WELCOME_BANNER_CHARSET.set(server, StandardCharsets.US_ASCII);
        CoreModuleProperties.SOCKET_BACKLOG.set(server, 128);
    }

    private void applyLogin(SshIdentity hostKey) {
        server.setKeyPairProvider(KeyPairProvider.wrap(hostKey.keyPair()));
        server.setUserAuthFactories(List.of(KeyLogin.factory(live)));
        server.setPublickeyAuthenticator(this::knows);
        // Who has an RSA key must be told that it may sign with something better than SHA-1 (RFC 8308).
        server.setKexExtensionHandler(DefaultServerKexExtensionHandler.INSTANCE);
    }

    private boolean knows(String user, PublicKey key, ServerSession session) {
        HostSession here = (HostSession) session;
        boolean known = taken(key).filter(shown -> live.show(here, shown, user)).isPresent();
        if (!known) {
            here.refused(KeyUtils.getFingerPrint(BuiltinDigests.sha256, key), user);
        }
        return known;
    }

    /** Empty for a key of a kind or length that nobody here has. */
    private static Optional<SshPublicKey> taken(PublicKey key) {
        try {
            return Optional.of(SshPublicKey.of(key));
        } catch (KeyException e) {
            return Optional.empty();
        }
    }

    private void applyChannels(SessionHandler handler, ThreadFactory threads, EndpointLimits limits) {
        server.setChannelFactories(List.of(new HostChannels(Set.of(SshProfile.SUBSYSTEM, "sftp"))));
        server.setGlobalRequestHandlers(List.of(new KeepAliveHandler(), new NoMoreSessionsHandler(), REFUSAL));
        server.setFileSystemFactory(NoneFileSystemFactory.INSTANCE);
        server.setShellFactory(channel -> new TurnAway(threads));
        server.setCommandFactory((channel, command) -> new TurnAway(threads));
        server.setSubsystemFactories(List.of(
                subsystem(
                        SshProfile.SUBSYSTEM,
                        channel -> new SubsystemChannel(
                                channel, handler, threads, limits.flow().windowBytes())),
                subsystem("sftp", channel -> new TurnAway(threads))));
    }

    private static SubsystemFactory subsystem(String name, java.util.function.Function<ChannelSession, Command> open) {
        return new SubsystemFactory() {
            @Override
            public String getName() {
                return name;
            }

            @Override
            public Command createSubsystem(ChannelSession channel) {
                return open.apply(channel);
            }
        };
    }

    private static ThreadFactory daemonThreads() {
        AtomicLong number = new AtomicLong();
        return task -> {
            Thread thread = new Thread(task, "channel-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    private void listen(EndpointConfig.ListenAddress address) {
        InetSocketAddress socket = address.host().isEmpty()
                ? new InetSocketAddress(address.port())
                : new InetSocketAddress(address.host(), address.port());
        if (socket.isUnresolved()) {
            throw cannotListen(address, "the name does not resolve", null);
        }
        try {
            ports.add(server.listen(socket));
            log.info(
                    "listening on {}",
                    address.port() == 0 ? address.host() + ":" + ports.get(ports.size() - 1) : address);
        } catch (BindException e) {
            throw cannotListen(address, "the address is in use or not of this machine", e);
        } catch (IOException e) {
            throw cannotListen(address, String.valueOf(e.getMessage()), e);
        }
    }

    private static RuntimeException cannotListen(
            EndpointConfig.ListenAddress address, String why, @Nullable Throwable cause) {
        Problem problem = Problem.of(
                ProblemCode.FAILED,
                "cannot listen on " + address + ": " + why,
                "See what uses the port with `ss -ltnp`, or choose another under `listen` in the configuration.");
        return cause == null ? problem.asException() : new dev.holdfast.core.problem.HoldfastException(problem, cause);
    }

    /** The ports listened on, in the order of the configuration. */
    public List<Integer> ports() {
        return List.copyOf(ports);
    }

    /** Who is connected now. */
    public List<ConnectionStatus> status() {
        List<ConnectionStatus> all = new ArrayList<>();
        for (HostSession session : live.all()) {
            session.login()
                    .filter(login -> session.isOpen())
                    .ifPresent(login -> all.add(new ConnectionStatus(
                            login.host(),
                            session.addressText(),
                            login.since(),
                            session.channels(),
                            session.traffic().bytesIn(),
                            session.traffic().bytesOut())));
        }
        return all;
    }

    /** Connections that have not logged in. */
    public int strangers() {
        return doorkeeper.strangers();
    }

    /**
     * Ends every session of the hosts chosen, within a second, however busy it is. Change what the {@link Authorizer}
     * answers first: then no login can slip between. Gives back whom it met.
     */
    public Set<String> disconnectIf(Predicate<String> host) {
        List<HostSession> ended = live.of(host);
        for (HostSession session : ended) {
            log.debug("ending the session of {}", session.addressText());
            sayGoodbye(session, REVOKED);
        }
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(300);
        for (HostSession session : ended) {
            awaitUntil(session, deadline);
            session.close(true);
        }
        return ended.stream()
                .flatMap(session -> session.login().stream())
                .map(HostSession.Login::host)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void sayGoodbye(HostSession session, String reason) {
        try {
            session.disconnect(SshConstants.SSH2_DISCONNECT_BY_APPLICATION, reason);
        } catch (IOException e) {
            session.close(true);
        }
    }

    private static void awaitUntil(HostSession session, long deadlineNanos) {
        try {
            long left = deadlineNanos - System.nanoTime();
            session.close(false).await(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
        } catch (IOException e) {
            Thread.currentThread().interrupt(); // the only way for this wait to fail
        }
    }

    /** Stops listening and ends all sessions; handlers see their links break. */
    @Override
    public void close() {
        try {
            server.stop(true);
        } catch (IOException e) {
            log.warn("the SSH endpoint did not stop cleanly: {}", e.getMessage());
        }
        strangers.tellTheRest();
    }

    /** The library's server, which by itself can listen on several hosts but only one port. */
    private static final class Listener extends SshServer {
        int listen(InetSocketAddress address) throws IOException {
            IoAcceptor open = acceptor;
            if (open == null) {
                setHost(address.getAddress().getHostAddress());
                setPort(address.getPort());
                start();
                return getPort();
            }
            List<java.net.SocketAddress> before = List.copyOf(open.getBoundAddresses());
            open.bind(address);
            return open.getBoundAddresses().stream()
                    .filter(bound -> !before.contains(bound))
                    .map(bound -> ((InetSocketAddress) bound).getPort())
                    .findFirst()
                    .orElse(address.getPort());
        }
    }
}
