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
    /** Of those whose content is as it was, how many have other metadata. */
    long filesOtherMetadata;

    long directoriesNew;
    long directoriesChanged;
    long directoriesUnmodified;
    long others;
    long bytes;
    long vanished;
    private long fuzzyCount;
    private final List<EntryPath> fuzzy = new ArrayList<>();
    private long unreadableCount;
    private final List<SnapshotManifest.Unreadable> unreadable = new ArrayList<>();

    /** A file kept changing while it was read. */
    void fuzzy(EntryPath path) {
        fuzzyCount++;
        if (fuzzy.size() < BackupOutcome.MAX_NAMES) {
            fuzzy.add(path);
        }
    }

    long fuzzyCount() {
        return fuzzyCount;
    }

    List<EntryPath> fuzzy() {
        return List.copyOf(fuzzy);
    }

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
