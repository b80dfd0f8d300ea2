package dev.holdfast.cli.command;

import dev.holdfast.agent.leftover.Leftover;
import dev.holdfast.agent.leftover.OpenWork;
import dev.holdfast.agent.marker.UnfinishedRestore;
import dev.holdfast.agent.schedule.AgentControl;
import dev.holdfast.agent.schedule.JobState;
import dev.holdfast.agent.schedule.RunRecord;
import dev.holdfast.agent.schedule.ScheduleReport;
import dev.holdfast.cli.terminal.Ages;
import dev.holdfast.cli.terminal.Durations;
import dev.holdfast.cli.terminal.JsonOutput;
import dev.holdfast.cli.terminal.SafeText;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.cli.terminal.Table.Column;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How a schedule stands, for a person or a program. */
final class ScheduleTable {
    private final Session session;

    ScheduleTable(Session session) {
        this.session = session;
    }

    /** What would run when, and the command that would see to it. */
    void plan(ScheduleReport report, List<String> command) {
        if (session.options().json()) {
            session.json()
                    .line(
                            "plan",
                            json -> json.text("host", report.host())
                                    .texts("command", command)
                                    .objects(
                                            "jobs",
                                            report.jobs(),
                                            (item, line) -> item.text(
                                                            "volume",
                                                            line.state().name().volume())
                                                    .text(
                                                            "server",
                                                            line.state().name().server())
                                                    .text(
                                                            "schedule",
                                                            line.state().name().schedule())
                                                    .time("next", line.state().next())
                                                    .flag("overdue", line.overdue())));
            return;
        }
        Table table =
                new Table(Column.text("VOLUME"), Column.text("SERVER"), Column.text("SCHEDULE"), Column.text("NEXT"));
        session.say("would run   " + String.join(" ", command));
        session.say("");
        for (ScheduleReport.Line line : report.jobs()) {
            JobState.Name name = line.state().name();
            table.row(name.volume(), name.server(), name.schedule(), start(line));
        }
        table.print(session.terminal());
    }

    private String start(ScheduleReport.Line line) {
        JobState state = line.state();
        return state.retryAt().map(this::moment).orElse(line.overdue() ? "at once" : moment(state.next()));
    }

    void status(ScheduleReport report, Optional<AgentControl.Speaker> speaker, PortTrouble port, OpenWork open) {
        if (session.options().json()) {
            session.json()
                    .line(
                            "schedule_status",
                            json -> write(json, report, speaker, port)
                                    .objects(
                                            "leftovers",
                                            open.leftovers(),
                                            (item, one) -> item.text("subject", one.subject())
                                                    .text(
                                                            "message",
                                                            one.problem().message())
                                                    .text("hint", one.problem().hint()))
                                    .objects("restores", open.restores(), ScheduleTable::write));
            return;
        }
        session.say("the agent of host '" + report.host() + "' "
                + speaker.map(one -> "runs (" + SafeText.of(one.software()) + ", process " + one.processId() + ")")
                        .orElse("does not run")
                + (report.paused() ? "; the schedule is paused: `holdfast schedule start` resumes it" : ""));
        speaker.flatMap(AgentControl.Speaker::complaint).ifPresent(this::complain);
        port.lines().forEach(session::say);
        for (UnfinishedRestore one : open.restores()) {
            session.say("restoring now: snapshot " + SafeText.of(one.snapshot()) + " into "
                    + SafeText.of(one.target().toString()) + ", since " + moment(one.since()));
        }
        for (Leftover one : open.leftovers()) {
            session.say("warning: " + SafeText.of(one.problem().message()));
            session.say("  hint: " + SafeText.of(one.problem().hint()));
        }
        if (report.jobs().isEmpty()) {
            session.say("nothing is scheduled");
            return;
        }
        session.say("");
        jobs(report);
        failures(report);
    }

    /** Of a broken file the first line says how many problems there are, and the second is the first of them. */
    private void complain(String complaint) {
        List<String> lines = complaint.lines().map(SafeText::of).toList();
        session.say("warning: the changed configuration is not used: " + lines.get(0));
        if (lines.size() > 1) {
            session.say("  the first: " + lines.get(1));
            session.say("  hint: Correct the file; `holdfast config validate` shows all that is wrong with it.");
        }
    }

