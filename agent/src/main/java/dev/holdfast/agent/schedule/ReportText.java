package dev.holdfast.agent.schedule;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.agent.leftover.Leftover;
import dev.holdfast.agent.leftover.OpenWork;
import dev.holdfast.agent.marker.UnfinishedRestore;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/** A report as programs want it: the JSON has the fields of {@code schedule status --json}. */
final class ReportText {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ScheduleReport report;
    private final OpenWork open;
    private final StringBuilder text = new StringBuilder();

    private ReportText(HostReport host) {
        this.report = host.schedule();
        this.open = host.open();
    }

    static String json(HostReport host) {
        ScheduleReport report = host.schedule();
        ObjectNode root = JSON.createObjectNode();
        root.put("host", report.host())
                .put("running", report.alive())
                .put("paused", report.paused())
                .put("overdue", report.anyOverdue());
        ArrayNode jobs = root.putArray("jobs");
        report.jobs().forEach(line -> write(line, jobs.addObject()));
        ArrayNode leftovers = root.putArray("leftovers");
        host.open().leftovers().forEach(one -> write(one, leftovers.addObject()));
        ArrayNode restores = root.putArray("restores");
        host.open().restores().forEach(one -> write(one, restores.addObject()));
        return root + "\n";
    }

    private static void write(Leftover left, ObjectNode node) {
        node.put("subject", left.subject())
                .put("message", left.problem().message())
                .put("hint", left.problem().hint());
    }

    private static void write(UnfinishedRestore restore, ObjectNode node) {
        node.put("target", restore.target().toString())
                .put("volume", restore.volume())
                .put("snapshot_id", restore.id())
                .put("source", restore.source())
                .put("since", restore.since().toString());
    }

    private static void write(ScheduleReport.Line line, ObjectNode node) {
        JobState state = line.state();
        node.put("volume", state.name().volume())
                .put("server", state.name().server())
                .put("schedule", state.name().schedule())
                .put("next", state.next().toString())
                .put("running", line.running())
                .put("overdue", line.overdue());
        state.owedSince().ifPresent(since -> node.put("owed_since", since.toString()));
        state.retryAt().ifPresent(at -> node.put("retry_at", at.toString()));
        state.lastGood().ifPresent(at -> node.put("last_success", at.toString()));
        state.last().ifPresent(run -> write(run, node.putObject("last_run")));
    }

    private static void write(RunRecord run, ObjectNode node) {
        node.put("result", run.result().word())
                .put("began", run.began().toString())
                .put("duration", run.took().toMillis() / 1000.0);
        run.achievement()
                .ifPresent(made -> node.put("snapshot_id", made.snapshot())
                        .put("files", made.files())
                        .put("bytes", made.bytes())
                        .put("bytes_sent", made.bytesSent())
                        .put("files_unreadable", made.unreadable()));
        run.failure()
                .ifPresent(failure -> node.put("problem", failure.code())
                        .put("message", failure.message())
                        .put("hint", failure.hint()));
    }

    /** In the text format of Prometheus. */
    static String metrics(HostReport host) {
        return new ReportText(host).metrics();
    }

    private String metrics() {
        describe("holdfast_schedule_paused", "Whether somebody has stopped the schedule.");
        ofHost("holdfast_schedule_paused", "", report.paused() ? 1 : 0);
        describe("holdfast_leftovers", "What interrupted runs have left to be done, by kind.");
        for (Leftover.Kind kind : Leftover.Kind.values()) {
            ofHost("holdfast_leftovers", ",kind=\"" + kind.word() + "\"", open.count(kind));
        }
        describe("holdfast_restores_running", "How many restores are at work.");
        ofHost("holdfast_restores_running", "", open.restores().size());
        each("backup_overdue", "Whether the run that was due has not succeeded.", line -> one(line.overdue()));
        each("backup_running", "Whether it is running.", line -> one(line.running()));
        each(
                "backup_next_timestamp_seconds",
                "When it starts next.",
                line -> seconds(Optional.of(line.state().next())));
        each(
                "backup_last_success_timestamp_seconds",
                "When it last made a snapshot.",
                line -> seconds(line.state().lastGood()));
        each(
                "backup_last_status",
                "How the last run went: 0 done, 1 partial, 2 no snapshot.",
                line -> line.state().last().map(run -> status(run.result())));
        each(
                "backup_last_duration_seconds",
                "How long the last run took.",
                line -> line.state().last().map(run -> String.valueOf(run.took().toMillis() / 1000.0)));
        each("backup_last_size_bytes", "What the last run found in the volume.", line -> made(line, true));
        each("backup_last_sent_bytes", "What the last run sent.", line -> made(line, false));
        return text.toString();
    }

    private static Optional<String> one(boolean flag) {
        return Optional.of(flag ? "1" : "0");
    }

    private static Optional<String> seconds(Optional<Instant> moment) {
        return moment.map(at -> String.valueOf(at.getEpochSecond()));
    }

    private static String status(RunRecord.Result result) {
        return result == RunRecord.Result.DONE ? "0" : result.isGood() ? "1" : "2";
    }

    private static Optional<String> made(ScheduleReport.Line line, boolean size) {
        return line.state()
                .last()
                .flatMap(RunRecord::achievement)
                .map(made -> String.valueOf(size ? made.bytes() : made.bytesSent()));
    }

    private void describe(String name, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(" gauge\n");
    }

    private void ofHost(String name, String more, long value) {
        text.append(name)
                .append("{host=\"")
                .append(escaped(report.host()))
                .append('"')
                .append(more)
                .append("} ")
                .append(value)
                .append('\n');
    }

    private void each(String stem, String help, Function<ScheduleReport.Line, Optional<String>> value) {
        String name = "holdfast_" + stem;
        describe(name, help);
        for (ScheduleReport.Line line : report.jobs()) {
            JobState.Name job = line.state().name();
            value.apply(line)
                    .ifPresent(number -> text.append(name)
                            .append("{host=\"")
                            .append(escaped(report.host()))
                            .append("\",volume=\"")
                            .append(escaped(job.volume()))
                            .append("\",server=\"")
                            .append(escaped(job.server()))
                            .append("\",schedule=\"")
                            .append(escaped(job.schedule()))
                            .append("\"} ")
                            .append(number)
                            .append('\n'));
        }
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
