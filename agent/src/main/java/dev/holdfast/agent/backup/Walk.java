package dev.holdfast.agent.backup;

import dev.holdfast.agent.files.Directory;
import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.agent.files.FileReader;
import dev.holdfast.agent.files.NameCursor;
import dev.holdfast.agent.files.Status;
import dev.holdfast.agent.files.TemporaryName;
import dev.holdfast.core.config.PathFilter;
import dev.holdfast.core.progress.Progress;
import dev.holdfast.core.tree.Content;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Walks a volume depth first in the order of entries, compares each thing with the parent snapshot, and hands unchanged entries
 * on as they are; what changed is read. An error with one file is that file's problem: it is noted and the walk goes on.
 */
final class Walk {
    private static final int ATTEMPTS = 3;
    private static final long RETRY_UP_TO_BYTES = 64 << 20;

    private final Directory root;
    private final PathFilter filter;
    private final boolean rehash;
    private final Parent parent;
    private final EntryMaker entries;
    private final ContentReader contents;
    private final TreeAssembler tree;
    private final Tally tally;
    private final FileMeter meter;
    private final Foresight foresight;
    private final Progress progress;
    private final BooleanSupplier cancelled;
    private final LiveDatabases databases;

    Walk(
            Directory root,
            PathFilter filter,
            boolean rehash,
            Parent parent,
            EntryMaker entries,
            ContentReader contents,
            TreeAssembler tree,
            Tally tally,
            FileMeter meter,
            Foresight foresight,
            Progress progress,
            BooleanSupplier cancelled,
            LiveDatabases databases) {
        this.root = root;
        this.filter = filter;
        this.rehash = rehash;
        this.parent = parent;
        this.entries = entries;
        this.contents = contents;
        this.tree = tree;
        this.tally = tally;
        this.meter = meter;
        this.foresight = foresight;
        this.progress = progress;
        this.cancelled = cancelled;
        this.databases = databases;
    }

    void run() throws FileAccessException, InterruptedException {
        visitRoot();
        try (Descent descent = new Descent(root, NameCursor.WINDOW_BYTES, this::note)) {
            while (descent.advance()) {
                visit(descent);
            }
        }
    }

    private void visitRoot() throws FileAccessException, InterruptedException {
        Status status = root.status();
        Optional<Parent.Known> before = parent.at(EntryPath.ROOT);
        Entry entry = entries.make(EntryPath.ROOT, status, new byte[0], root.xattrs());
        countDirectory(before, status);
        tree.whole(entry);
    }

    private void visit(Descent descent) throws InterruptedException {
        if (cancelled.getAsBoolean()) {
            throw new InterruptedException("cancelled");
        }
        EntryPath folder = descent.folder();
        byte[] name = descent.name();
        if (!folder.mayHave(name)) {
            leftOut(
                    folder,
                    "'" + EntryPath.printable(name) + "' in it would have a path of more than " + EntryPath.MAX_BYTES
                            + " bytes");
            return;
        }
        EntryPath path = folder.child(name);
        try {
            Status status = descent.directory().status(name);
            if (filter.excluded(path.toBytes(), status.isDirectory()) || TemporaryName.isLeftover(name, status)) {
                return;
            }
            Optional<Parent.Known> before = parent.at(path);
            if (status.isDirectory()) {
                visitDirectory(descent, path, status, before);
            } else if (status.isFile()) {
                visitFile(descent.directory(), name, path, status, before);
            } else {
                visitOther(descent.directory(), name, path, status, before);
            }
        } catch (FileAccessException e) {
            note(path, e);
        }
    }

    private void note(EntryPath path, FileAccessException e) {
        if (e.notFound()) {
            tally.vanished++;
        } else {
            leftOut(path, String.valueOf(e.getMessage()));
        }
    }

    /** Something is missing from the snapshot; the rest goes on. */
    private void leftOut(EntryPath path, String reason) {
        tally.unreadable(path, reason);
        progress.notice(reason);
    }

