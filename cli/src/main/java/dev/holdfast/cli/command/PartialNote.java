package dev.holdfast.cli.command;

import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.cli.terminal.JsonOutput;
import dev.holdfast.cli.terminal.SafeText;
import dev.holdfast.core.snapshot.SnapshotManifest;
import dev.holdfast.core.tree.EntryPath;
import java.util.List;

/** Says of a snapshot that it is partial, and what it lacks for that reason, so that nobody takes that for removed. */
final class PartialNote {
    private static final int SHOWN = 20;

    private PartialNote() {}

    /** Says it on standard error, or as JSON lines. */
    static void tell(Session session, SnapshotReader reader) {
        SnapshotManifest manifest = reader.manifest();
        if (!manifest.partial()) {
            return;
        }
        String snapshot = reader.record().hash().brief();
        if (session.options().json()) {
            session.json()
                    .line(
                            "partial",
                            json -> fields(
                                    json.text("snapshot_id", reader.record().id()),
                                    manifest.unreadableCount(),
                                    manifest.unreadable()));
            return;
        }
        lines(session, snapshot, manifest.unreadableCount(), manifest.unreadable());
    }

    static void lines(Session session, String snapshot, long count, List<SnapshotManifest.Unreadable> unread) {
        session.remark("snapshot " + snapshot + " is partial: " + count + (count == 1 ? " path" : " paths")
                + " could not be read when it was made");
        unread.stream()
                .limit(SHOWN)
                .forEach(item ->
                        session.remark("  not in it: '" + path(item.path()) + "': " + SafeText.of(item.reason())));
        if (count > SHOWN) {
            session.remark("  ... and " + (count - SHOWN) + " more");
        }
    }

    private static String path(EntryPath path) {
        return path.isRoot() ? "." : path.toString();
    }

    /** What could not be read, for whichever object tells of it. */
    static void fields(JsonOutput.Fields json, long count, List<SnapshotManifest.Unreadable> unread) {
        json.number("unreadable_count", count)
                .objects(
                        "unreadable",
                        unread,
                        (fields, item) -> fields.text("path", "/" + item.path()).text("reason", item.reason()));
    }
}
