package dev.holdfast.cli.command;

import dev.holdfast.agent.browse.Change;
import dev.holdfast.agent.browse.LiveTree;
import dev.holdfast.agent.browse.TreeDiff;
import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.agent.files.FileSystemView;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.cli.terminal.JsonOutput;
import dev.holdfast.cli.terminal.SafeText;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.core.config.HostVolume;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.tree.EntryType;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "diff",
        description = {
            "Shows what differs between two snapshots of a volume, or between a snapshot and the volume as it is now.",
            "Marks: + added, - removed, M other content, U only owner, mode, times or attributes, T another kind of thing. Parts"
                    + " that both snapshots share are not fetched. Of the volume as it is now, files of the same size and time are"
                    + " taken to be the same; files of the same size and another time are read."
        })
final class DiffCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "VOLUME", description = "Volume to compare.")
    private String volume = "";

    @Parameters(index = "1", paramLabel = "SNAP1", description = "Snapshot id, or latest.")
    private String first = "";

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "SNAP2",
            description = "Snapshot id, or latest (default: the volume on this host as it is now).")
    private @Nullable String second;

    @Mixin
    private HistoryOptions history = new HistoryOptions();

    @Option(names = "--exit-code", description = "End with 1 when anything differs.")
    private boolean exitCode;

    private final Session session;
    private long unreadable;

    DiffCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (Archive archive = Archive.of(session, history.server(), history.source(), volume)) {
            SnapshotChoice choice = archive.choice(archive.host(), volume);
            SnapshotRecord before = choice.id(first);
            try (SnapshotReader reader = archive.read(before)) {
                PartialNote.tell(session, reader);
                if (second != null) {
                    return betweenSnapshots(archive, reader, choice.id(second));
                }
                return againstLive(archive, reader);
            }
        }
    }

    private int betweenSnapshots(Archive archive, SnapshotReader before, SnapshotRecord record) {
        try (SnapshotReader after = archive.read(record)) {
            PartialNote.tell(session, after);
            MissingParts missing = new MissingParts(session, "one of the snapshots");
            TreeDiff diff = TreeDiff.between(before, after, missing, this::cancelled);
            return missing.exitCode(compare(before.record(), record.id(), diff));
        }
    }

    private boolean cancelled() {
        return session.cancellation().isRequested();
    }

    private int againstLive(Archive archive, SnapshotReader before) {
        HostVolume live = archive.machine().volume(volume);
        Path folder = new HostVolumes(session, archive.machine()).live(live);
        try (LiveTree tree =
                LiveTree.open(FileSystemView.open(), folder, live.filter(), archive.realm(), this::unreadable)) {
            MissingParts missing = new MissingParts(
                    session, "snapshot " + before.record().hash().brief());
            TreeDiff diff = TreeDiff.against(before, tree, missing, this::cancelled);
            return missing.exitCode(compare(before.record(), "", diff));
        } catch (FileAccessException e) {
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.IO,
                            "volume '" + volume + "' cannot be read: " + e.getMessage(),
                            "Run as a user who may read it."),
                    e);
        }
    }

    private void unreadable(String reason) {
        unreadable++;
        session.remark("unreadable: " + SafeText.of(reason));
    }

    private int compare(SnapshotRecord before, String afterId, TreeDiff diff) {
        boolean whole = diff.run(this::show);
        if (!whole) {
            session.cancellation().check();
        }
        if (session.options().json()) {
            session.json().line("statistics", json -> statistics(json, before, afterId, diff));
        } else if (!session.options().quiet()) {
            summary(diff);
        }
        if (unreadable > 0) {
            return ProblemCode.PARTIAL.exitCode();
        }
        return exitCode && diff.anyDifference() ? 1 : 0;
    }

    private void show(Change change) {
        if (session.options().json()) {
            session.json()
                    .line(
                            "change",
                            json -> json.text("path", "/" + change.path())
                                    .text(
                                            "modifier",
                                            Character.toString(change.kind().mark()))
                                    .text("type", EntryLine.word(change.after().type()))
                                    .number("size_before", sizeBefore(change))
                                    .number("size_after", sizeAfter(change)));
            return;
        }
        String slash = change.after().type() == EntryType.DIRECTORY ? "/" : "";
        String path = change.path().isRoot() ? "." : change.path().toString();
        session.say(change.kind().mark() + "  " + SafeText.of(path) + slash);
    }

    private static long sizeBefore(Change change) {
        return change.kind() == Change.Kind.ADDED ? 0 : change.before().size();
    }

    private static long sizeAfter(Change change) {
        return change.kind() == Change.Kind.REMOVED ? 0 : change.after().size();
    }

    private void summary(TreeDiff diff) {
        if (!diff.anyDifference()) {
            session.say("no differences");
            return;
        }
        session.say("added:   " + words(diff.added()));
        session.say("removed: " + words(diff.removed()));
        session.say(
                "changed: " + diff.changedContent() + " by content, " + diff.changedMetadata() + " by metadata only");
    }

    private static String words(TreeDiff.Totals totals) {
        return String.format(
                Locale.ROOT,
                "%d files, %d folders, %d others, %s",
                totals.files(),
                totals.directories(),
                totals.others(),
                Sizes.show(totals.bytes()));
    }

    private static void statistics(JsonOutput.Fields json, SnapshotRecord before, String afterId, TreeDiff diff) {
        json.text("source_snapshot", before.id())
                .text("target_snapshot", afterId)
                .number("changed_files", diff.changedContent())
                .number("changed_metadata", diff.changedMetadata())
                .object("added", fields -> totals(fields, diff.added()))
                .object("removed", fields -> totals(fields, diff.removed()));
    }

    private static void totals(JsonOutput.Fields json, TreeDiff.Totals totals) {
        json.number("files", totals.files())
                .number("dirs", totals.directories())
                .number("others", totals.others())
                .number("bytes", totals.bytes());
    }
}
