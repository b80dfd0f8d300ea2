package dev.holdfast.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "schedule",
        description = "Runs the backups that the configuration schedules for this host, and tells how they stand.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ScheduleRunCommand.class,
            ScheduleStartCommand.class,
            ScheduleStopCommand.class,
            ScheduleStatusCommand.class
        })
final class ScheduleCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    ScheduleCommand(Session session) {}

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "missing command");
    }
}
