package dev.holdfast.agent.transport;

import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.transport.SshIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.session.ConnectionService;
import org.jspecify.annotations.Nullable;

/** The steps from an address to an open channel, each with what to tell the person when it fails. */
final class Connecting {
    private final SshTarget target;
    private final SshIdentity identity;
    private final Timeouts timeouts;
    private final PinnedHostKeys hostKeys;

    Connecting(SshTarget target, SshIdentity identity, Timeouts timeouts, PinnedHostKeys hostKeys) {
        this.target = target;
        this.identity = identity;
        this.timeouts = timeouts;
        this.hostKeys = hostKeys;
    }

    ServerSession connect(SshClient client, String user) {
        IOException last = null;
        for (InetAddress address : addresses()) {
            try {
                return (ServerSession) client.connect(user, new InetSocketAddress(address, target.port()))
                        .verify(timeouts.connect())
                        .getSession();
            } catch (IOException e) {
                last = e;
            }
        }
        throw unreachable(why(last, timeouts.connect()), last);
    }

    private InetAddress[] addresses() {
        try {
            return InetAddress.getAllByName(target.hostname());
        } catch (UnknownHostException e) {
            throw unreachable("the name does not resolve", e);
        }
    }

    /** Handshake and login; the host key was checked on the way. */
    void logIn(ServerSession session) {
        session.addPublicKeyIdentity(identity.keyPair());
        try {
            session.auth().verify(timeouts.login());
        } catch (IOException e) {
            throw loginFailed(session, e);
        }
    }

    private HoldfastException loginFailed(ServerSession session, IOException e) {
        if (hostKeys.mismatch().isPresent()) {
            return new HoldfastException(hostKeys.mismatch().get(), e);
        }
        Optional<ServerSession.Goodbye> goodbye = session.goodbye();
        int code = goodbye.map(ServerSession.Goodbye::code).orElse(0);
        String said = goodbye.map(ServerSession.Goodbye::message).orElse("");
        if (code == SshConstants.SSH2_DISCONNECT_TOO_MANY_CONNECTIONS) {
            return new HoldfastException(
                    Problem.of(
                            ProblemCode.BUSY,
                            "server '" + target.server() + "' refuses another connection: " + said,
                            "Wait for the running backup or restore of this host to end; `holdfast status` shows it."),
                    e);
        }
        boolean refused = goodbye.isPresent()
                || (e instanceof SshException ssh
                        && ssh.getDisconnectCode() == SshConstants.SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE);
        return refused ? denied(said, e) : unreachable(why(e, timeouts.login()), e);
    }

    private HoldfastException denied(String said, IOException e) {
        String why = said.isEmpty() ? "" : " (" + said + ")";
        return new HoldfastException(
                Problem.of(
                                ProblemCode.DENIED,
                                "server '" + target.server() + "' at " + target.address()
                                        + " does not accept this host's key "
                                        + identity.publicKey().fingerprint() + why,
                                "On that server, check that the configuration lists this host, then run `holdfast configure "
                                        + target.server()
                                        + "`, which brings the host's public key from the key store, and `holdfast server reload`.")
                        .with("server", target.server())
                        .with("fingerprint", identity.publicKey().fingerprint()),
                e);
    }

    void open(ServerSession session, ProtocolChannel channel) {
        try {
            session.getService(ConnectionService.class).registerChannel(channel);
            channel.open().verify(timeouts.login());
            if (channel.accepted().get(timeouts.login().toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
            throw new HoldfastException(Problem.of(
                    ProblemCode.PROTOCOL,
                    "what answers as server '" + target.server() + "' at " + target.address()
                            + " is not a Holdfast server",
                    "Check `hostname` and `port` of the server in the configuration."));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.CANCELLED,
                            "cancelled while connecting to server '" + target.server() + "'",
                            ""),
                    e);
        } catch (IOException | java.util.concurrent.ExecutionException | CompletionException | TimeoutException e) {
            throw session.goodbye()
                    .map(said -> deniedAfterLogin(said.message(), e))
                    .orElseGet(() -> unreachable(why(e, timeouts.login()), e));
        }
    }

    private HoldfastException deniedAfterLogin(String said, Exception e) {
        return new HoldfastException(
                Problem.of(ProblemCode.DENIED, "server '" + target.server() + "' ended the connection: " + said, "")
                        .with("server", target.server()),
                e);
    }

    static String why(@Nullable Throwable problem, Duration limit) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketException && cause.getMessage() != null) {
                // What stands behind the colon is the address, which the problem names anyway.
                return cause.getMessage().toLowerCase(java.util.Locale.ROOT).split(": ", 2)[0];
            }
            if (cause instanceof TimeoutException || cause instanceof java.net.SocketTimeoutException) {
                return "no answer within " + limit.toSeconds() + " s";
            }
        }
        return problem == null ? "it has no address" : "the connection was closed: " + problem.getMessage();
    }

    private HoldfastException unreachable(String why, @Nullable Throwable cause) {
        Problem problem = Problem.of(
                        ProblemCode.UNREACHABLE,
                        "cannot reach server '" + target.server() + "' at " + target.address() + ": " + why,
                        "Check that `holdfast server run` is up there and that the port is open from here:"
                                + " `nc -vz " + target.hostname() + " " + target.port() + "`.")
                .with("server", target.server())
                .with("address", target.address());
        return cause == null ? problem.asException() : new HoldfastException(problem, cause);
    }
}
