package dev.holdfast.cli.command;

import dev.holdfast.cli.terminal.Ages;
import dev.holdfast.cli.terminal.JsonOutput;
import dev.holdfast.cli.terminal.SafeText;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.cli.terminal.Table.Column;
import dev.holdfast.core.fleet.OpenRestore;
import dev.holdfast.core.fleet.RestoreStatus;
import dev.holdfast.core.fleet.RunReport;
import dev.holdfast.core.fleet.VolumeStatus;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.server.daemon.FleetStatus;
import java.time.Instant;
import java.util.List;

/** How the backups on one server stand, for a person or a program. */
final class FleetTable {
    private final Session session;

    FleetTable(Session session) {
        this.session = session;
    }

    /**
     * Shows them and says the exit code.
     *
     * @param now by the clock of the server
     */
    int show(String server, FleetStatus all, Instant now) {
        List<VolumeStatus> volumes = all.volumes();
        boolean well = volumes.stream().allMatch(VolumeStatus::isWell)
                && all.restores().stream().allMatch(RestoreStatus::isWell);
        if (session.options().json()) {
            session.json()
                    .line(
                            "fleet_status",
                            json -> json.text("server", server)
                                    .time("time", now)
                                    .flag("well", well)
                                    .objects("volumes", volumes, (item, one) -> write(item, one, now))
                                    .objects("restores", all.restores(), FleetTable::write));
        } else if (volumes.isEmpty() && all.restores().isEmpty()) {
            session.say("server '" + server + "' knows of no backups that you may see");
        } else {
            Ages ages = new Ages(() -> now);
            session.say("server '" + server + "'");
            table(volumes, ages);
            troubles(volumes, ages);
            all.restores().forEach(one -> restore(one, ages));
        }
        return well ? 0 : ProblemCode.FAILED.exitCode();
    }

    private void restore(RestoreStatus one, Ages ages) {
        OpenRestore restore = one.restore();
        String into = restore.volume().isEmpty()
                ? restore.target()
                : "volume " + restore.volume() + " (" + restore.target() + ")";
        String source = restore.source().isEmpty() ? "" : " of " + restore.source();
        String state = one.lastHeard()
                .map(heard -> "restoring when last heard, " + ages.of(heard) + ": ")
                .orElse(restore.running() ? "restoring: " : "unfinished: ");
        session.say(state
                + SafeText.of("host " + one.host() + ", snapshot " + restore.snapshot() + source + " into " + into)
                + ", begun " + ages.of(one.since()));
        if (!restore.running()) {
            session.say("  hint: On host '" + SafeText.of(one.host()) + "', give "
                    + (restore.again().isEmpty()
                            ? "the same `holdfast restore` again"
                            : "`" + SafeText.of(restore.again()) + "`")
                    + " and let it end; `holdfast schedule status` there says how to give it up.");
        }
    }

    private static void write(JsonOutput.Fields json, RestoreStatus one) {
        OpenRestore restore = one.restore();
        json.text("host", one.host())
                .text("target", restore.target())
                .text("volume", restore.volume())
                .text("snapshot_id", restore.snapshot())
                .text("source", restore.source())
                .flag("whole", restore.whole())
                .flag("running", restore.running())
                .time("since", one.since());
        one.lastHeard().ifPresent(heard -> json.time("last_heard", heard));
        if (!restore.again().isEmpty()) {
            json.text("again", restore.again());
        }
    }

    private void table(List<VolumeStatus> volumes, Ages ages) {
        Table table = new Table(
                Column.text("HOST"),
                Column.text("VOLUME"),
                Column.text("STATE"),
                Column.text("LAST RUN"),
                Column.text("LAST SNAPSHOT"),
                Column.number("FILES"),
                Column.number("SIZE"),
                Column.text("NEXT DUE"),
                Column.text("AGENT"));
        for (VolumeStatus one : volumes) {
            table.row(
                    one.host(),
                    one.volume(),
                    state(one),
                    one.run().map(run -> run.result().word()).orElse(""),
                    one.last().map(last -> ages.of(last.received())).orElse("none yet"),
                    one.last().map(last -> Long.toString(last.files())).orElse(""),
                    one.last().map(last -> Sizes.show(last.bytes())).orElse(""),
                    one.next().map(ages::until).orElse("not scheduled"),
                    agent(one, ages));
        }
        table.print(session.terminal());
    }

