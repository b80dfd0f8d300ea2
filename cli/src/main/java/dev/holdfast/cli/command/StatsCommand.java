package dev.holdfast.cli.command;

import dev.holdfast.agent.browse.Usage;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.core.snapshot.SnapshotRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "stats",
        description = {
            "Shows what snapshots hold and what they take: for each volume, or with VOLUME for each of its snapshots.",
            "STORED is what each backup made the server store, compressed and sealed, over all its connections; what came before a"
                    + " restart of the server in its midst is not counted. With --exact the trees are read and the chunks that they use are counted once each (UNIQUE, before compression); file contents are"
                    + " not fetched."
        })
final class StatsCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "VOLUME", description = "Only this volume, snapshot by snapshot.")
    private @Nullable String volume;

    @Option(names = "--exact", description = "Read the trees of all snapshots and count what they share.")
    private boolean exact;

    @Mixin
    private ServerOption where = new ServerOption();

    @Option(
            names = "--source",
            paramLabel = "HOST",
            description =
                    "Host whose backups are meant (default: all, or with VOLUME this one, or the only one that backs it up).")
    private @Nullable String source;

    private final Session session;

    StatsCommand(Session session) {
        this.session = session;
    }

    /** Figures of one snapshot or of several together. */
    private record Row(String name, long snapshots, long files, long bytes, long stored, long unique, long chunks) {
        Row plus(Row other) {
            return new Row(
                    name,
                    snapshots + other.snapshots,
                    files + other.files,
                    bytes + other.bytes,
                    stored + other.stored,
                    unique + other.unique,
                    chunks + other.chunks);
        }

        double ratio(boolean exactly) {
            long kept = exactly ? unique : stored;
            return kept == 0 ? 0 : (double) bytes / kept;
        }
    }

    @Override
    public Integer call() {
        List<Row> rows = new ArrayList<>();
        Row total = new Row("total", 0, 0, 0, 0, 0, 0);
        try (Archive archive = archive()) {
            Usage usage = new Usage();
            Map<String, Row> byVolume = new LinkedHashMap<>();
            for (SnapshotRecord record : records(archive)) {
                session.cancellation().check();
                Row row = row(archive, record, usage);
                total = total.plus(row);
                rows.add(row);
                Row first = new Row(record.host() + "/" + record.volume(), 0, 0, 0, 0, 0, 0);
                byVolume.merge(first.name(), first.plus(row), Row::plus);
            }
            rows = volume == null ? List.copyOf(byVolume.values()) : rows;
        }
        if (session.options().json()) {
            rows.forEach(row -> line(volume == null ? "volume_stats" : "snapshot_stats", row));
            line("stats", total);
        } else {
            print(rows, total);
        }
        return 0;
    }

    private Archive archive() {
        return volume == null
                ? Archive.open(session, where.server())
                : Archive.of(session, where.server(), Optional.ofNullable(source), volume);
    }

    private List<SnapshotRecord> records(Archive archive) {
        if (volume == null) {
            return archive.records(source == null ? "" : source, "");
        }
        return archive.history(archive.host(), volume);
    }

    private Row row(Archive archive, SnapshotRecord record, Usage usage) {
        Usage.Added added = new Usage.Added(0, 0);
        if (exact) {
            try (SnapshotReader reader = archive.read(record)) {
                added = usage.add(reader);
            }
        }
        return new Row(
                record.hash().brief(),
                1,
                record.summary().files(),
                record.summary().totalBytes(),
                record.summary().addedBytes(),
                added.bytes(),
                added.chunks());
    }

    private void print(List<Row> rows, Row total) {
        List<Table.Column> columns = new ArrayList<>(List.of(
                Table.Column.text(volume == null ? "VOLUME" : "SNAPSHOT"),
                Table.Column.number("SNAPSHOTS"),
                Table.Column.number("FILES"),
                Table.Column.number("SIZE"),
                Table.Column.number("STORED")));
        if (exact) {
            columns.add(Table.Column.number("UNIQUE"));
        }
        columns.add(Table.Column.number("RATIO"));
        Table table = new Table(columns.toArray(Table.Column[]::new));
        rows.forEach(row -> table.row(cells(row)));
        table.row(cells(total));
        table.print(session.terminal());
    }

    private String[] cells(Row row) {
        List<String> cells = new ArrayList<>(List.of(
                row.name(),
                Long.toString(row.snapshots()),
                Long.toString(row.files()),
                Sizes.show(row.bytes()),
                Sizes.show(row.stored())));
        if (exact) {
            cells.add(Sizes.show(row.unique()));
        }
        double ratio = row.ratio(exact);
        cells.add(ratio == 0 ? "-" : String.format(Locale.ROOT, "%.1f", ratio));
        return cells.toArray(String[]::new);
    }

    private void line(String type, Row row) {
        session.json().line(type, json -> {
            json.text("name", row.name())
                    .number("snapshots_count", row.snapshots())
                    .number("total_file_count", row.files())
                    .number("total_size", row.bytes())
                    .number("total_stored_size", row.stored());
            if (exact) {
                json.number("total_unique_size", row.unique())
                        .number("total_blob_count", row.chunks())
                        .number("dedup_ratio", row.ratio(true));
            }
            json.number("space_ratio", row.ratio(false));
        });
    }
}