    private void jobs(ScheduleReport report) {
        Ages ages = new Ages(session.clock());
        Table table = new Table(
                Column.text("VOLUME"),
                Column.text("SERVER"),
                Column.text("SCHEDULE"),
                Column.text("LAST RUN"),
                Column.text("RESULT"),
                Column.number("TOOK"),
                Column.number("SIZE"),
                Column.number("SENT"),
                Column.text("NEXT"));
        for (ScheduleReport.Line line : report.jobs()) {
            JobState state = line.state();
            Optional<RunRecord> last = state.last();
            table.row(
                    state.name().volume(),
                    state.name().server(),
                    state.name().schedule(),
                    last.map(run -> ages.of(run.began())).orElse("never"),
                    last.map(run -> run.result().word()).orElse(""),
                    last.map(run -> Durations.words(run.took())).orElse(""),
                    last.flatMap(RunRecord::achievement)
                            .map(made -> Sizes.show(made.bytes()))
                            .orElse(""),
                    last.flatMap(RunRecord::achievement)
                            .map(made -> Sizes.show(made.bytesSent()))
                            .orElse(""),
                    line.running()
                            ? "running since " + moment(state.runningSince().orElseThrow())
                            : line.overdue() ? "OVERDUE" : report.paused() ? "paused" : moment(state.next()));
        }
        table.print(session.terminal());
    }

    private void failures(ScheduleReport report) {
        for (ScheduleReport.Line line : report.jobs()) {
            JobState state = line.state();
            state.last().flatMap(RunRecord::failure).ifPresent(failure -> {
                session.say("");
                session.say(state.name() + ": " + SafeText.of(failure.message()) + "  [" + failure.code() + "]");
                if (!failure.hint().isEmpty()) {
                    session.say("  hint: " + SafeText.of(failure.hint()));
                }
                state.retryAt().ifPresent(at -> session.say("  tried again at " + moment(at)));
            });
            if (line.overdue() && !line.running()) {
                session.say(state.name() + ": overdue since "
                        + moment(state.owedSince().orElse(state.next())));
            }
        }
    }

    private String moment(Instant time) {
        return new LocalTimes(session.zone()).show(time);
    }

    private static JsonOutput.Fields write(
            JsonOutput.Fields json, ScheduleReport report, Optional<AgentControl.Speaker> speaker, PortTrouble port) {
        json.text("host", report.host()).flag("running", report.alive()).flag("paused", report.paused());
        speaker.ifPresent(one -> json.number("process_id", one.processId()).text("software", one.software()));
        speaker.flatMap(AgentControl.Speaker::complaint)
                .ifPresent(complaint -> json.text("configuration_problem", complaint));
        port.write(json);
        return json.flag("overdue", report.anyOverdue()).objects("jobs", report.jobs(), ScheduleTable::write);
    }

    private static void write(JsonOutput.Fields json, ScheduleReport.Line line) {
        JobState state = line.state();
        json.text("volume", state.name().volume())
                .text("server", state.name().server())
                .text("schedule", state.name().schedule())
                .time("next", state.next())
                .flag("running", line.running())
                .flag("overdue", line.overdue());
        state.owedSince().ifPresent(since -> json.time("owed_since", since));
        state.retryAt().ifPresent(at -> json.time("retry_at", at));
        state.lastGood().ifPresent(at -> json.time("last_success", at));
        state.last().ifPresent(run -> json.object("last_run", fields -> write(fields, run)));
    }

    private static void write(JsonOutput.Fields json, UnfinishedRestore restore) {
        json.text("target", restore.target().toString())
                .text("volume", restore.volume())
                .text("snapshot_id", restore.id())
                .text("source", restore.source())
                .time("since", restore.since());
    }

    private static void write(JsonOutput.Fields json, RunRecord run) {
        json.text("result", run.result().word())
                .time("began", run.began())
                .number("duration", run.took().toMillis() / 1000.0);
        run.achievement()
                .ifPresent(made -> json.text("snapshot_id", made.snapshot())
                        .number("files", made.files())
                        .number("bytes", made.bytes())
                        .number("bytes_sent", made.bytesSent())
                        .number("files_unreadable", made.unreadable()));
        run.failure()
                .ifPresent(failure -> json.text("problem", failure.code())
                        .text("message", failure.message())
                        .text("hint", failure.hint()));
    }
}
