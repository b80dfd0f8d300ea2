package dev.holdfast.cli.launch;

import dev.holdfast.cli.command.Commands;
import dev.holdfast.cli.command.Holdfast;
import dev.holdfast.cli.command.Session;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/** Runs one command line. */
public final class Program {
    /** Options that may come from the environment instead. */
    private static final Map<String, String> TWINS = Map.of(
            "--path", "HOLDFAST_PATH",
            "--as", "HOLDFAST_AS",
            "--state", "HOLDFAST_STATE",
            "--progress", "HOLDFAST_PROGRESS");

    /** Words that may ask for something about the whole program. */
    private static final Set<String> ABOUT_ALL = Set.of("--help", "-h", "completion", "manual");

    private Program() {}

    /** The exit code; whatever goes wrong has been reported on the session's terminal. */
    public static int run(Session session, String... args) {
        session.furtherLinesBy(Program::runIf);
        return runIf(session, parsed -> true, args);
    }

    /** Does and says nothing, and ends with 0, when {@code admission} has looked at the parsed words and says no. */
    private static int runIf(Session session, Predicate<ParseResult> admission, String... args) {
        try {
            CommandLine line = commandLine(session, called(args));
            RunLast strategy = new RunLast();
            line.setExecutionStrategy(parsed -> admission.test(parsed) ? strategy.execute(parsed) : 0);
            return line.execute(EarlyOptions.moved(line, args));
        } finally {
            session.terminal().flush();
        }
    }

    /** The model of the whole program, as help, completion and manual need it. */
    public static CommandLine commandLine(Session session) {
        return commandLine(session, Commands.ALL);
    }

    /**
     * Building the model of a command costs milliseconds, so only the commands named on the line are built; all of them when
     * none is, or when help may list them.
     */
    private static List<Commands.Entry> called(String... args) {
        List<String> words = Arrays.asList(args);
        if (words.stream().anyMatch(ABOUT_ALL::contains)) {
            return Commands.ALL;
        }
        List<Commands.Entry> named = Commands.ALL.stream()
                .filter(entry -> words.contains(entry.name()))
                .toList();
        return named.isEmpty() ? Commands.ALL : named;
    }

    private static CommandLine commandLine(Session session, List<Commands.Entry> commands) {
        CommandLine line = new CommandLine(new Holdfast(), new SessionFactory(session));
        line.addMixin("global", session.options());
        for (Commands.Entry command : commands) {
            line.addSubcommand(command.name(), command.type());
        }
        HelpSections.install(line);
        ErrorReport errors = new ErrorReport(session);
        line.setOut(writer(session.terminal().out()))
                .setErr(writer(session.terminal().err()))
                .setColorScheme(
                        CommandLine.Help.defaultColorScheme(session.terminal().coloursOut() ? Ansi.ON : Ansi.OFF))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpWidth(Math.min(Math.max(session.terminal().shape().width(), 60), 120))
                .setDefaultValueProvider(environmentTwins(session.environment()))
                .setParameterExceptionHandler(errors::wrongUse)
                .setExecutionExceptionHandler((failure, command, parsed) -> errors.failed(failure));
        return line;
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    private static IDefaultValueProvider environmentTwins(Map<String, String> environment) {
        return argument -> {
            if (argument instanceof OptionSpec option) {
                String twin = TWINS.get(option.longestName());
                if (twin != null) {
                    return environment.get(twin);
                }
            }
            return null;
        };
    }
}
