package dev.holdfast.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "notify",
        description = "Looks at the channels by which the server of this machine tells people, and tries them.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {NotifyTestCommand.class, NotifyListCommand.class})
final class NotifyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    NotifyCommand(Session session) {}

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "missing command");
    }
}