    private static String state(VolumeStatus one) {
        String worst = one.overdue() ? "OVERDUE" : one.failed() ? "FAILED" : "";
        if (one.running().isPresent()) {
            return worst.isEmpty() ? "running" : worst + ", running";
        }
        if (!worst.isEmpty()) {
            return worst;
        }
        boolean damaged =
                one.last().filter(VolumeStatus.Snapshot::damagedHistory).isPresent();
        boolean partial = one.last().filter(VolumeStatus.Snapshot::partial).isPresent();
        return damaged ? "history damaged" : partial ? "partial" : one.last().isPresent() ? "ok" : "waiting";
    }

    private static String agent(VolumeStatus one, Ages ages) {
        String paused = one.agent().paused() ? ", paused" : "";
        if (one.agent().connected()) {
            return "connected" + paused;
        }
        return one.agent()
                .since()
                .map(since -> "away, last seen " + ages.of(since) + paused)
                .orElse("never seen");
    }

    private void troubles(List<VolumeStatus> volumes, Ages ages) {
        for (VolumeStatus one : volumes) {
            one.overdueSince()
                    .ifPresent(since ->
                            session.say("overdue: " + one.host() + "/" + one.volume() + ", due " + ages.of(since)));
            one.run()
                    .filter(run -> !one.isWell() && run.result() == RunReport.Result.FAILED)
                    .ifPresent(run -> {
                        session.say("failed:  " + one.host() + "/" + one.volume() + ", " + ages.of(run.ended()) + ": "
                                + SafeText.of(run.failure().message()) + "  ["
                                + SafeText.of(run.failure().code()) + "]");
                        if (!run.failure().hint().isEmpty()) {
                            session.say("  hint: " + SafeText.of(run.failure().hint()));
                        }
                    });
        }
    }

    private static void write(JsonOutput.Fields json, VolumeStatus one, Instant now) {
        json.text("host", one.host())
                .text("volume", one.volume())
                .text("schedule", one.schedule())
                .flag("overdue", one.overdue())
                .flag("failed", one.failed())
                .flag("running", one.running().isPresent())
                .flag("agent_connected", one.agent().connected())
                .flag("agent_paused", one.agent().paused());
        one.agent().since().ifPresent(since -> json.time("agent_since", since));
        one.next().ifPresent(next -> json.time("next_due", next));
        one.overdueSince().ifPresent(since -> json.time("overdue_since", since));
        one.running().ifPresent(since -> json.time("running_since", since));
        one.last()
                .ifPresent(last -> json.object(
                        "last_snapshot",
                        item -> item.text("snapshot_id", last.brief())
                                .time("received", last.received())
                                .number(
                                        "age",
                                        Math.max(
                                                0,
                                                now.getEpochSecond()
                                                        - last.received().getEpochSecond()))
                                .flag("partial", last.partial())
                                .flag("damaged_history", last.damagedHistory())
                                .number("files", last.files())
                                .number("bytes", last.bytes())));
        one.run()
                .ifPresent(run -> json.object("last_run", item -> {
                    item.text("result", run.result().word())
                            .time("ended", run.ended())
                            .number("duration", run.took().toMillis() / 1000.0);
                    if (!run.by().isEmpty()) {
                        item.text("by", run.by());
                    }
                    if (!run.failure().code().isEmpty()) {
                        item.text("problem", run.failure().code())
                                .text("message", run.failure().message())
                                .text("hint", run.failure().hint());
                    }
                }));
    }
}
