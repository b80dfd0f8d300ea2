package dev.holdfast.cli.command;

import dev.holdfast.agent.restore.Action;
import dev.holdfast.agent.restore.RestoreOutcome;
import dev.holdfast.agent.restore.RestorePlan;
import dev.holdfast.agent.tree.Gap;
import dev.holdfast.cli.terminal.Durations;
import dev.holdfast.cli.terminal.JsonOutput;
import dev.holdfast.cli.terminal.SafeText;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.core.snapshot.SnapshotRecord;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What a person or a program is told of one restore: the plan before, the outcome after. */
final class RestoreReport {
    private static final int SHOWN = 20;

    /** What becomes of something that is there already. */
    private static final List<Action> TOUCHING = List.of(Action.DELETE, Action.REPLACE, Action.UPDATE, Action.METADATA);

    private static final Map<Action, String> WORDS = new EnumMap<>(Map.of(
            Action.CREATE, "create",
            Action.REPLACE, "replace",
            Action.UPDATE, "update",
            Action.METADATA, "set metadata of",
            Action.KEEP, "keep",
            Action.DELETE, "delete"));

    private final Session session;
    private final SnapshotRecord record;
    private final Path target;
    private final boolean whole;

    RestoreReport(Session session, SnapshotRecord record, Path target, boolean whole) {
        this.session = session;
        this.record = record;
        this.target = target;
        this.whole = whole;
    }

    /** Whether anything that is in the target now would be changed or deleted. */
    static boolean touchesWhatIsThere(RestorePlan plan) {
        return TOUCHING.stream().anyMatch(action -> plan.count(action) > 0);
    }

    void step(RestorePlan.Step step) {
        if (session.options().json()) {
            session.json()
                    .line(
                            "verbose_status",
                            json -> json.text("action", name(step.action()))
                                    .text("item", "/" + step.path())
                                    .number("size", step.bytes()));
        } else {
            session.say(line(step));
        }
    }

    private static String line(RestorePlan.Step step) {
        return "  " + WORDS.get(step.action()) + " " + step.path();
    }

    /** The plan in words; names of what would be lost come first, the rest is counted. */
    void plan(RestorePlan plan, boolean namesWereShown) {
        LocalTimes times = new LocalTimes(session.zone());
        session.say("snapshot " + record.hash().brief() + " of " + record.host() + "/" + record.volume() + ", received "
                + times.precise(record.received()) + ", goes to " + SafeText.of(target.toString()));
        for (Action action : Action.values()) {
            if (plan.count(action) > 0) {
                session.say(String.format(Locale.ROOT, "  %-16s %,10d", WORDS.get(action), plan.count(action)));
            }
        }
        if (plan.files() > 0) {
            session.say(
                    String.format(Locale.ROOT, "  to write: %,d files, %s", plan.files(), Sizes.show(plan.bytes())));
        }
        if (!namesWereShown) {
            List<RestorePlan.Step> touching = plan.steps().stream()
                    .filter(step -> TOUCHING.contains(step.action()))
                    .toList();
            touching.stream().limit(SHOWN).forEach(step -> session.say(line(step)));
            long all = TOUCHING.stream().mapToLong(plan::count).sum();
            long left = all - Math.min(SHOWN, touching.size());
            if (left > 0) {
                session.say("  ... and " + left + " more; -v shows every name");
            }
        }
    }

    /** Told to whoever restores a snapshot that lacks something, whatever the command goes on to do. */
    void partial(RestorePlan plan) {
        if (plan.unreadCount() > 0 && !session.options().json()) {
            PartialNote.lines(session, record.hash().brief(), plan.unreadCount(), plan.unread());
            if (whole) {
                session.remark("  what is there now under " + (plan.unreadCount() == 1 ? "this path" : "these paths")
                        + " stays");
            }
        }
    }

    void dryRun(RestorePlan plan) {
        if (session.options().json()) {
            session.json().line("summary", json -> {
                head(json, true);
                counts(json, plan);
                json.number("bytes_restored", plan.bytes()).objects("lost", plan.gaps(), RestoreReport::gap);
                leftOut(json, plan.leftOutCount(), plan.leftOut());
                PartialNote.fields(json, plan.unreadCount(), plan.unread());
            });
        } else {
            gaps(plan.gaps());
            leftOut("would be left out: ", plan.leftOutCount(), plan.leftOut());
            session.say("dry run: nothing was changed");
        }
    }

    void outcome(RestorePlan plan, RestoreOutcome outcome) {
        if (session.options().json()) {
            session.json().line("summary", json -> summary(json, plan, outcome));
            return;
        }
        gaps(outcome.gaps());
        outcome.failures().stream()
                .limit(SHOWN)
                .forEach(failure -> session.terminal()
                        .err()
                        .println((failure.damaged() ? "damaged: '" : "not restored: '") + failure.path() + "': "
                                + SafeText.of(failure.reason())));
        long inGaps = outcome.gaps().stream().mapToLong(Gap::entries).sum();
        more(outcome.failureCount() - inGaps, "files that could not be restored");
        leftOut("left out: ", outcome.leftOutCount(), outcome.leftOut());
        if (!session.options().quiet()) {
            lines(outcome);
        }
    }

    private void leftOut(String word, long count, List<RestoreOutcome.LeftOut> items) {
        items.stream().limit(SHOWN).forEach(item -> {
            String path = item.path().isRoot() ? "." : item.path().toString();
            session.remark(word + SafeText.of(item.what()) + " of '" + path + "'");
        });
        more(count, "left out");
    }

