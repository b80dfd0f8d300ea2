package dev.holdfast.cli.command;

import dev.holdfast.cli.terminal.Ages;
import dev.holdfast.cli.terminal.Durations;
import dev.holdfast.cli.terminal.JsonOutput;
import dev.holdfast.cli.terminal.SafeText;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.cli.terminal.Table.Column;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.server.daemon.ServerStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

@Command(
        name = "status",
        description = {
            "Shows what the server of this machine is doing and what it holds.",
            "Exit code 0 when it runs, 10 when it does not."
        })
final class ServerStatusCommand implements Callable<Integer> {
    private final Session session;

    ServerStatusCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        ThisServer server = ThisServer.find(session);
        Optional<ServerStatus> status = server.control().status();
        if (status.isEmpty()) {
            showAbsent(server);
            return ProblemCode.NOT_FOUND.exitCode();
        }
        if (session.options().json()) {
            session.json().line("server_status", json -> write(json, status.get()));
        } else {
            show(status.get());
        }
        return 0;
    }

    private void showAbsent(ThisServer server) {
        boolean changing = server.isAlive();
        if (session.options().json()) {
            session.json()
                    .line(
                            "server_status",
                            json -> json.text("server", server.name())
                                    .flag("running", false)
                                    .flag("starting_or_stopping", changing));
        } else {
            session.say("server '" + server.name() + "' is "
                    + (changing ? "starting or stopping, and does not answer" : "not running"));
        }
    }

    private void show(ServerStatus status) {
        Duration uptime = Duration.between(
                Instant.ofEpochMilli(status.startedMillis()), session.clock().instant());
        session.say("server '" + status.name() + "' (" + status.software() + ", process " + status.processId()
                + ") listens on " + String.join(", ", status.listening()) + ", up " + Durations.words(uptime));
        session.say("data in " + SafeText.of(status.data()) + ", " + Sizes.show(status.freeBytes()) + " free");
        showRealms(status);
        showVolumes(status);
        showConnections(status);
        showRunning(status);
        if (!status.warnings().isEmpty() || status.configurationProblem().isPresent()) {
            session.say("");
            status.configurationProblem().ifPresent(this::showProblem);
            status.warnings().forEach(warning -> session.say("warning: " + SafeText.of(warning)));
        }
    }

    /** The first line says where the problems are, the others which. */
    private void showProblem(String problem) {
        session.say("warning: the changed configuration is not used: "
                + problem.lines().map(SafeText::of).collect(Collectors.joining("\n")));
    }

    private void showRealms(ServerStatus status) {
        Table table = new Table(
                Column.text("REALM"),
                Column.text("SERVER"),
                Column.number("OBJECTS"),
                Column.number("PACKS"),
                Column.number("SIZE"),
                Column.number("UNVERIFIED"));
        for (ServerStatus.RealmState realm : status.realms()) {
            table.row(
                    realm.name(),
                    realm.trusted() ? "trusted" : "sealed",
                    Long.toString(realm.objects()),
                    Long.toString(realm.packs()),
                    Sizes.show(realm.bytes()),
                    realm.trusted() ? Sizes.show(realm.unverifiedBytes()) : "");
        }
        print(table);
    }

    private void showVolumes(ServerStatus status) {
        Ages ages = new Ages(session.clock());
        Table table = new Table(
                Column.text("HOST"),
                Column.text("VOLUME"),
                Column.text("LAST SNAPSHOT"),
                Column.text("AGE"),
                Column.number("FILES"),
                Column.number("SIZE"));
        for (ServerStatus.VolumeState volume : status.volumes()) {
            if (volume.snapshot().isEmpty()) {
                table.row(
                        volume.host(),
                        volume.volume(),
                        volume.damagedHistory() ? "history damaged" : "none yet",
                        "",
                        "",
                        "");
            } else {
                table.row(
                        volume.host(),
                        volume.volume(),
                        volume.snapshot()
                                + (volume.partial() ? " (partial)" : "")
                                + (volume.damagedHistory() ? " (last whole one, history damaged)" : ""),
                        ages.of(Instant.ofEpochMilli(volume.receivedMillis())),
                        Long.toString(volume.files()),
                        Sizes.show(volume.bytes()));
            }
        }
        print(table);
    }

    private void showConnections(ServerStatus status) {
        if (status.connections().isEmpty()) {
            session.say("");
            session.say("nobody is connected");
            return;
        }
        Ages ages = new Ages(session.clock());
        Table table = new Table(
                Column.text("CONNECTED"),
                Column.text("FROM"),
                Column.text("SINCE"),
                Column.number("RECEIVED"),
                Column.number("SENT"));
        for (ServerStatus.Connection one : status.connections()) {
            table.row(
                    one.host(),
                    one.address(),
                    ages.of(Instant.ofEpochMilli(one.sinceMillis())),
                    Sizes.show(one.bytesIn()),
                    Sizes.show(one.bytesOut()));
        }
        print(table);
    }

    private void showRunning(ServerStatus status) {
        if (status.running().isEmpty()) {
            return;
        }
        Ages ages = new Ages(session.clock());
        Table table = new Table(Column.text("BACKING UP"), Column.text("VOLUME"), Column.text("SINCE"));
        status.running()
                .forEach(run -> table.row(run.host(), run.volume(), ages.of(Instant.ofEpochMilli(run.sinceMillis()))));
        print(table);
    }

    private void print(Table table) {
        session.say("");
        table.print(session.terminal());
    }

    private static void write(JsonOutput.Fields json, ServerStatus status) {
        json.text("server", status.name())
                .flag("running", true)
                .text("software", status.software())
                .number("process_id", status.processId())
                .time("started", Instant.ofEpochMilli(status.startedMillis()))
                .texts("addresses", status.listening())
                .text("data", status.data())
                .number("free_bytes", status.freeBytes())
                .objects(
                        "connections",
                        status.connections(),
                        (item, one) -> item.text("host", one.host())
                                .text("address", one.address())
                                .time("since", Instant.ofEpochMilli(one.sinceMillis()))
                                .number("bytes_received", one.bytesIn())
                                .number("bytes_sent", one.bytesOut()))
                .objects(
                        "running_backups",
                        status.running(),
                        (item, run) -> item.text("host", run.host())
                                .text("volume", run.volume())
                                .time("since", Instant.ofEpochMilli(run.sinceMillis())))
                .objects("volumes", status.volumes(), ServerStatusCommand::writeVolume)
                .objects(
                        "realms",
                        status.realms(),
                        (item, realm) -> item.text("realm", realm.name())
                                .flag("trusted", realm.trusted())
                                .number("objects", realm.objects())
                                .number("packs", realm.packs())
                                .number("bytes", realm.bytes())
                                .number("unverified_bytes", realm.unverifiedBytes()))
                .texts("warnings", status.warnings());
        status.configurationProblem().ifPresent(problem -> json.text("configuration_problem", problem));
    }

    private static void writeVolume(JsonOutput.Fields json, ServerStatus.VolumeState volume) {
        json.text("host", volume.host())
                .text("volume", volume.volume())
                .flag("history_damaged", volume.damagedHistory());
        if (!volume.snapshot().isEmpty()) {
            json.text("snapshot_id", volume.snapshot())
                    .time("received", Instant.ofEpochMilli(volume.receivedMillis()))
                    .flag("partial", volume.partial())
                    .number("files", volume.files())
                    .number("bytes", volume.bytes());
        }
    }
}