    private void visitDirectory(Descent descent, EntryPath path, Status status, Optional<Parent.Known> before)
            throws FileAccessException, InterruptedException {
        Entry entry = unchanged(before, status)
                ? before.get().entry()
                : entries.read(path, descent.directory(), descent.name(), status);
        countDirectory(before, status);
        tree.whole(entry);
        descent.enter();
    }

    private void countDirectory(Optional<Parent.Known> before, Status status) {
        if (before.isEmpty()) {
            tally.directoriesNew++;
        } else if (entries.unchanged(before.get().entry(), status)) {
            tally.directoriesUnmodified++;
        } else {
            tally.directoriesChanged++;
        }
    }

    private boolean unchanged(Optional<Parent.Known> before, Status status) {
        return !rehash && before.isPresent() && entries.unchanged(before.get().entry(), status);
    }

    private void visitOther(Directory folder, byte[] name, EntryPath path, Status status, Optional<Parent.Known> before)
            throws FileAccessException, InterruptedException {
        tree.whole(unchanged(before, status) ? before.get().entry() : entries.read(path, folder, name, status));
        tally.others++;
    }

    private void visitFile(Directory folder, byte[] name, EntryPath path, Status status, Optional<Parent.Known> before)
            throws FileAccessException, InterruptedException {
        foresight.met(before, status.size());
        databases.met(folder, name, path, status);
        if (unchanged(before, status)
                && !parent.wantsRepacking(before.get().entry().content())) {
            tree.whole(before.get().entry());
            tally.filesUnmodified++;
            tally.bytes += status.size();
            progress.advanced(1, status.size());
            return;
        }
        progress.current(path.toString());
        meter.begin();
        try (FileReader file = folder.openFile(name)) {
            foresight.grew(file.opened().size() - status.size());
            readFile(folder, name, path, file, before);
        }
    }

    private void readFile(
            Directory folder, byte[] name, EntryPath path, FileReader first, Optional<Parent.Known> before)
            throws FileAccessException, InterruptedException {
        FileReader file = first;
        try {
            for (int attempt = 1; ; attempt++) {
                Status opened = file.opened();
                List<dev.holdfast.agent.files.ExtendedAttribute> attributes = file.xattrs();
                ContentReader.Result result = contents.read(file, before);
                boolean moving = !steady(opened, file.status()) || result.size() != opened.size();
                if (moving && attempt < ATTEMPTS && opened.size() <= RETRY_UP_TO_BYTES) {
                    tree.dropPieces();
                    if (file != first) {
                        file.close();
                    }
                    file = folder.openFile(name);
                    continue;
                }
                finish(path, opened, attributes, result, moving, before);
                return;
            }
        } catch (FileAccessException e) {
            tree.dropPieces();
            throw e;
        } finally {
            if (file != first) {
                file.close();
            }
        }
    }

    private static boolean steady(Status opened, Status now) {
        return opened.size() == now.size()
                && opened.modified().equals(now.modified())
                && opened.changed().equals(now.changed());
    }

    private void finish(
            EntryPath path,
            Status status,
            List<dev.holdfast.agent.files.ExtendedAttribute> attributes,
            ContentReader.Result result,
            boolean moving,
            Optional<Parent.Known> before)
            throws InterruptedException {
        Entry bare = entries.make(path, status, new byte[0], attributes);
        Entry entry = bare.withContent(
                result.kept().orElse(Content.EMPTY), result.size(), result.fingerprint(), moving || bare.fuzzy());
        if (result.kept().isPresent()) {
            tree.whole(entry);
        } else {
            tree.finish(entry);
        }
        countFile(before, entry, result.same());
        if (moving) {
            tally.fuzzy(path);
            progress.notice("'" + path + "' kept changing while it was read");
        }
        foresight.grew(result.size() - status.size());
        tally.bytes += result.size();
        meter.end(result.size());
    }

    private void countFile(Optional<Parent.Known> before, Entry now, boolean sameContent) {
        if (before.isEmpty()) {
            tally.filesNew++;
        } else if (!sameContent) {
            tally.filesChanged++;
        } else {
            tally.filesUnmodified++;
            tally.filesOtherMetadata += now.sameMetadata(before.get().entry()) ? 0 : 1;
        }
    }
}
