package dev.holdfast.agent.restore;

import dev.holdfast.agent.files.Directory;
import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.agent.files.NameCursor;
import dev.holdfast.agent.files.Status;
import dev.holdfast.agent.tree.Gap;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import java.util.Optional;

/** Removes what the snapshot does not have, after everything else is done, so that nothing is lost for nothing. */
final class Deletion implements TreeMerge.Visitor {
    private final Directory target;
    private final Spared spared;
    private final Finisher finisher;
    private final Tally tally;
    private final Trouble trouble;

    /** Takes {@code target} over. */
    Deletion(Directory target, Spared spared, Finisher finisher, Tally tally, Trouble trouble) {
        this.target = target;
        this.spared = spared;
        this.finisher = finisher;
        this.tally = tally;
        this.trouble = trouble;
    }

    @Override
    public Folder root() {
        try {
            return enter(null, EntryPath.ROOT, target, new Folder.Facts());
        } catch (FileAccessException e) {
            throw RestoreRun.unusable(target.printablePath(), e);
        }
    }

    private Folder enter(
            @org.jspecify.annotations.Nullable Folder parent, EntryPath path, Directory directory, Folder.Facts facts)
            throws FileAccessException {
        try {
            NameCursor names = directory.names();
            facts.noteLeftovers(names);
            return new Folder(parent, path, directory, names, facts, finisher::finish);
        } catch (FileAccessException e) {
            directory.close();
            throw e;
        }
    }

    @Override
    public void rootEntry(Entry entry, Folder root) {
        root.facts().entry = entry;
    }

    @Override
    public Optional<Folder> directory(TreeMerge.Item item) {
        if (item.existing().filter(Status::isDirectory).isEmpty()) {
            return Optional.empty();
        }
        EntryPath path = item.entry().path();
        try {
            Folder.Facts facts = new Folder.Facts();
            if (item.chosen()) {
                facts.entry = item.entry();
            }
            Directory directory = item.folder().directory().openDirectory(item.name());
            return Optional.of(enter(item.folder(), path, directory, facts));
        } catch (FileAccessException e) {
            failed(path, e);
            return Optional.empty();
        }
    }

    @Override
    public void other(TreeMerge.Item item) {
        // It is in the snapshot, so it stays.
    }

    @Override
    public void extra(Folder folder, byte[] name) {
        EntryPath path = folder.path().child(name);
        try {
            if (folder.directory().removeTree(name, spared.in(folder.path())).removes()) {
                folder.touch();
                tally.did(Action.DELETE);
            }
        } catch (FileAccessException e) {
            failed(path, e);
        }
    }

    @Override
    public void lost(Gap gap) {
        tally.lost(gap);
    }

    @Override
    public void unreachable(Entry entry) {
        // Known from the walk before.
    }

    @Override
    public void failed(EntryPath path, FileAccessException e) {
        if (!trouble.endsRun(e)) {
            tally.failed(path, String.valueOf(e.getMessage()), false);
        }
    }

    @Override
    public void broken(RuntimeException cause) {
        trouble.stop(cause instanceof HoldfastException known ? known : RestoreRun.bug(cause));
    }

    @Override
    public void at(EntryPath path) {
        trouble.check();
    }
}
