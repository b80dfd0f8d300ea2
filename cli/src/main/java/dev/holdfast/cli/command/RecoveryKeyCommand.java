package dev.holdfast.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "recovery-key",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = RecoveryKeyCheckCommand.class,
        description = "The key on paper that opens every backup when all machines are lost.")
final class RecoveryKeyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "missing command");
    }
}
