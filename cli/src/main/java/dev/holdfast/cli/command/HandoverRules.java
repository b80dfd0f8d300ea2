package dev.holdfast.cli.command;

import dev.holdfast.agent.schedule.AgentSetup;
import dev.holdfast.cli.handover.Rights;
import dev.holdfast.cli.handover.TypedLine;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Hooks;
import dev.holdfast.core.problem.HoldfastException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.ParseResult;

/**
 * Which commands the resident agent carries out: those of which it can be sure that a process of their own would do and say the same,
 * with no more rights. Each rule gives the reason why not.
 */
final class HandoverRules {
    private static final Set<String> COMMANDS = Set.of("backup", "restore");
    /** What Java itself heeds when a process starts. */
    private static final List<String> OF_THE_PROCESS =
            List.of("TZ", "HOLDFAST_JAVA_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    private final Map<String, String> environment;
    private final AgentSetup setup;
    private final String build;
    private final Rights rights = Rights.own();

    /** @param environment of the agent */
    HandoverRules(Map<String, String> environment, AgentSetup setup) {
        this.environment = environment;
        this.setup = setup;
        this.build = System.getProperty(TypedLine.BUILD, "");
    }

    /** What is to be said against a line before anybody has read its words. */
    Optional<String> objection(TypedLine line) {
        if (!line.build().equals(build)) {
            return Optional.of("it runs another build of the program");
        }
        for (String variable : OF_THE_PROCESS) {
            if (!said(line.environment(), variable).equals(said(environment, variable))) {
                return Optional.of("it was started with another " + variable);
            }
        }
        return rights.difference(Rights.of(line));
    }

    private static String said(Map<String, String> environment, String name) {
        return environment.getOrDefault(name, "");
    }

    /** What is to be said against the parsed words. */
    Optional<String> objection(TypedLine line, Session session, ParseResult parsed) {
        ParseResult command = parsed.subcommand();
        if (command == null
                || command.hasSubcommand()
                || !COMMANDS.contains(command.commandSpec().name())) {
            return Optional.of("it carries out only `" + String.join("` and `", COMMANDS) + "`");
        }
        if (command.isUsageHelpRequested() || command.isVersionHelpRequested()) {
            return Optional.of("there is nothing to carry out");
        }
        if (RemoteOrder.isMeant(
                        command.commandSpec().name().equals("backup")
                                ? command.matchedPositionalValue(0, List.of())
                                : List.of())
                || command.hasMatchedOption("--on")) {
            return Optional.of("it is for another host");
        }
        if (command.commandSpec().name().equals("restore")) {
            if (line.shape().inIsTerminal()
                    && !command.hasMatchedOption("--yes")
                    && !command.hasMatchedOption("--dry-run")) {
                return Optional.of("it cannot ask you whether the restore is meant (`--yes` says so)");
            }
            if (!rights.sameMask(Rights.of(line))) {
                return Optional.of("its mask for the modes of new files is another");
            }
        }
        return elsewhere(session, command);
    }

    private Optional<String> elsewhere(Session session, ParseResult command) {
        try {
            Path state = session.stateDirectory().resolve(setup.name());
            if (!Files.isSameFile(state, setup.state())) {
                return Optional.of("its state folder is another");
            }
            if (!Files.isSameFile(session.configurationFile(), setup.configuration())) {
                return Optional.of("it goes by another configuration, " + setup.configuration());
            }
            Configuration configuration = session.configuration();
            if (!session.identity(configuration).name().equals(setup.name())) {
                return Optional.of("it is the agent of host '" + setup.name() + "'");
            }
            return command.commandSpec().name().equals("backup")
                            && runsHooks(configuration, command.matchedPositionalValue(0, List.of()))
                    ? Optional.of("the volume has hooks, which are to run with the rights of the shell")
                    : Optional.empty();
        } catch (IOException | HoldfastException e) {
            return Optional.of("what the command is about cannot be told");
        }
    }

    /** Services may be kept from what a person may do: `sudo`, for one. */
    private boolean runsHooks(Configuration configuration, List<String> volumes) {
        return configuration.forHost(setup.name()).volumes().stream()
                .filter(volume -> volumes.isEmpty() || volumes.contains(volume.name()))
                .anyMatch(volume -> !volume.hooks().value().equals(Hooks.NONE));
    }
}
