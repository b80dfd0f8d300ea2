package dev.holdfast.cli.machine;

import dev.holdfast.agent.fleet.OperatorLink;
import dev.holdfast.agent.link.ServerLink;
import dev.holdfast.agent.transport.HostKeyPin;
import dev.holdfast.agent.transport.RateLimit;
import dev.holdfast.agent.transport.SshConnection;
import dev.holdfast.agent.transport.SshLink;
import dev.holdfast.agent.transport.SshTarget;
import dev.holdfast.agent.transport.ThrottledLink;
import dev.holdfast.agent.transport.Timeouts;
import dev.holdfast.core.config.Bandwidth;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Listen;
import dev.holdfast.core.config.Server;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.transport.FlowLimits;
import dev.holdfast.core.transport.SshIdentity;
import dev.holdfast.core.wire.ByteLink;
import dev.holdfast.keys.machine.MachineKeys;
import dev.holdfast.keys.machine.SshPublicKey;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * How this machine reaches its servers: by its own SSH key, only where the pinned host key answers, and no faster than {@code
 * limits.bandwidth} allows, each way, all sessions together.
 */
public final class Connections {
    private final Machine machine;
    private final InstantSource clock;
    private final String software;
    private final UnaryOperator<ByteLink> throttle;
    private final Optional<StandingConnections> standing;

    /** {@code software} is how this program introduces itself, such as {@code holdfast 1.2.3}. */
    public Connections(Machine machine, InstantSource clock, String software) {
        this(machine, clock, software, Optional.empty());
    }

    private Connections(Machine machine, InstantSource clock, String software, Optional<StandingConnections> standing) {
        this.machine = machine;
        this.standing = standing;
        this.clock = clock;
        this.software = software;
        this.throttle = throttle(machine, clock);
    }

    /** The same, with conversations over connections that stand already, where there are any. */
    public Connections over(StandingConnections ready) {
        return new Connections(machine, clock, software, Optional.of(ready));
    }

    private static UnaryOperator<ByteLink> throttle(Machine machine, InstantSource clock) {
        Bandwidth bandwidth = machine.isServer() || machine.isOnlyPerson()
                ? Bandwidth.NO_LIMIT
                : machine.host().bandwidth().value();
        if (bandwidth.isNoLimit()) {
            return link -> link;
        }
        ZoneId zone = machine.host().timeZone().value().orElseGet(ZoneId::systemDefault);
        Supplier<OptionalLong> now = () -> bandwidth.at(LocalTime.ofInstant(clock.instant(), zone));
        RateLimit up = RateLimit.bytesPerSecond(now);
        RateLimit down = RateLimit.bytesPerSecond(now);
        return link -> new ThrottledLink(link, up, down);
    }

    /** The server that {@code --server} names, or the only one that there is. */
    public Server serverFor(Optional<String> option) {
        if (option.isPresent()) {
            return machine.configuration().server(option.get());
        }
        List<Server> servers = machine.configuration().servers();
        if (servers.size() == 1) {
            return servers.get(0);
        }
        if (servers.isEmpty()) {
            throw Problem.of(
                            ProblemCode.CONFIG,
                            "the configuration " + machine.configuration().file() + " has no server",
                            "Add one under `servers`; `holdfast config sample` shows how.")
                    .asException();
        }
        List<String> names = servers.stream().map(Server::name).toList();
        throw Problem.of(
                        ProblemCode.USAGE,
                        "there are several servers: " + String.join(", ", names),
                        "Say which with `--server NAME`.")
                .asException();
    }

    /** The host key that the server must show; {@code KEY} when none is installed. */
    public SshPublicKey pinnedKey(String server) {
        return KeyProblem.translate(() -> machine.keys().findSsh(server))
                .orElseThrow(() -> Problem.of(
                                ProblemCode.KEY,
                                "no host key of server '" + server + "' is installed on this machine",
                                "Run `holdfast configure " + machine.name()
                                        + "` again; if it says that the server has no"
                                        + " keys yet, run `holdfast keygen " + server + "` where the key store is.")
                        .with("server", server)
                        .asException());
    }

    /**
     * A session with a configured server, which the caller closes.
     *
     * @throws dev.holdfast.core.problem.HoldfastException with NOT_FOUND, KEY, UNREACHABLE, HOST_KEY, DENIED, BUSY or PROTOCOL
     */
    public ServerLink connect(String serverName) {
        return overStanding(serverName).orElseGet(() -> converse(open(serverName)));
    }

    private ByteLink open(String serverName) {
        return SshLink.open(target(serverName), machine.name(), identity(), Timeouts.standard(), FlowLimits.standard());
    }

    private Optional<ServerLink> overStanding(String serverName) {
        try {
            return standing.flatMap(connections -> connections.channel(serverName))
                    .map(this::converse);
        } catch (HoldfastException e) {
            if (e.problem().code() != ProblemCode.UNREACHABLE) {
                throw e;
            }
            return Optional.empty(); // it broke without anybody having noticed
        }
    }

    private ServerLink converse(ByteLink link) {
        return ServerLink.open(throttle.apply(link), software, clock.millis());
    }

    /** What a person may ask and want of the hosts of a server; the caller closes it. */
    public OperatorLink operate(String serverName) {
        return OperatorLink.open(open(serverName), software, clock.millis());
    }

    /** A connection on which several conversations can be had; the caller closes it. */
    public SshConnection dial(String serverName) {
        return SshConnection.open(
                target(serverName), machine.name(), identity(), Timeouts.standard(), FlowLimits.standard());
    }

    /** All that {@link #dial} goes by. */
    public String describe(String serverName) {
        SshTarget target = target(serverName);
        return machine.name() + " " + identity().publicKey() + " to " + target.hostname() + ":" + target.port() + ", "
                + target.pin().expected();
    }

    private SshTarget target(String serverName) {
        return target(machine.configuration().server(serverName), pinnedKey(serverName));
    }

    /** A server reaches itself where it listens, whatever way the clients take to it. */
    private SshTarget target(Server server, SshPublicKey pinned) {
        HostKeyPin pin = HostKeyPin.keys(List.of(pinned), wayToNewKey());
        if (!server.name().equals(machine.name())) {
            return new SshTarget(server.name(), server.hostname(), server.port(), pin);
        }
        Listen listen = server.listening();
        String address = listen.address()
                .filter(one -> !one.equals("0.0.0.0") && !one.equals("::"))
                .orElse("127.0.0.1");
        return new SshTarget(server.name(), address, listen.port(), pin);
    }

    /** How the new key of a server comes to this machine; one without a key store asks servers, and that is what fails here. */
    private String wayToNewKey() {
        Configuration configuration = machine.configuration();
        String again = "run `holdfast configure " + machine.name() + "` here";
        if (KeyStores.isHere(configuration)) {
            return again + KeyStores.withToken(configuration) + ", which pins the new one";
        }
        return "bring it here: where the key store is, `holdfast keygen " + machine.name()
                + " --bundle FILE`, and here `holdfast configure " + machine.name()
                + " --bundle FILE`; or, on the server, `holdfast server invite "
                + machine.name() + " --replace`";
    }

    private SshIdentity identity() {
        try (MachineKeys secrets = machine.secrets()) {
            return SshIdentity.of(secrets.ssh());
        }
    }
}
