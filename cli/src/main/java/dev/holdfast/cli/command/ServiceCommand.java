package dev.holdfast.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "service",
        description = "Lets systemd start the server or the agent of this machine and keep it running.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ServiceInstallCommand.class, ServiceShowCommand.class, ServiceUninstallCommand.class})
final class ServiceCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    ServiceCommand(Session session) {}

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "missing command");
    }
}
