package dev.holdfast.cli.command;

import dev.holdfast.cli.terminal.Ages;
import dev.holdfast.cli.terminal.JsonOutput;
import dev.holdfast.cli.terminal.SafeText;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.cli.terminal.Table.Column;
import dev.holdfast.core.fleet.RunReport;
import dev.holdfast.core.fleet.VolumeStatus;
import dev.holdfast.core.problem.ProblemCode;
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
    int show(String server, List<VolumeStatus> volumes, Instant now) {
        if (session.options().json()) {
            session.json()
                    .line(
                            "fleet_status",
                            json -> json.text("server", server)
                                    .time("time", now)
                                    .flag("well", volumes.stream().allMatch(VolumeStatus::isWell))
                                    .objects("volumes", volumes, (item, one) -> write(item, one, now)));
        } else if (volumes.isEmpty()) {
            session.say("server '" + server + "' knows of no backups that you may see");
        } else {
            session.say("server '" + server + "'");
            table(volumes, new Ages(() -> now));
            troubles(volumes, new Ages(() -> now));
        }
        return volumes.stream().allMatch(VolumeStatus::isWell) ? 0 : ProblemCode.FAILED.exitCode();
    }

    private void table(List<VolumeStatus> volumes, Ages ages) {
        Table table = new Table(
                Column.text("HOST"),
                Column.text("VOLUME"),
                Column.text("STATE"),
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
                    one.last().map(last -> ages.of(last.received())).orElse("none yet"),
                    one.last().map(last -> Long.toString(last.files())).orElse(""),
                    one.last().map(last -> Sizes.show(last.bytes())).orElse(""),
                    one.next().map(ages::of).orElse("not scheduled"),
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
