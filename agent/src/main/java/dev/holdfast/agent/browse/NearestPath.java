package dev.holdfast.agent.browse;

import dev.holdfast.agent.tree.Block;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import dev.holdfast.core.tree.EntryType;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a person may have meant who named a path that a snapshot does not have. */
public final class NearestPath {
    /** Names of one folder that are compared; nobody waits for a folder of millions to hear that he mistyped. */
    private static final int MOST_NAMES = 100_000;

    private NearestPath() {}

    /** A sentence for a hint, with a blank behind it; empty when nothing is near. */
    public static String advice(SnapshotReader reader, EntryPath missing) {
        return of(reader, missing)
                .map(path -> "The nearest path there is '" + path + "'. ")
                .orElse("");
    }

    /**
     * The path with its first missing part replaced by a name that looks like it, as far as that exists; else the deepest folder of it
     * that exists. Empty when that is only the root.
     */
    static Optional<EntryPath> of(SnapshotReader reader, EntryPath missing) {
        EntryPath firstMissing = missing;
        EntryPath folder = missing.parent();
        while (!folder.isRoot() && !exists(reader, folder)) {
            firstMissing = folder;
            folder = folder.parent();
        }
        Map<String, EntryPath> names = children(reader, folder);
        Optional<EntryPath> like =
                Configuration.nearest(plain(firstMissing), names.keySet()).map(names::get);
        if (like.isEmpty()) {
            return folder.isRoot() ? Optional.empty() : Optional.of(folder);
        }
        EntryPath whole = moved(missing, firstMissing, like.get());
        return exists(reader, whole) ? Optional.of(whole) : like;
    }

    private static String plain(EntryPath path) {
        return EntryPath.printable(path.name()).toLowerCase(Locale.ROOT);
    }

    private static EntryPath moved(EntryPath path, EntryPath from, EntryPath to) {
        return path.equals(from) ? to : moved(path.parent(), from, to).child(path.name());
    }

    /** What lies in a lost block counts as not there. */
    private static boolean exists(SnapshotReader reader, EntryPath path) {
        return reader.stretchAt(path)
                .filter(stretch -> stretch instanceof Block block
                        && block.entries().stream()
                                .anyMatch(entry -> entry.path().equals(path)))
                .isPresent();
    }

    private static Map<String, EntryPath> children(SnapshotReader reader, EntryPath folder) {
        Map<String, EntryPath> names = new HashMap<>();
        EntryCursor cursor = EntryCursor.at(reader, folder, lost -> {});
        while (!cursor.atEnd() && cursor.path().isWithin(folder) && names.size() < MOST_NAMES) {
            if (cursor.passGap()) {
                continue;
            }
            Entry entry = cursor.entry();
            if (entry.path().equals(folder)) {
                cursor.advance();
                continue;
            }
            names.put(plain(entry.path()), entry.path());
            if (entry.type() == EntryType.DIRECTORY) {
                cursor.leave(entry.path());
            } else {
                cursor.advance();
            }
        }
        return names;
    }
}
