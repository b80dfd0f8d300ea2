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
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
    private final String target;
    private final boolean whole;
    private List<String> stops = List.of();

    RestoreReport(Session session, SnapshotRecord record, String target, boolean whole) {
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
            session.json().line("verbose_status", json -> change(json, step));
        } else {
            session.say(line(step));
        }
    }

    private static void change(JsonOutput.Fields json, RestorePlan.Step step) {
        json.text("action", name(step.action())).text("item", "/" + step.path()).number("size", step.bytes());
    }

    /** The first of what is there and would not stay as it is. */
    private static List<RestorePlan.Step> touching(RestorePlan plan) {
        return plan.steps().stream()
                .filter(step -> TOUCHING.contains(step.action()))
                .toList();
    }

    private static String line(RestorePlan.Step step) {
        return "  " + WORDS.get(step.action()) + " " + step.path();
    }

    /** The plan in words; names of what would be lost come first, the rest is counted. */
    void plan(RestorePlan plan, boolean namesWereShown) {
        LocalTimes times = new LocalTimes(session.zone());
        session.say("snapshot " + record.hash().brief() + " of " + record.host() + "/" + record.volume() + ", received "
                + times.precise(record.received()) + ", goes to " + SafeText.of(target));
        for (Action action : Action.values()) {
            if (plan.count(action) > 0) {
                session.say(String.format(Locale.ROOT, "  %-16s %,10d", WORDS.get(action), plan.count(action)));
            }
        }
        if (plan.files() > 0) {
            session.say(
                    String.format(Locale.ROOT, "  to write: %s, %s", files(plan.files()), Sizes.show(plan.bytes())));
        }
        if (!namesWereShown) {
            List<RestorePlan.Step> touching = touching(plan);
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

    private static String files(long count) {
        return String.format(Locale.ROOT, count == 1 ? "%,d file" : "%,d files", count);
    }

    /** The restore goes into a volume that nobody has heard of. */
    void newVolume(Path folder, boolean dryRun) {
        session.remark("no volume of that name is known: a new one " + (dryRun ? "would be" : "is") + " made in "
                + SafeText.of(folder.toString()));
    }

    /** The names of the containers that the restore stops, or would stop. */
    void stops(List<String> names) {
        stops = List.copyOf(names);
    }

    /** @param duration of the planning */
    void dryRun(RestorePlan plan, Duration duration) {
        if (session.options().json()) {
            session.json().line("summary", json -> summary(json, plan, foreseen(plan, duration), true));
        } else {
            gaps(plan.gaps());
            leftOut("would be left out: ", plan.leftOutCount(), plan.leftOut());
            session.say("dry run: nothing was changed");
        }
    }

    /** How the run would go: programs are told both in the same words. */
    private static RestoreOutcome foreseen(RestorePlan plan, Duration duration) {
        return new RestoreOutcome(
                plan.counts(),
                plan.files(),
                plan.bytes(),
                plan.filesKept(),
                plan.bytesKept(),
                0,
                0,
                plan.gaps().stream().mapToLong(Gap::entries).sum(),
                List.of(),
                plan.gaps(),
                plan.leftOutCount(),
                plan.leftOut(),
                duration);
    }

    void outcome(RestorePlan plan, RestoreOutcome outcome) {
        if (session.options().json()) {
            session.json().line("summary", json -> summary(json, plan, outcome, false));
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
        more(outcome.failureCount() - inGaps, "not restored");
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
        session.say("size:   " + Sizes.show(outcome.bytesWritten()) + " written in " + files(outcome.files()) + ", "
                + Sizes.show(outcome.bytesFetched()) + " fetched");
        String missing = outcome.failureCount() > 0
                ? ", but " + outcome.failureCount() + (outcome.failureCount() == 1 ? " path" : " paths")
                        + " could not be restored"
                : outcome.leftOutCount() > 0
                        ? ", but for " + outcome.leftOutCount() + (outcome.leftOutCount() == 1 ? " thing" : " things")
                                + " left out"
                        : "";
        session.say("snapshot " + record.hash().brief() + " of " + record.host() + "/" + record.volume() + " is in "
                + SafeText.of(target) + missing + " (" + Durations.words(outcome.duration()) + ")");
    }

    private void head(JsonOutput.Fields json, boolean dryRun) {
        json.text("snapshot_id", record.id())
                .text("hostname", record.host())
                .text("volume", record.volume())
                .text("target", target)
                .flag("dry_run", dryRun);
    }

    private void summary(JsonOutput.Fields json, RestorePlan plan, RestoreOutcome outcome, boolean dryRun) {
        long total = plan.files() + plan.filesKept();
        double seconds = outcome.duration().toMillis() / 1000.0;
        head(json, dryRun);
        json.number("total_files", total)
                .number("files_restored", outcome.files())
                .number("files_skipped", outcome.filesKept())
                .number("files_deleted", outcome.count(Action.DELETE))
                .number("files_failed", Math.max(0, total - outcome.files() - outcome.filesKept()))
                .number("total_bytes", plan.bytes() + plan.bytesKept())
                .number("bytes_restored", outcome.bytesRestored())
                .number("bytes_skipped", outcome.bytesKept())
                .number("bytes_written", outcome.bytesWritten())
                .number("bytes_fetched", outcome.bytesFetched())
                .number("seconds_elapsed", seconds)
                .number("total_duration", seconds)
                .object(
                        "actions",
                        actions -> Stream.of(Action.values())
                                .forEach(action -> actions.number(name(action), outcome.count(action))))
                .objects("touched", touching(plan), RestoreReport::change)
                .number("paths_failed", outcome.failureCount())
                .objects(
                        "failures",
                        outcome.failures(),
                        (fields, failure) -> fields.text("path", "/" + failure.path())
                                .text("reason", failure.reason())
                                .flag("damaged", failure.damaged()))
                .objects("lost", outcome.gaps(), RestoreReport::gap)
                .texts("containers_stopped", stops);
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
