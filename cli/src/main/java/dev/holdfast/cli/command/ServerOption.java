package dev.holdfast.cli.command;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option by which a person says whom to ask. */
final class ServerOption {
    @Option(
            names = "--server",
            paramLabel = "NAME",
            description = "Server to ask (default: the only one configured; for a volume, the only one that has it).")
    private @Nullable String server;

    ServerOption() {}

    Optional<String> server() {
        return Optional.ofNullable(server);
    }
}
