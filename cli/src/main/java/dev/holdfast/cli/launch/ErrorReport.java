package dev.holdfast.cli.launch;

import dev.holdfast.cli.command.Session;
import dev.holdfast.cli.machine.KeyProblem;
import dev.holdfast.cli.terminal.JsonOutput;
import dev.holdfast.cli.terminal.SafeText;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.keys.KeyException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Says what went wrong, once, on stderr: two lines for a person, one JSON object for a program. A stack trace is shown only for
 * what nobody foresaw.
 */
final class ErrorReport {
    private final Session session;

    ErrorReport(Session session) {
        this.session = session;
    }

    int failed(Exception failure) {
        boolean unreachable =
                failure instanceof HoldfastException told && told.problem().code() == ProblemCode.UNREACHABLE;
        boolean explained = failure instanceof HoldfastException || failure instanceof KeyException;
        if (session.cancellation().isRequested() && (unreachable || !explained)) {
            // Whatever an interrupted command throws is the echo of the person's wish, not a fault.
            return show(
                    Problem.of(ProblemCode.CANCELLED, "cancelled", ""),
                    session.options().json());
        }
        if (failure instanceof HoldfastException known) {
            return show(known.problem(), session.options().json());
        }
        if (failure instanceof KeyException key) {
            return show(KeyProblem.of(key), session.options().json());
        }
        return bug(failure);
    }

    int wrongUse(ParameterException wrong, String[] args) {
        // The parser may have stopped before it saw the option.
        boolean json = Arrays.asList(args).contains("--json");
        CommandLine command = wrong.getCommandLine();
        return show(Problem.of(ProblemCode.USAGE, message(wrong), hint(wrong, command)), json);
    }

    /** The resident agent has begun with the command and is gone. */
    int lost(String... args) {
        return show(
                Problem.of(
                        ProblemCode.UNREACHABLE,
                        "the resident agent ended while it carried this command out",
                        "Run the same command again: what was done is kept, and without an agent it is carried out here."),
                Arrays.asList(args).contains("--json"));
    }

    private static String message(ParameterException wrong) {
        String message = Objects.requireNonNullElse(wrong.getMessage(), "");
        return message.isEmpty() ? "wrong use" : Character.toLowerCase(message.charAt(0)) + message.substring(1);
    }

    private static String hint(ParameterException wrong, CommandLine command) {
        String help = "see `" + command.getCommandSpec().qualifiedName() + " --help`.";
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            List<String> meant = meant(unmatched);
            if (!meant.isEmpty()) {
                return "did you mean " + String.join(" or ", meant) + "? Otherwise " + help;
            }
        }
        return help;
    }

    /** An unknown letter is like no long option: of those, only the one of the same name was meant, with a dash too few. */
    private static List<String> meant(UnmatchedArgumentException unmatched) {
        String first = unmatched.getUnmatched().isEmpty()
                ? ""
                : unmatched.getUnmatched().get(0);
        boolean letters = first.startsWith("-") && !first.startsWith("--");
        return unmatched.getSuggestions().stream()
                .filter(one -> !letters || one.equals("-" + first))
                .toList();
    }

    private int bug(Exception failure) {
        Problem problem = Problem.of(
                ProblemCode.BUG,
                "unexpected " + failure.getClass().getSimpleName() + ": " + failure.getMessage(),
                "this is a fault in Holdfast; please report it to the project with the lines above and the output of `holdfast"
                        + " version`.");
        if (!session.options().json()) {
            failure.printStackTrace(session.terminal().err());
        }
        return show(problem, session.options().json());
    }

    private int show(Problem problem, boolean json) {
        session.terminal().out().flush();
        PrintStream err = session.terminal().err();
        if (json) {
            new JsonOutput(err)
                    .line(
                            "exit_error",
                            line -> line.number("code", exitCode(problem))
                                    .text("problem", problem.code().label())
                                    .text("message", problem.message())
                                    .text("hint", problem.hint())
                                    .object(
                                            "context",
                                            context -> problem.context().forEach(context::text)));
        } else {
            List<String> lines = lines(problem);
            err.println("error: " + SafeText.of(lines.get(0)) + "  ["
                    + problem.code().label() + "]");
            lines.stream().skip(1).map(SafeText::of).forEach(err::println);
            if (!problem.hint().isEmpty()) {
                err.println("  hint: " + SafeText.of(problem.hint()));
            }
        }
        return exitCode(problem);
    }

    private int exitCode(Problem problem) {
        return problem.code() == ProblemCode.CANCELLED
                ? session.cancellation().exitCode()
                : problem.code().exitCode();
    }

    /** Only what is wrong with a configuration is told on several lines; elsewhere a line break came from outside. */
    private static List<String> lines(Problem problem) {
        return problem.code() == ProblemCode.CONFIG ? problem.message().lines().toList() : List.of(problem.message());
    }
}