    private static void leftOut(JsonOutput.Fields json, long count, List<RestoreOutcome.LeftOut> items) {
        json.number("left_out_count", count)
                .objects(
                        "left_out",
                        items,
                        (fields, item) -> fields.text("path", "/" + item.path()).text("what", item.what()));
    }

    private void gaps(List<Gap> gaps) {
        for (Gap gap : gaps) {
            session.terminal()
                    .err()
                    .println("damaged: " + SafeText.of(gap.range()) + " (" + gap.entries()
                            + (gap.entries() == 1 ? " entry" : " entries") + "): " + SafeText.of(gap.reason())
                            + "; what is there under these paths stays");
        }
    }

    private static void gap(JsonOutput.Fields json, Gap gap) {
        json.text("first", "/" + gap.first())
                .text("end", gap.end().map(path -> "/" + path).orElse(""))
                .number("entries", gap.entries())
                .text("reason", gap.reason());
    }

    private void more(long count, String what) {
        if (count > SHOWN) {
            session.remark("... and " + (count - SHOWN) + " more " + what);
        }
    }

    private void lines(RestoreOutcome outcome) {
        session.say(String.format(
                Locale.ROOT,
                "paths:  %d created, %d replaced, %d updated, %d by metadata only, %d kept, %d deleted",
                outcome.count(Action.CREATE),
                outcome.count(Action.REPLACE),
                outcome.count(Action.UPDATE),
                outcome.count(Action.METADATA),
                outcome.count(Action.KEEP),
                outcome.count(Action.DELETE)));
        session.say("size:   " + Sizes.show(outcome.bytesWritten()) + " written in " + outcome.files() + " files, "
                + Sizes.show(outcome.bytesFetched()) + " fetched");
        String missing = outcome.failureCount() > 0
                ? ", but " + outcome.failureCount() + (outcome.failureCount() == 1 ? " path" : " paths")
                        + " could not be restored"
                : outcome.leftOutCount() > 0
                        ? ", but for " + outcome.leftOutCount() + (outcome.leftOutCount() == 1 ? " thing" : " things")
                                + " left out"
                        : "";
        session.say("snapshot " + record.hash().brief() + " of " + record.host() + "/" + record.volume() + " is in "
                + SafeText.of(target.toString()) + missing + " (" + Durations.words(outcome.duration()) + ")");
    }

    private void head(JsonOutput.Fields json, boolean dryRun) {
        json.text("snapshot_id", record.id())
                .text("hostname", record.host())
                .text("volume", record.volume())
                .text("target", target.toString())
                .flag("dry_run", dryRun);
    }

    private void counts(JsonOutput.Fields json, RestorePlan plan) {
        long written = plan.count(Action.CREATE) + plan.count(Action.REPLACE) + plan.count(Action.UPDATE);
        long skipped = plan.count(Action.KEEP) + plan.count(Action.METADATA);
        long bytes = totalBytes(plan);
        json.number("total_files", written + skipped)
                .number("files_restored", written)
                .number("files_skipped", skipped)
                .number("files_deleted", plan.count(Action.DELETE))
                .number("total_bytes", bytes)
                .number("bytes_skipped", bytes - plan.bytes());
    }

    private long totalBytes(RestorePlan plan) {
        return whole ? Math.max(record.summary().totalBytes(), plan.bytes()) : plan.bytes();
    }

    private void summary(JsonOutput.Fields json, RestorePlan plan, RestoreOutcome outcome) {
        long written = outcome.count(Action.CREATE) + outcome.count(Action.REPLACE) + outcome.count(Action.UPDATE);
        long skipped = outcome.count(Action.KEEP) + outcome.count(Action.METADATA);
        double seconds = outcome.duration().toMillis() / 1000.0;
        head(json, false);
        json.number("total_files", written + skipped + outcome.failureCount())
                .number("files_restored", written)
                .number("files_skipped", skipped)
                .number("files_deleted", outcome.count(Action.DELETE))
                .number("files_failed", outcome.failureCount())
                .number("total_bytes", totalBytes(plan))
                .number("bytes_restored", outcome.bytesWritten())
                .number("bytes_skipped", Math.max(0, totalBytes(plan) - outcome.bytesWritten()))
                .number("bytes_fetched", outcome.bytesFetched())
                .number("seconds_elapsed", seconds)
                .number("total_duration", seconds)
                .object(
                        "actions",
                        actions -> outcome.counts().entrySet().stream()
                                .sorted(Map.Entry.comparingByKey())
                                .forEach(entry -> actions.number(name(entry.getKey()), entry.getValue())))
                .objects(
                        "failures",
                        outcome.failures(),
                        (fields, failure) -> fields.text("path", "/" + failure.path())
                                .text("reason", failure.reason())
                                .flag("damaged", failure.damaged()))
                .objects("lost", outcome.gaps(), RestoreReport::gap);
        leftOut(json, outcome.leftOutCount(), outcome.leftOut());
        PartialNote.fields(json, plan.unreadCount(), plan.unread());
    }

    private static String name(Action action) {
        return action.name().toLowerCase(Locale.ROOT);
    }

    /** What would be changed or deleted, for a question. */
    static String question(RestorePlan plan) {
        return TOUCHING.stream()
                .filter(action -> plan.count(action) > 0)
                .map(action -> WORDS.get(action) + " " + plan.count(action))
                .collect(Collectors.joining(", "));
    }
}
