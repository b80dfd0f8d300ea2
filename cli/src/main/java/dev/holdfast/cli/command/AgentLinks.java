package dev.holdfast.cli.command;

import dev.holdfast.agent.fleet.Dialer;
import dev.holdfast.agent.fleet.FleetLinks;
import dev.holdfast.agent.schedule.AgentSetup;
import dev.holdfast.agent.schedule.ResidentAgent;
import dev.holdfast.agent.schedule.Turn;
import dev.holdfast.agent.transport.SshConnection;
import dev.holdfast.agent.transport.SshLink;
import dev.holdfast.cli.machine.Connections;
import dev.holdfast.cli.machine.Identity;
import dev.holdfast.cli.machine.KeyProblem;
import dev.holdfast.cli.machine.Machine;
import dev.holdfast.cli.machine.StandingConnections;
import dev.holdfast.core.config.Configuration;
import java.io.Closeable;
import java.util.Optional;

/** The connections that the resident agent of this host keeps, made by what the configuration and the installed keys say. */
final class AgentLinks implements Dialer, StandingConnections, Closeable {
    private final Session session;
    private final Identity identity;
    private final Turn turn;
    private volatile Optional<FleetLinks> links = Optional.empty();

    /** @param turn which ordered restores share with all other runs */
    AgentLinks(Session session, Identity identity, Turn turn) {
        this.session = session;
        this.identity = identity;
        this.turn = turn;
    }

    /** Connects, and follows the agent from now on. */
    void follow(ResidentAgent agent, AgentSetup setup) {
        FleetLinks.Setting setting =
                new FleetLinks.Setting(setup.name(), setup.software(), setup.state(), setup.clock(), session.random());
        links = Optional.of(FleetLinks.open(setting, agent, this, new OrderedRestore(session, turn)));
    }

    @Override
    public Optional<SshLink> channel(String server) {
        return links.flatMap(open -> open.channel(server));
    }

    @Override
    public SshConnection connect(Configuration configuration, String server) {
        return KeyProblem.translate(() -> connections(configuration).dial(server));
    }

    @Override
    public String describe(Configuration configuration, String server) {
        return KeyProblem.translate(() -> connections(configuration).describe(server));
    }

    /** Opened anew each time: the keys may have been changed. */
    private Connections connections(Configuration configuration) {
        return session.connections(Machine.open(configuration, identity, session.stateDirectory()));
    }

    @Override
    public void close() {
        links.ifPresent(FleetLinks::close);
    }
}
