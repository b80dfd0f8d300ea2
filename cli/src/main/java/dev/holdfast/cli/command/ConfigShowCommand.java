package dev.holdfast.cli.command;

import dev.holdfast.cli.terminal.JsonOutput;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.ConfigurationTable;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "show",
        description = "Shows every value in force and where it comes from: a line of the file, or a default.")
final class ConfigShowCommand implements Callable<Integer> {
    @Option(names = "--host", paramLabel = "NAME", description = "Only what is said of this server or client.")
    private @Nullable String host;

    private final Session session;

    ConfigShowCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        List<ConfigurationTable.Row> rows = rows(session.configuration());
        if (session.options().json()) {
            session.json().line("configuration", json -> json.objects("values", rows, ConfigShowCommand::row));
            return 0;
        }
        Table table = new Table(Table.Column.text("NAME"), Table.Column.text("VALUE"), Table.Column.text("FROM"));
        rows.forEach(row -> table.row(row.name(), row.value(), row.origin()));
        table.print(session.terminal());
        return 0;
    }

    private List<ConfigurationTable.Row> rows(Configuration configuration) {
        return host == null ? configuration.rows() : configuration.rows(host);
    }

    private static void row(JsonOutput.Fields json, ConfigurationTable.Row row) {
        json.text("name", row.name()).text("value", row.value()).text("origin", row.origin());
    }
}
