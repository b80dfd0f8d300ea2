package dev.holdfast.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "server",
        description = "Runs the backup server of this machine, and asks and steers it.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ServerRunCommand.class,
            ServerStartCommand.class,
            ServerStopCommand.class,
            ServerStatusCommand.class,
            ServerReloadCommand.class,
            ServerInviteCommand.class,
            ServerRebuildIndexCommand.class
        })
final class ServerCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    ServerCommand(Session session) {}

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "missing command");
    }
}
