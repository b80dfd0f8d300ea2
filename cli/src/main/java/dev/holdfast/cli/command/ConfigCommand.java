package dev.holdfast.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "config",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ConfigSampleCommand.class,
            ConfigValidateCommand.class,
            ConfigShowCommand.class,
            ConfigSchemaCommand.class
        },
        description = "Helps to write the configuration: a sample, a check, the values in force, a schema for editors.")
final class ConfigCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "missing command");
    }
}
