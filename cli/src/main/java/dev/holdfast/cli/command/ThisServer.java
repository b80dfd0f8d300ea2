package dev.holdfast.cli.command;

import dev.holdfast.cli.machine.Identity;
import dev.holdfast.cli.machine.Machine;
import dev.holdfast.cli.machine.StateFolder;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.server.daemon.ControlClient;
import dev.holdfast.server.daemon.ServerLock;
import dev.holdfast.server.daemon.ServerSetup;
import dev.holdfast.server.local.LocalAgent;
import java.io.IOException;
import java.nio.file.Path;

/** The server that a command is about: the one that this machine is. */
record ThisServer(StateFolder state) {
    /** How it is to be run, by the configuration and the installed keys; without an agent yet, since that one logs. */
    static ServerSetup setup(Session session) {
        Machine machine = session.machine();
        Configuration configuration = machine.configuration();
        Path data = machine.server().data().orElse(machine.state().data());
        return new ServerSetup(
                machine.name(),
                configuration.file(),
                // A Vault is not asked while serving: what `configure` brought from it is what counts.
                configuration.vault().isPresent() ? machine.state().keys() : configuration.keys(),
                machine.state().keys(),
                data,
                machine.state().folder(),
                session.clock(),
                session.random(),
                software(),
                session.environment(),
                LocalAgent.NONE);
    }

    private static String software() {
        return "holdfast " + Version.current();
    }

    /**
     * Finds the one to be asked or told something. That must go on working when the configuration has been broken meanwhile: then the
     * only machine installed here is meant.
     */
    static ThisServer find(Session session) {
        Configuration configuration;
        try {
            configuration = session.configuration();
        } catch (HoldfastException e) {
            return new ThisServer(session.installedMachine(e));
        }
        Identity identity = session.identity(configuration);
        if (configuration.findServer(identity.name()).isEmpty()) {
            throw Problem.of(
                            ProblemCode.USAGE,
                            "this machine, '" + identity.name() + "', is a client, and this is for a server",
                            "Run it on the server, or say with `--as NAME` that this machine is one.")
                    .asException();
        }
        return new ThisServer(new StateFolder(session.stateDirectory(), identity.name()));
    }

    String name() {
        return state.name();
    }

    ControlClient control() {
        return new ControlClient(state.folder(), software());
    }

    /** Whether one runs, or is starting or ending. */
    boolean isAlive() {
        try {
            return ServerLock.isHeld(state.folder());
        } catch (IOException e) {
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.IO,
                            "cannot look into " + state.folder() + ": " + e.getMessage(),
                            "Run this as the user who started the server."),
                    e);
        }
    }

    HoldfastException notRunning() {
        return Problem.of(
                        ProblemCode.NOT_FOUND,
                        "server '" + name() + "' is not running",
                        "Start it with `holdfast server start`.")
                .asException();
    }
}
