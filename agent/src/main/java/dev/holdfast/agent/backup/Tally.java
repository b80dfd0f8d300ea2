package dev.holdfast.agent.backup;

import dev.holdfast.core.snapshot.SnapshotManifest;
import dev.holdfast.core.tree.EntryPath;
import java.util.ArrayList;
import java.util.List;

/** Counts one backup as it goes; for the walking thread alone. */
final class Tally {
    long filesNew;
    long filesChanged;
    long filesUnmodified;
    long directoriesNew;
    long directoriesChanged;
    long directoriesUnmodified;
    long others;
    long bytes;
    long bytesRead;
    long vanished;
    long fuzzy;
    private long unreadableCount;
    private final List<SnapshotManifest.Unreadable> unreadable = new ArrayList<>();

    void unreadable(EntryPath path, String reason) {
        unreadableCount++;
        if (unreadable.size() < SnapshotManifest.MAX_UNREADABLE) {
            unreadable.add(new SnapshotManifest.Unreadable(path, reason));
        }
    }

    long unreadableCount() {
        return unreadableCount;
    }

    List<SnapshotManifest.Unreadable> unreadable() {
        return List.copyOf(unreadable);
    }

    long files() {
        return filesNew + filesChanged + filesUnmodified;
    }

    long directories() {
        return directoriesNew + directoriesChanged + directoriesUnmodified;
    }

    SnapshotManifest.Counts counts() {
        return new SnapshotManifest.Counts(files(), directories(), others, bytes);
    }
}
