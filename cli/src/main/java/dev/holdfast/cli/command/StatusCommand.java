package dev.holdfast.cli.command;

import dev.holdfast.agent.fleet.OperatorLink;
import dev.holdfast.cli.machine.Connections;
import dev.holdfast.cli.machine.Identity;
import dev.holdfast.cli.machine.Machine;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Server;
import dev.holdfast.core.fleet.RestoreStatus;
import dev.holdfast.core.fleet.VolumeStatus;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.server.daemon.FleetStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "status",
        description = {
            "Shows how the backups of all hosts stand on their servers: the last snapshot of each volume, when the next is due,"
                    + " and what went wrong; also restores that are at work on the hosts or were left half done there.",
            "On a server it shows what that server keeps; elsewhere the servers are asked: operators and readers of the"
                    + " configuration see everything, other hosts what is their own.",
            "Exit code 0 when all is well, 1 when a backup is overdue or has failed or a host has a restore that was broken off, 10 when the server here does not run or knows"
                    + " of no such host or volume, 13 when"
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
        Configuration configuration;
        try {
            configuration = session.configuration();
        } catch (HoldfastException broken) {
            return ofRunningServer(broken);
        }
        Identity identity = session.identity(configuration);
        if (configuration.findServer(identity.name()).isPresent()) {
            return ofThisServer(configuration);
        }
        Machine machine = session.machine();
        Connections connections = session.connections(machine);
        List<HoldfastException> failed = new ArrayList<>();
        List<VolumeStatus> known = new ArrayList<>();
        Map<String, OperatorLink.Standing> answers = new LinkedHashMap<>();
        for (String server : servers(configuration)) {
            try (OperatorLink link = connections.operate(server)) {
                OperatorLink.Standing standing = link.status(or(host), or(volume));
                answers.put(server, standing);
                known.addAll(standing.volumes().isEmpty() ? link.status("", "").volumes() : standing.volumes());
            } catch (HoldfastException e) {
                failed.add(e);
            }
        }
        if (failed.isEmpty()) {
            requireKnown(Optional.of(configuration), known);
        }
        FleetTable table = new FleetTable(session);
        int worst = 0;
        for (Map.Entry<String, OperatorLink.Standing> answer : answers.entrySet()) {
            OperatorLink.Standing standing = answer.getValue();
            worst = Math.max(
                    worst,
                    table.show(
                            answer.getKey(), new FleetStatus(standing.volumes(), standing.restores()), standing.at()));
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

    /** One that runs goes on by the configuration that it has read before. */
    private int ofRunningServer(HoldfastException broken) {
        ThisServer server = ThisServer.find(session);
        FleetStatus all = server.control().fleet().orElseThrow(() -> broken);
        session.alarm(broken.problem());
        requireThis(server);
        requireKnown(Optional.empty(), all.volumes());
        return show(server, all);
    }

    private int ofThisServer(Configuration configuration) {
        ThisServer server = ThisServer.find(session);
        requireThis(server);
        FleetStatus all = server.control().fleet().orElseThrow(server::notRunning);
        requireKnown(Optional.of(configuration), all.volumes());
        return show(server, all);
    }

    private void requireThis(ThisServer server) {
        String named = choice.server;
        if (named != null && !named.equals(server.name())) {
            throw Problem.of(
                            ProblemCode.USAGE,
                            "this machine is server '" + server.name() + "', and only knows what it keeps itself",
                            "Ask '" + named + "' there, or from a client or as an operator.")
                    .asException();
        }
    }

    private int show(ThisServer server, FleetStatus all) {
        List<VolumeStatus> volumes = all.volumes().stream()
                .filter(one -> host == null || one.host().equals(host))
                .filter(one -> volume == null || one.volume().equals(volume))
                .toList();
        List<RestoreStatus> restores = all.restores().stream()
                .filter(one -> host == null || one.host().equals(host))
                .filter(one -> volume == null || one.concerns(volume))
                .toList();
        return new FleetTable(session)
                .show(
                        server.name(),
                        new FleetStatus(volumes, restores),
                        session.clock().instant());
    }

    private static String or(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** That all is well with a host that is not there is no answer. */
    private void requireKnown(Optional<Configuration> configuration, List<VolumeStatus> all) {
        String asked = host;
        if (asked != null && configuration.flatMap(one -> one.findClient(asked)).isEmpty()) {
            requireAmong("host", asked, all.stream().map(VolumeStatus::host));
        }
        String named = volume;
        if (named != null && configuration.flatMap(one -> one.findVolume(named)).isEmpty()) {
            requireAmong("volume", named, all.stream().map(VolumeStatus::volume));
        }
    }

    private static void requireAmong(String what, String name, Stream<String> names) {
        Set<String> known = names.collect(Collectors.toCollection(TreeSet::new));
        if (!known.contains(name)) {
            throw Problem.of(
                            ProblemCode.NOT_FOUND,
                            "no server that was asked has backups of a " + what + " '" + name + "' that you may see",
                            Configuration.nearest(name, known)
                                    .map(near -> "Did you mean '" + near + "'?")
                                    .orElse(
                                            known.isEmpty()
                                                    ? "`holdfast status` shows what there is."
                                                    : "You may see " + String.join(", ", known) + "."))
                    .asException();
        }
    }
}
