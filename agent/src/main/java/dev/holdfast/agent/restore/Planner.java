package dev.holdfast.agent.restore;

import dev.holdfast.agent.files.Directory;
import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.agent.files.FileSystemView;
import dev.holdfast.agent.files.Sparing;
import dev.holdfast.agent.tree.Gap;
import dev.holdfast.core.progress.Progress;
import dev.holdfast.core.snapshot.SnapshotManifest;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import dev.holdfast.core.tree.EntryType;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Counts what a restore would do; changes nothing. */
final class Planner implements TreeMerge.Visitor {
    private final FileSystemView files;
    private final RestoreRequest request;
    private final SnapshotManifest manifest;
    private final Spared spared;
    private final MetadataPolicy policy;
    private final Tally leftOut;
    private final Trouble trouble;
    private final Consumer<RestorePlan.Step> told;
    private final LinkTable links = new LinkTable();
    private final Judge judge;
    private final Map<Action, Long> counts = new EnumMap<>(Action.class);
    private final List<RestorePlan.Step> steps = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();
    private long fileCount;
    private long byteCount;
    private long keptFileCount;
    private long keptByteCount;

    /** @param told each change, however many there are */
    Planner(
            FileSystemView files,
            RestoreRequest request,
            SnapshotManifest manifest,
            Powers powers,
            Trouble trouble,
            Consumer<RestorePlan.Step> told) {
        this.files = files;
        this.request = request;
        this.manifest = manifest;
        this.spared = new Spared(request.rules(), manifest);
        this.leftOut = new Tally(Progress.NONE);
        this.policy = new MetadataPolicy(request, powers, leftOut);
        this.trouble = trouble;
        this.told = told;
        this.judge = new Judge(policy, links);
    }

    RestorePlan plan() {
        RestoreOutcome foreseen = leftOut.outcome(Duration.ZERO);
        return new RestorePlan(
                counts,
                fileCount,
                byteCount,
                keptFileCount,
                keptByteCount,
                steps,
                gaps,
                foreseen.leftOutCount(),
                foreseen.leftOut(),
                manifest.unreadableCount(),
                manifest.unreadable());
    }

    private void count(Action action, EntryPath path, long bytes) {
        counts.merge(action, 1L, Long::sum);
        if (action != Action.KEEP) {
            RestorePlan.Step step = new RestorePlan.Step(action, path, bytes);
            told.accept(step);
            if (steps.size() < RestorePlan.MAX_STEPS) {
                steps.add(step);
            }
        }
    }

    @Override
    public Folder root() {
        try {
            if (!Files.exists(request.target())) {
                return absent(null, EntryPath.ROOT);
            }
            Directory directory = files.openRoot(request.target());
            return open(null, EntryPath.ROOT, directory);
        } catch (FileAccessException e) {
            throw RestoreRun.unusable(request.target(), e);
        }
    }

    private static Folder absent(@org.jspecify.annotations.Nullable Folder parent, EntryPath path) {
        return new Folder(parent, path, null, null, new Folder.Facts(), folder -> {});
    }

    private static Folder open(@org.jspecify.annotations.Nullable Folder parent, EntryPath path, Directory directory)
            throws FileAccessException {
        try {
            return new Folder(
                    parent,
                    path,
                    directory,
                    directory.names(),
                    new Folder.Facts(),
                    folder -> folder.directory().close());
        } catch (FileAccessException e) {
            directory.close();
            throw e;
        }
    }

    @Override
    public void rootEntry(Entry entry, Folder root) {
        // The root itself, and its metadata, is no change that a person would count; what it would lack is told.
        try {
            policy.noteWithheld(entry);
            if (!root.exists() || !serves(entry, root.directory())) {
                policy.foresee(entry);
            }
        } catch (FileAccessException e) {
            failed(entry.path(), e);
        }
    }

    private boolean serves(Entry entry, Directory root) throws FileAccessException {
        return policy.same(entry, policy.of(entry), root.status(), root.xattrs());
    }

    @Override
    public Optional<Folder> directory(TreeMerge.Item item) {
        EntryPath path = item.entry().path();
        try {
            Action action = judge.judge(item).action();
            if (item.chosen()) {
                policy.noteWithheld(item.entry());
                foresee(item.entry(), action);
            }
            if (item.chosen() || action == Action.CREATE || action == Action.REPLACE) {
                count(action, path, 0);
            }
            if (action == Action.CREATE || action == Action.REPLACE) {
                return Optional.of(absent(item.folder(), path));
            }
            return Optional.of(
                    open(item.folder(), path, item.folder().directory().openDirectory(item.name())));
        } catch (FileAccessException e) {
            failed(path, e);
            return Optional.of(absent(item.folder(), path));
        }
    }

    @Override
    public void other(TreeMerge.Item item) {
        Entry entry = item.entry();
        if (entry.type().isDevice() && !policy.makes(entry)) {
            return;
        }
        policy.noteWithheld(entry);
        try {
            Optional<LinkTable.Group> followed = links.follow(item);
            if (followed.isPresent()) {
                count(following(item, followed.get()), entry, 0);
                return;
            }
            Action action = judge.judge(item).action();
            foresee(entry, action);
            boolean stays = action == Action.KEEP || action == Action.METADATA;
            links.lead(item)
                    .filter(group -> stays)
                    .ifPresent(group -> group.finish(item.existing().orElseThrow()));
            count(action, entry, entry.size());
        } catch (FileAccessException e) {
            count(Action.UPDATE, entry, entry.size()); // as in failed
        }
    }

    /** @param content zero for further names of a file that was counted */
    private void count(Action action, Entry entry, long content) {
        boolean stays = action == Action.KEEP || action == Action.METADATA;
        count(action, entry.path(), stays ? 0 : content);
        if (entry.type() == EntryType.FILE) {
            fileCount += stays ? 0 : 1;
            byteCount += stays ? 0 : content;
            keptFileCount += stays ? 1 : 0;
            keptByteCount += stays ? content : 0;
        }
    }

    private void foresee(Entry entry, Action action) {
        if (action != Action.KEEP) {
            policy.foresee(entry);
        }
    }

    private static Action following(TreeMerge.Item item, LinkTable.Group group) {
        if (item.existing().isEmpty()) {
            return Action.CREATE;
        }
        boolean linked = group.finished()
                .filter(file -> file.sameFile(item.existing().get()))
                .isPresent();
        return linked ? Action.KEEP : Action.REPLACE;
    }

    @Override
    public void extra(Folder folder, byte[] name) {
        if (request.deleteExtras()) {
            EntryPath path = folder.path().child(name);
            if (goes(folder, name)) {
                count(Action.DELETE, path, 0);
            }
        }
    }

    private boolean goes(Folder folder, byte[] name) {
        Sparing sparing = spared.in(folder.path());
        try {
            return sparing == Sparing.NOTHING
                    || folder.directory().foreseeRemoval(name, sparing).removes();
        } catch (FileAccessException e) {
            return true; // it is told as a failure when the restore comes to it
        }
    }

    @Override
    public void lost(Gap gap) {
        gaps.add(gap);
    }

    @Override
    public void unreachable(Entry entry) {
        // It is told as a failure when the restore comes to it.
    }

    /** What cannot be looked at now is counted as to be written. */
    @Override
    public void failed(EntryPath path, FileAccessException e) {
        count(Action.UPDATE, path, 0);
    }

    @Override
    public void broken(RuntimeException cause) {
        // Nothing was changed, so nothing is left open.
    }

    @Override
    public void at(EntryPath path) {
        trouble.check();
    }
}
