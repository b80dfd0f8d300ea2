package dev.holdfast.cli.command;

import dev.holdfast.agent.schedule.AgentControl;
import dev.holdfast.agent.schedule.AgentSetup;
import dev.holdfast.agent.schedule.Plan;
import dev.holdfast.agent.schedule.ScheduleBook;
import dev.holdfast.agent.schedule.ScheduleReport;
import dev.holdfast.agent.schedule.Waiting;
import dev.holdfast.cli.machine.Identity;
import dev.holdfast.cli.machine.Machine;
import dev.holdfast.cli.machine.StateFolder;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.RemoteWork;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.time.ZoneId;
import java.util.Optional;

/**
 * The resident agent that a command is about: that of the host which this machine is.
 *
 * @param configuration empty when it has errors: then only what the agent has remembered is known
 */
record ThisAgent(StateFolder state, Optional<Configuration> configuration) {
    /** How it is to be run, by the configuration and the installed keys. */
    static AgentSetup setup(Session session) {
        Machine machine = session.machine();
        machine.host(); // a server has no schedule
        return new AgentSetup(
                machine.name(),
                machine.configuration().file(),
                machine.state().keys(),
                machine.state().folder(),
                ZoneId.systemDefault(),
                session.clock(),
                Waiting.real(),
                "holdfast " + Version.current());
    }

    /** Finds the one to be asked or told something, which must go on working when the configuration has been broken meanwhile. */
    static ThisAgent find(Session session) {
        Configuration configuration;
        try {
            configuration = session.configuration();
        } catch (HoldfastException broken) {
            return new ThisAgent(session.installedMachine(broken), Optional.empty());
        }
        Identity identity = session.identity(configuration);
        if (configuration.isOnlyPerson(identity.name())) {
            throw Machine.noClient(identity.name());
        }
        if (configuration.findClient(identity.name()).isEmpty()) {
            throw Problem.of(
                            ProblemCode.USAGE,
                            "this machine, '" + identity.name() + "', is a server, and schedules are for clients",
                            "Run it on the client, or say with `--as NAME` that this machine is one.")
                    .asException();
        }
        return new ThisAgent(new StateFolder(session.stateDirectory(), identity.name()), Optional.of(configuration));
    }

    String name() {
        return state.name();
    }

    AgentControl control() {
        return new AgentControl(state.folder());
    }

    /** What the configuration wants; empty when it has errors. */
    Optional<Plan> plan() {
        return configuration.map(read -> Plan.of(read, name(), ZoneId.systemDefault()));
    }

    /** Throws {@code NOT_FOUND} when an agent would have nothing to do: no jobs, and no orders to take. */
    void requireWork() {
        boolean takesOrders = configuration
                .flatMap(read -> read.client(name()).remote())
                .filter(remote -> remote != RemoteWork.NONE)
                .isPresent();
        if (!takesOrders && plan().filter(plan -> plan.jobs().isEmpty()).isPresent()) {
            throw Problem.of(
                            ProblemCode.NOT_FOUND,
                            "nothing is scheduled for client '" + name() + "'",
                            "Give it a `schedule` with `jobs` in the configuration; `holdfast config sample` shows one. With `remote`"
                                    + " there, its agent also stays without any, for orders.")
                    .asException();
        }
    }

    /** A running agent may still work by what the configuration was. */
    ScheduleReport report(Session session, boolean alive) {
        ScheduleBook book = ScheduleBook.read(AgentSetup.book(state.folder()));
        return ScheduleReport.of(
                name(),
                book,
                alive ? Optional.empty() : plan(),
                alive,
                session.clock().instant());
    }
}
