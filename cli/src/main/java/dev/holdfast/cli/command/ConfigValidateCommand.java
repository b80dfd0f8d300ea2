package dev.holdfast.cli.command;

import dev.holdfast.agent.memory.MemoryBudget;
import dev.holdfast.cli.terminal.JsonOutput;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.ConfigurationFiles;
import dev.holdfast.core.config.ConfigurationProblem;
import dev.holdfast.core.config.ConfigurationReader;
import dev.holdfast.core.config.Reading;
import dev.holdfast.core.config.Vault;
import dev.holdfast.core.problem.ProblemCode;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "validate", description = "Tells everything that is wrong with the configuration, or that nothing is.")
final class ConfigValidateCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            description = "File, or the folder it is in (default: what --path says).")
    private @Nullable Path file;

    private final Session session;

    ConfigValidateCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Path given = Optional.ofNullable(file)
                .or(session.options()::path)
                .map(session::resolve)
                .orElse(session.workingDirectory());
        Reading reading = ConfigurationReader.read(ConfigurationFiles.locate(given));
        List<String> warnings =
                reading.configuration().map(ConfigValidateCommand::warnings).orElse(List.of());
        if (session.options().json()) {
            session.json().line("summary", json -> summary(json, reading, warnings));
            return reading.configuration().isPresent() ? 0 : ProblemCode.CONFIG.exitCode();
        }
        Configuration configuration = reading.orThrow();
        warnings.forEach(warning -> session.remark("warning: " + warning));
        session.say(reading.file() + ": valid: " + count(configuration.servers(), "server") + ", "
                + count(configuration.clients(), "client") + ", " + count(configuration.volumes(), "volume"));
        return 0;
    }

    private static List<String> warnings(Configuration configuration) {
        List<String> warnings = new ArrayList<>();
        if (configuration.restoreIsUnrestricted()) {
            warnings.add("no client has a `restore` list, so each may restore everything that its realm backs up");
        }
        configuration.limits().memory().ifPresent(bytes -> {
            memory("limits.memory", bytes, warnings);
            warnings.add("limits.memory holds for clients only; a server takes up to 512 MiB of heap, or what"
                    + " HOLDFAST_JAVA_OPTS=-Xmx says");
        });
        configuration
                .clients()
                .forEach(client -> client.limits()
                        .memory()
                        .ifPresent(
                                bytes -> memory("limits.memory of client '" + client.name() + "'", bytes, warnings)));
        configuration
                .vault()
                .map(Vault::url)
                .filter(ConfigValidateCommand::isOpenToAll)
                .ifPresent(url ->
                        warnings.add("vault.url is " + url + ": the token and the keys cross the network unprotected"));
        configuration.channels().stream()
                .filter(channel -> channel.receiver().isOpenToAll())
                .forEach(channel -> warnings.add("notify channel '" + channel.name()
                        + "' is not encrypted: what it tells, and its login, cross the network unprotected"));
        return warnings;
    }

    private static boolean isOpenToAll(URI url) {
        return "http".equalsIgnoreCase(url.getScheme())
                && !List.of("localhost", "127.0.0.1", "[::1]").contains(url.getHost());
    }

    private static void memory(String where, long bytes, List<String> warnings) {
        if (bytes < MemoryBudget.LEAST_BYTES) {
            warnings.add(where + " cannot be kept: a run takes up to " + Sizes.show(MemoryBudget.LEAST_BYTES)
                    + " even with one thread");
        }
    }

    private static String count(List<?> items, String noun) {
        return items.size() + " " + noun + (items.size() == 1 ? "" : "s");
    }

    private static void summary(JsonOutput.Fields json, Reading reading, List<String> warnings) {
        json.text("file", reading.file().toString())
                .flag("valid", reading.configuration().isPresent());
        reading.configuration()
                .ifPresent(configuration -> json.number(
                                "servers", configuration.servers().size())
                        .number("clients", configuration.clients().size())
                        .number("volumes", configuration.volumes().size()));
        json.texts("warnings", warnings).objects("problems", reading.problems(), ConfigValidateCommand::problem);
    }

    private static void problem(JsonOutput.Fields json, ConfigurationProblem problem) {
        json.number("line", problem.line())
                .number("column", problem.column())
                .text("message", problem.message())
                .text("text", problem.offending())
                .text("suggestion", problem.suggestion());
    }
}
