package dev.holdfast.agent.browse;

import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import dev.holdfast.core.tree.EntryType;
import java.util.function.Consumer;

/** What {@code ls} shows: one entry, the children of a folder, or everything below it. */
public final class FolderListing {
    private FolderListing() {}

    /**
     * Shows {@code path} itself when it is no folder; else its children, or with {@code recursive} everything below. False when the
     * snapshot has no such path.
     */
    public static boolean show(SnapshotReader reader, EntryPath path, boolean recursive, Consumer<Entry> shown) {
        EntryCursor cursor = EntryCursor.at(reader, path);
        if (cursor.atEnd() || !cursor.path().equals(path)) {
            return false;
        }
        Entry here = cursor.entry();
        if (here.type() != EntryType.DIRECTORY) {
            shown.accept(here);
            return true;
        }
        cursor.advance();
        while (!cursor.atEnd() && cursor.path().isWithin(path)) {
            Entry entry = cursor.entry();
            shown.accept(entry);
            if (recursive || entry.type() != EntryType.DIRECTORY) {
                cursor.advance();
            } else {
                cursor.leave(entry.path());
            }
        }
        return true;
    }
}
