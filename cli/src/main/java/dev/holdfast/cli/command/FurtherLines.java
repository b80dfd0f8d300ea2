package dev.holdfast.cli.command;

import java.util.function.Predicate;
import picocli.CommandLine.ParseResult;

/** How a process carries out a command line besides the one that it was started for. */
public interface FurtherLines {
    /** The exit code; nothing is done or said when {@code admission}, which is asked when the words are parsed, says no. */
    int run(Session session, Predicate<ParseResult> admission, String... words);
}
