package dev.holdfast.agent.browse;

import dev.holdfast.agent.tree.Gap;
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
     * snapshot has no such path, as far as it is known: {@code lost} gets each gap that may hide something of it.
     */
    public static boolean show(
            SnapshotReader reader, EntryPath path, boolean recursive, Consumer<Entry> shown, Consumer<Gap> lost) {
        EntryCursor cursor = EntryCursor.at(reader, path, lost);
        boolean found = false;
        while (!cursor.atEnd() && cursor.path().isWithin(path)) {
            if (cursor.passGap()) {
                continue;
            }
            Entry entry = cursor.entry();
            boolean itself = entry.path().equals(path);
            found = true;
            if (!itself || entry.type() != EntryType.DIRECTORY) {
                shown.accept(entry);
            }
            if (itself || recursive || entry.type() != EntryType.DIRECTORY) {
                cursor.advance();
            } else {
                cursor.leave(entry.path());
            }
        }
        return found;
    }
}
