package dev.holdfast.cli.command;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options by which a person says whose history of a volume is meant, and where it lies. */
final class HistoryOptions {
    @Mixin
    private ServerOption where = new ServerOption();

    @Option(
            names = "--source",
            paramLabel = "HOST",
            description =
                    "Host whose backup is meant (default: this one; if it does not back the volume up, the only one that does,"
                            + " or the server that it lies on).")
    private @Nullable String source;

    HistoryOptions() {}

    Optional<String> server() {
        return where.server();
    }

    Optional<String> source() {
        return Optional.ofNullable(source);
    }
}
