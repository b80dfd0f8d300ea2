package dev.holdfast.cli.command;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options by which a person says which snapshot is meant. */
final class SnapshotOptions {
    @Mixin
    private HistoryOptions history = new HistoryOptions();

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description = "The newest snapshot received at or before this time: 2026-11-20, '2026-11-20 14:30', 14:30,"
                    + " yesterday, tuesday, 2h, 3d. A date means the end of that day.")
    private @Nullable String at;

    @Option(
            names = "--snapshot",
            paramLabel = "ID",
            description = "The snapshot of this id, or of the only id that begins so (default: the latest).")
    private @Nullable String snapshot;

    SnapshotOptions() {}

    Optional<String> server() {
        return history.server();
    }

    Optional<String> source() {
        return history.source();
    }

    Optional<String> at() {
        return Optional.ofNullable(at);
    }

    Optional<String> snapshot() {
        return Optional.ofNullable(snapshot);
    }
}
