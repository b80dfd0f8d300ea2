package dev.holdfast.cli.command;

import dev.holdfast.cli.terminal.Ages;
import dev.holdfast.cli.terminal.JsonOutput;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Server;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.snapshot.SnapshotSummary;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "snapshots",
        description = {
            "Lists the snapshots that this machine may read, of all servers, oldest first.",
            "A name that is both a host and a volume counts as the host; '/VOLUME' means the volume."
        })
final class SnapshotsCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "HOST[/VOLUME]|VOLUME",
            arity = "0..1",
            description = "Only those of this host, this volume of this host, or this volume of any host.")
    private @Nullable String what;

    @Option(names = "--server", paramLabel = "NAME", description = "Server to ask (default: all).")
    private @Nullable String server;

    @Option(names = "--last", paramLabel = "N", description = "Only the newest N of each volume.")
    private @Nullable Integer last;

    private final Session session;

    SnapshotsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (last != null && last < 1) {
            throw Problem.of(ProblemCode.USAGE, "--last " + last + " is less than one", "Say how many, such as 5.")
                    .asException();
        }
        Configuration configuration = session.configuration();
        boolean several = server == null
                && configuration.servers().size() > 1
                && configuration
                        .findServer(session.identity(configuration).name())
                        .isEmpty();
        if (several) {
            listAll(configuration);
        } else {
            try (Archive archive = Archive.open(session, Optional.ofNullable(server))) {
                show(List.of(listing(archive)), false);
            }
        }
        return 0;
    }

    /** What one server has. */
    private record Listing(String server, List<SnapshotRecord> records) {}

    private Listing listing(Archive archive) {
        List<SnapshotRecord> records = records(archive);
        return new Listing(archive.server().name(), last == null ? records : newest(records, last));
    }

    /** What is nowhere is an error, as with one server; so is a server that does not answer, after what the others have. */
    private void listAll(Configuration configuration) {
        List<Listing> listings = new ArrayList<>();
        List<HoldfastException> without = new ArrayList<>();
        List<HoldfastException> failed = new ArrayList<>();
        for (Server one : configuration.servers()) {
            try (Archive archive = Archive.open(session, Optional.of(one.name()))) {
                listings.add(listing(archive));
            } catch (HoldfastException e) {
                boolean none = e.problem().code() == ProblemCode.NOT_FOUND
                        || e.problem().code() == ProblemCode.DENIED;
                (none ? without : failed).add(e);
            }
        }
        if (listings.isEmpty() && failed.isEmpty()) {
            throw without.get(0);
        }
        if (!listings.isEmpty()) {
            show(listings, true);
        }
        if (!failed.isEmpty()) {
            session.terminal().flush();
            Problem first = failed.get(0).problem();
            failed.stream()
                    .map(HoldfastException::problem)
                    .filter(problem -> !problem.message().equals(first.message()))
                    .forEach(session::alarm);
            throw failed.get(0);
        }
    }

    private void show(List<Listing> listings, boolean several) {
        if (session.options().json()) {
            listings.forEach(listing -> listing.records()
                    .forEach(record ->
                            session.json().line("snapshot", json -> fields(json, listing.server(), record))));
        } else if (listings.stream().allMatch(listing -> listing.records().isEmpty())) {
            session.remark("no snapshots yet on server "
                    + listings.stream().map(Listing::server).collect(Collectors.joining(", ")));
        } else {
            print(listings, several);
        }
    }

    private List<SnapshotRecord> records(Archive archive) {
        if (what == null) {
            return archive.records("", "");
        }
        int slash = what.indexOf('/');
        if (slash >= 0) {
            String host = what.substring(0, slash);
            String volume = what.substring(slash + 1);
            return host.isEmpty() || volume.isEmpty()
                    ? some(archive.records(host, volume))
                    : archive.history(host, volume);
        }
        Configuration configuration = archive.machine().configuration();
        if (configuration.findClient(what).isPresent()) {
            return some(archive.records(what, ""));
        }
        List<SnapshotRecord> all = archive.records("", "");
        List<SnapshotRecord> ofHost =
                all.stream().filter(record -> record.host().equals(what)).toList();
        return ofHost.isEmpty()
                ? some(
                        all.stream()
                                .filter(record -> record.volume().equals(what))
                                .toList(),
                        nearest(configuration, all))
                : ofHost;
    }

    /** Among the hosts and volumes that there are, and those that the configuration has; none for one of them, which has no snapshot yet. */
    private Optional<String> nearest(Configuration configuration, List<SnapshotRecord> all) {
        Set<String> known = new LinkedHashSet<>();
        configuration.clients().forEach(client -> known.add(client.name()));
        configuration.volumes().forEach(volume -> known.add(volume.name()));
        all.forEach(record -> known.addAll(List.of(record.host(), record.volume())));
        String asked = String.valueOf(what);
        return known.contains(asked) ? Optional.empty() : Configuration.nearest(asked, known);
    }

    private List<SnapshotRecord> some(List<SnapshotRecord> records) {
        return some(records, Optional.empty());
    }

    private List<SnapshotRecord> some(List<SnapshotRecord> records, Optional<String> nearest) {
        if (records.isEmpty()) {
            throw Problem.of(
                            ProblemCode.NOT_FOUND,
                            "there is no snapshot of '" + what + "' that this machine may read",
                            nearest.map(name -> "Did you mean '" + name + "'? ").orElse("")
                                    + "`holdfast snapshots` without a name lists all that there are.")
                    .asException();
        }
        return records;
    }

    private static List<SnapshotRecord> newest(List<SnapshotRecord> records, int count) {
        Map<String, Integer> seen = new HashMap<>();
        List<SnapshotRecord> kept = new ArrayList<>();
        for (int i = records.size() - 1; i >= 0; i--) {
            SnapshotRecord record = records.get(i);
            if (seen.merge(record.host() + "/" + record.volume(), 1, Integer::sum) <= count) {
                kept.add(record);
            }
        }
        Collections.reverse(kept);
        return kept;
    }

    private void print(List<Listing> listings, boolean several) {
        LocalTimes times = new LocalTimes(session.zone());
        Ages ages = new Ages(session.clock());
        List<Table.Column> columns = new ArrayList<>(List.of(
                Table.Column.text("ID"),
                Table.Column.text("RECEIVED"),
                Table.Column.text("AGE"),
                Table.Column.text("HOST"),
                Table.Column.text("VOLUME"),
                Table.Column.number("FILES"),
                Table.Column.number("SIZE"),
                Table.Column.number("ADDED"),
                Table.Column.text("OUTCOME")));
        if (several) {
            columns.add(Table.Column.text("SERVER"));
        }
        Table table = new Table(columns.toArray(Table.Column[]::new));
        listings.stream()
                .flatMap(listing -> listing.records().stream().map(record -> new Line(listing.server(), record)))
                .sorted(Comparator.comparing(line -> line.record().received()))
                .forEach(line -> {
                    SnapshotRecord record = line.record();
                    SnapshotSummary summary = record.summary();
                    List<String> cells = new ArrayList<>(List.of(
                            record.hash().brief(),
                            times.show(record.received()),
                            ages.of(record.received()),
                            record.host(),
                            record.volume(),
                            Long.toString(summary.files()),
                            Sizes.show(summary.totalBytes()),
                            Sizes.show(summary.addedBytes()),
                            outcome(record) + (summary.fuzzy() ? ", fuzzy" : "")));
                    if (several) {
                        cells.add(line.server());
                    }
                    table.row(cells.toArray(String[]::new));
                });
        table.print(session.terminal());
    }

    private record Line(String server, SnapshotRecord record) {}

    private static String outcome(SnapshotRecord record) {
        return record.summary().outcome().name().toLowerCase(Locale.ROOT);
    }

    private static void fields(JsonOutput.Fields json, String server, SnapshotRecord record) {
        SnapshotSummary summary = record.summary();
        json.text("id", record.id())
                .text("short_id", record.hash().brief())
                .time("time", record.received())
                .text("hostname", record.host())
                .text("volume", record.volume())
                .text("server", server)
                .text("tree", record.snapshot().hex())
                .text("previous", record.previous().hex())
                .number("sequence", record.sequence())
                .text("outcome", outcome(record))
                .flag("fuzzy", summary.fuzzy())
                .time("client_time", summary.label())
                .object(
                        "summary",
                        fields -> fields.number("total_files_processed", summary.files())
                                .number("total_bytes_processed", summary.totalBytes())
                                .number("data_added_packed", summary.addedBytes()));
    }
}
