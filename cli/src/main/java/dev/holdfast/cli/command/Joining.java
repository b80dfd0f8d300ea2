package dev.holdfast.cli.command;

import dev.holdfast.agent.join.JoinRun;
import dev.holdfast.cli.machine.StateFolder;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Server;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.keys.invite.InvitationCode;
import dev.holdfast.keys.invite.Welcome;
import dev.holdfast.keys.machine.MachineKeys;
import dev.holdfast.keys.store.DirectoryKeyStore;
import dev.holdfast.keys.store.KeyEntry;
import dev.holdfast.keys.store.StoredKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * {@code configure NAME --join}: this host makes its keys, or takes those that it has, and joins with them. They are on its disk
 * before a server hears of them, so whatever breaks in between, the same command goes on with the same keys.
 */
final class Joining {
    private static final Pattern ADDRESS = Pattern.compile("(?:\\[([^\\]]+)\\]|([^:]+))(?::(\\d{1,5}))?");
    private static final int HIGHEST_PORT = 65_535;

    private final Session session;
    private final Configuration configuration;
    private final StateFolder state;

    Joining(Session session, Configuration configuration, StateFolder state) {
        this.session = session;
        this.configuration = configuration;
        this.state = state;
    }

    private record Address(String hostname, int port) {}

    /** @param invitation {@code CODE@HOST:PORT}, where what is missing is asked for or taken from the configuration */
    void by(String invitation) {
        String name = state.name();
        if (configuration.findClient(name).isEmpty()) {
            throw usage(
                    "'" + name + "' is a server, and servers do not join", "Run `holdfast configure " + name + "`.");
        }
        int at = invitation.lastIndexOf('@');
        if (at < 0) {
            throw usage(
                    "--join without an address",
                    "Say `--join CODE@HOST:PORT`, as `holdfast server invite " + name + "` shows it.");
        }
        Address address = address(invitation.substring(at + 1));
        try (InvitationCode code = code(invitation.substring(0, at))) {
            join(code, address);
        }
    }

    private InvitationCode code(String given) {
        char[] typed = given.isEmpty()
                ? session.terminal()
                        .keyboard()
                        .secret("code, all 14 groups (not shown): ")
                        .orElse(new char[0])
                : given.toCharArray();
        try {
            if (typed.length == 0) {
                throw usage("no code was given", "Type it, pipe it into this command, or put it before the @.");
            }
            return InvitationCode.parse(typed);
        } finally {
            Arrays.fill(typed, ' ');
        }
    }

    private Address address(String text) {
        if (text.isEmpty() && configuration.servers().size() == 1) {
            Server only = configuration.servers().get(0);
            return new Address(only.hostname(), only.port());
        }
        Matcher parts = ADDRESS.matcher(text);
        if (!parts.matches()) {
            throw usage("'" + text + "' is no address of a server", "Say `--join CODE@HOST:PORT`.");
        }
        String hostname = Optional.ofNullable(parts.group(1)).orElseGet(() -> parts.group(2));
        int port = Optional.ofNullable(parts.group(3)).map(Integer::parseInt).orElseGet(() -> portOf(hostname));
        if (port < 1 || port > HIGHEST_PORT) {
            throw usage("port " + port + " is not within 1 to " + HIGHEST_PORT, "Say `--join CODE@HOST:PORT`.");
        }
        return new Address(hostname, port);
    }

    private int portOf(String hostname) {
        return configuration.servers().stream()
                .filter(server -> server.hostname().equals(hostname))
                .map(Server::port)
                .findFirst()
                .orElseThrow(() -> usage(
                        "no server of the configuration is at '" + hostname + "'",
                        "Say `--join CODE@HOST:PORT`, with the port."));
    }

    private static HoldfastException usage(String message, String hint) {
        return Problem.of(ProblemCode.USAGE, message, hint).asException();
    }

    private void join(InvitationCode code, Address address) {
        state.create();
        DirectoryKeyStore target = state.keyStore();
        try (MachineKeys own = ownKeys(target)) {
            JoinRun run = new JoinRun(
                    code, address.hostname(), address.port(), session.clock(), "holdfast " + Version.current());
            Welcome welcome = run.join(own.publicKeys());
            welcome.installInto(target, own, code, session.random());
            dropJoining();
            requireSameRealm(welcome);
        }
    }

    /**
     * Those that are installed, else those of an attempt before, else new ones, which are on the disk when this returns. A pair that
     * privateer made is none to join with: this host did not make it.
     */
    private MachineKeys ownKeys(DirectoryKeyStore installed) {
        String name = state.name();
        DirectoryKeyStore joining = state.joiningKeyStore();
        return new StoredKeys(installed)
                .findMachine(name)
                .filter(Joining::isOwn)
                .or(() -> new StoredKeys(joining).findMachine(name))
                .orElseGet(() -> generate(joining));
    }

    private static boolean isOwn(MachineKeys keys) {
        if (keys.publicKeys().ssh().isLegacy()) {
            keys.close();
            return false;
        }
        return true;
    }

    private MachineKeys generate(DirectoryKeyStore joining) {
        MachineKeys keys = MachineKeys.generate(state.name(), session.random());
        byte[] seal = keys.sealFile();
        byte[] ssh = keys.sshFile();
        joining.put(KeyEntry.seal(state.name()), seal);
        joining.put(KeyEntry.ssh(state.name()), ssh);
        Arrays.fill(seal, (byte) 0);
        Arrays.fill(ssh, (byte) 0);
        return keys;
    }

    /** What is in there is installed now. */
    private void dropJoining() {
        try (Stream<Path> files = Files.walk(state.joining())) {
            List<Path> innermostFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path path : innermostFirst) {
                Files.delete(path);
            }
        } catch (IOException e) {
            if (Files.exists(state.joining())) {
                session.remark("note: cannot remove " + state.joining() + ", which is of no use any more");
            }
        }
    }

    private void requireSameRealm(Welcome welcome) {
        String here = configuration.realmOf(state.name()).name();
        if (!here.equals(welcome.realm())) {
            throw Problem.of(
                            ProblemCode.CONFIG,
                            "'" + state.name() + "' is in realm '" + here
                                    + "' by the configuration here, and in realm '"
                                    + welcome.realm() + "' by the server's",
                            "Bring both configurations to the same state. The keys are installed.")
                    .asException();
        }
    }
}
