package dev.holdfast.cli.command;

import dev.holdfast.core.config.ConfigurationSample;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "sample", description = "Prints a commented example configuration to start from.")
final class ConfigSampleCommand implements Callable<Integer> {
    @Option(names = "--out", paramLabel = "FILE", description = "Write it into this new file instead.")
    private @Nullable Path out;

    private final Session session;

    ConfigSampleCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        new TextResult("sample", ConfigurationSample.text()).deliver(session, Optional.ofNullable(out));
        return 0;
    }
}
