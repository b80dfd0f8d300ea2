package dev.holdfast.cli.command;

import dev.holdfast.cli.terminal.JsonOutput;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root of the command line: with the global options, and nothing to do without a command. */
@Command(
        name = "holdfast",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Holdfast.VersionLine.class,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed",
            "2:wrong use, or errors in the configuration",
            "3:partly done: some files could not be read or written",
            "10:no such volume, snapshot, host, file or server",
            "11:somebody else is at work on it",
            "12:not allowed, or a key is missing or wrong",
            "13:server not reached, or connection lost",
            "14:stored data is damaged",
            "15:no space left, or quota used up",
            "70:a fault in Holdfast itself",
            "130:cancelled",
            "143:cancelled by SIGTERM"
        },
        description =
                "Backups that come back: volumes from many hosts, kept on one server, restored onto any granted host.")
public final class Holdfast implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "missing command");
    }

    static final class VersionLine implements IVersionProvider {
        private final Session session;

        VersionLine(Session session) {
            this.session = session;
        }

        @Override
        public String[] getVersion() {
            if (session.options().json()) {
                ByteArrayOutputStream line = new ByteArrayOutputStream();
                VersionCommand.write(new JsonOutput(new PrintStream(line, false, StandardCharsets.UTF_8)));
                return new String[] {line.toString(StandardCharsets.UTF_8).strip()};
            }
            return new String[] {"holdfast " + Version.current()};
        }
    }
}
