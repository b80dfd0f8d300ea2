package dev.holdfast.cli.command;

import dev.holdfast.cli.terminal.ProgressDisplay;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command understands, before or after its name. */
public final class GlobalOptions {
    @Option(
            names = "--path",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description =
                    "Configuration file, or the folder it is in (default: holdfast.yaml here, then privateer.json;"
                            + " environment: HOLDFAST_PATH).")
    private @Nullable Path path;

    @Option(
            names = "--as",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description =
                    "Which configured machine this is (default: what `configure` wrote; environment: HOLDFAST_AS).")
    private @Nullable String as;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "Where this machine keeps its keys and caches (default: /var/lib/holdfast for root, else"
                    + " the XDG state folder; environment: HOLDFAST_STATE).")
    private @Nullable Path state;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Results as JSON, one object per line; errors too, on stderr.")
    private boolean json;

    @Option(
            names = {"-q", "--quiet"},
            scope = ScopeType.INHERIT,
            description = "Only results and errors.")
    private boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Say more about what is done.")
    private boolean[] verbose = {};

    @Option(
            names = "--progress",
            paramLabel = "HOW",
            scope = ScopeType.INHERIT,
            completionCandidates = ProgressStyles.class,
            description = "One of ${COMPLETION-CANDIDATES} (default: bar on a terminal, else lines; environment:"
                    + " HOLDFAST_PROGRESS).")
    private ProgressDisplay.@Nullable Style progress;

    GlobalOptions() {}

    public Optional<Path> path() {
        return Optional.ofNullable(path);
    }

    public Optional<String> as() {
        return Optional.ofNullable(as);
    }

    public boolean json() {
        return json;
    }

    public boolean quiet() {
        return quiet;
    }

    public boolean verbose() {
        return verbose.length > 0;
    }

    /** How often {@code -v} was said. */
    public int verbosity() {
        return verbose.length;
    }

    Optional<Path> state() {
        return Optional.ofNullable(state);
    }

    Optional<ProgressDisplay.Style> progress() {
        return Optional.ofNullable(progress);
    }

    private static final class ProgressStyles implements Iterable<String> {
        private ProgressStyles() {}

        @Override
        public Iterator<String> iterator() {
            return List.of("bar", "lines", "json", "none").iterator();
        }
    }
}
