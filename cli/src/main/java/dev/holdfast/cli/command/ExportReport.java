package dev.holdfast.cli.command;

import dev.holdfast.agent.archive.ExportOutcome;
import dev.holdfast.agent.archive.ExportRun;
import dev.holdfast.cli.terminal.Durations;
import dev.holdfast.cli.terminal.JsonOutput;
import dev.holdfast.cli.terminal.SafeText;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.SnapshotRecord;
import java.time.Duration;
import java.util.Optional;

/** What a person or a program is told of one export. */
final class ExportReport {
    private static final int SHOWN = 20;

    private final Session session;
    private final String source;
    private final String volume;
    private final ExportRun.Target target;
    private final Optional<SnapshotRecord> record;

    /** @param record empty when the volume itself is exported */
    ExportReport(
            Session session, String source, String volume, ExportRun.Target target, Optional<SnapshotRecord> record) {
        this.session = session;
        this.source = source;
        this.volume = volume;
        this.target = target;
        this.record = record;
    }

    /** After a dry run. */
    void planned() {
        if (session.options().json()) {
            session.json().line("summary", json -> {
                head(json, true);
                record.ifPresent(known -> json.number("files", known.summary().files())
                        .number("bytes", known.summary().totalBytes()));
            });
            return;
        }
        session.say("would export " + what() + " to " + archive());
        record.ifPresent(
                known -> session.say("size:   " + Sizes.show(known.summary().totalBytes()) + " in "
                        + known.summary().files() + " files"));
        session.say("dry run: nothing was written");
    }

    /** Returns the exit code. */
    int done(ExportOutcome outcome, long millis) {
        if (session.options().json()) {
            session.json().line("summary", json -> summary(json, outcome, millis));
        } else if (session.options().quiet()) {
            session.say(archive());
        } else {
            lines(outcome, millis);
        }
        if (outcome.missingCount() == 0) {
            return 0;
        }
        if (session.options().quiet() && !session.options().json()) {
            session.alarm(Problem.of(
                    ProblemCode.PARTIAL,
                    "the archive of volume '" + volume + "' lacks what could not be read: " + outcome.missingCount()
                            + " paths, such as: " + outcome.missing().get(0).what(),
                    "`holdfast export` without --quiet lists them."));
        }
        return ProblemCode.PARTIAL.exitCode();
    }

    private String what() {
        LocalTimes times = new LocalTimes(session.zone());
        return record.map(known -> "snapshot " + known.hash().brief() + " of " + source + "/" + volume + ", received "
                        + times.precise(known.received()))
                .orElse("local volume " + SafeText.of(volume));
    }

    private String archive() {
        return SafeText.of(target.folder().resolve(target.name()).toString());
    }

    private void lines(ExportOutcome outcome, long millis) {
        outcome.missing().stream()
                .limit(SHOWN)
                .forEach(note -> session.terminal().err().println("missing: " + SafeText.of(note.what())));
        if (outcome.missingCount() > SHOWN) {
            session.remark("... and " + (outcome.missingCount() - SHOWN) + " more");
        }
        outcome.leftOut().stream()
                .limit(SHOWN)
                .forEach(note -> session.remark(
                        "left out: " + note.what() + " '" + note.path() + "', which tar files cannot hold"));
        session.say("paths:  " + outcome.entries() + ", " + outcome.files() + " of them files and " + outcome.links()
                + " further names of files");
        session.say("size:   " + Sizes.show(outcome.bytes()) + " in files, " + Sizes.show(outcome.archiveBytes())
                + " in the archive");
        if (outcome.fuzzy() > 0) {
            session.say("fuzzy:  " + outcome.fuzzy() + (outcome.fuzzy() == 1 ? " file" : " files")
                    + " changed while being read");
        }
        session.say(what() + " is in " + archive() + " (" + Durations.words(Duration.ofMillis(millis)) + ")");
    }

    private void head(JsonOutput.Fields json, boolean dryRun) {
        record.ifPresent(known -> json.text("snapshot_id", known.id()));
        json.text("source", source)
                .text("volume", volume)
                .text("archive", target.folder().resolve(target.name()).toString())
                .flag("dry_run", dryRun);
    }

    private void summary(JsonOutput.Fields json, ExportOutcome outcome, long millis) {
        head(json, false);
        json.number("entries", outcome.entries())
                .number("files", outcome.files())
                .number("links", outcome.links())
                .number("bytes", outcome.bytes())
                .number("archive_bytes", outcome.archiveBytes())
                .number("files_fuzzy", outcome.fuzzy())
                .number("missing_count", outcome.missingCount())
                .objects("missing", outcome.missing(), ExportReport::note)
                .number("left_out_count", outcome.leftOutCount())
                .objects("left_out", outcome.leftOut(), ExportReport::note)
                .number("total_duration", millis / 1000.0);
    }

    static void note(JsonOutput.Fields json, ExportOutcome.Note note) {
        json.text("path", "/" + note.path()).text("what", note.what());
    }
}
