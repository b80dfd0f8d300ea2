package dev.holdfast.cli.command;

import dev.holdfast.cli.daemon.Logging;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a process that stays keeps its log. */
final class LogFileOption {
    @Option(
            names = "--log-file",
            paramLabel = "FILE",
            description = "Log into this file, begun anew at 10 MB (five old ones are kept), instead of to stderr.")
    private @Nullable Path file;

    /** Begins to log; what is returned opens the file anew, after somebody has moved it away. */
    Runnable open(Session session) {
        int verbosity = session.options().verbosity();
        if (file != null) {
            return Logging.to(session.resolve(file), verbosity);
        }
        Logging.to(session.terminal().err(), verbosity);
        return () -> {};
    }
}
