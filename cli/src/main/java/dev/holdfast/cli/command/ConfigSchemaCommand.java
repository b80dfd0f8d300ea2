package dev.holdfast.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "schema",
        description = {
            "Prints the JSON Schema of the configuration.",
            "An editor completes and checks a holdfast.yaml whose first line is"
                    + " `# yaml-language-server: $schema=holdfast.schema.json` when this schema lies beside it."
        })
final class ConfigSchemaCommand implements Callable<Integer> {
    /** The file of {@code docs/}; the build lays a copy into the jar. */
    private static final String RESOURCE = "holdfast.schema.json";

    @Option(names = "--out", paramLabel = "FILE", description = "Write it into this new file instead.")
    private @Nullable Path out;

    private final Session session;

    ConfigSchemaCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        new TextResult("schema", text()).deliver(session, Optional.ofNullable(out));
        return 0;
    }

    private static String text() {
        try (InputStream in = ConfigSchemaCommand.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the schema is missing from the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
