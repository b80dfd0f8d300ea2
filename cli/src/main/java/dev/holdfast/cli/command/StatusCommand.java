package dev.holdfast.cli.command;

import dev.holdfast.agent.fleet.OperatorLink;
import dev.holdfast.cli.machine.Connections;
import dev.holdfast.cli.machine.Identity;
import dev.holdfast.cli.machine.Machine;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Server;
import dev.holdfast.core.fleet.VolumeStatus;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "status",
        description = {
            "Shows how the backups of all hosts stand on their servers: the last snapshot of each volume, when the next is due,"
                    + " and what went wrong.",
            "On a server it shows what that server keeps; elsewhere the servers are asked: operators and readers of the"
                    + " configuration see everything, other hosts what is their own.",
            "Exit code 0 when all is well, 1 when a backup is overdue or has failed, 10 when the server here does not run, 13 when"
                    + " a server cannot be reached."
        })
final class StatusCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(arity = "0..1", paramLabel = "HOST", description = "Only this host.")
    private @Nullable String host;

    @Option(names = "--volume", paramLabel = "VOLUME", description = "Only volumes of this name.")
    private @Nullable String volume;

    @Mixin
    private ServerChoice choice = new ServerChoice();

    StatusCommand(Session session) {
        this.session = session;
    }

    /** The option by which a person says whom to ask. */
    static final class ServerChoice {
        @Option(names = "--server", paramLabel = "NAME", description = "Server to ask (default: all).")
        private @Nullable String server;

        ServerChoice() {}
    }

    @Override
    public Integer call() {
        Configuration configuration = session.configuration();
        Identity identity = session.identity(configuration);
        FleetTable table = new FleetTable(session);
        if (configuration.findServer(identity.name()).isPresent()) {
            return ofThisServer(table);
        }
        Machine machine = session.machine();
        Connections connections = session.connections(machine);
        List<HoldfastException> failed = new ArrayList<>();
        int worst = 0;
        for (String server : servers(configuration)) {
            try (OperatorLink link = connections.operate(server)) {
                OperatorLink.Standing standing = link.status(or(host), or(volume));
                worst = Math.max(worst, table.show(server, standing.volumes(), standing.at()));
            } catch (HoldfastException e) {
                failed.add(e);
            }
        }
        if (!failed.isEmpty()) {
            failed.stream().skip(1).forEach(e -> session.alarm(e.problem()));
            throw failed.get(0);
        }
        return worst;
    }

    private List<String> servers(Configuration configuration) {
        String named = choice.server;
        return named != null
                ? List.of(configuration.server(named).name())
                : configuration.servers().stream().map(Server::name).toList();
    }

    private int ofThisServer(FleetTable table) {
        ThisServer server = ThisServer.find(session);
        String named = choice.server;
        if (named != null && !named.equals(server.name())) {
            throw Problem.of(
                            ProblemCode.USAGE,
                            "this machine is server '" + server.name() + "', and only knows what it keeps itself",
                            "Ask '" + named + "' there, or from a client or as an operator.")
                    .asException();
        }
        Optional<List<VolumeStatus>> all = server.control().fleet();
        if (all.isEmpty()) {
            throw server.notRunning();
        }
        List<VolumeStatus> wanted = all.get().stream()
                .filter(one -> host == null || one.host().equals(host))
                .filter(one -> volume == null || one.volume().equals(volume))
                .toList();
        return table.show(server.name(), wanted, session.clock().instant());
    }

    private static String or(@Nullable String text) {
        return text == null ? "" : text;
    }
}
