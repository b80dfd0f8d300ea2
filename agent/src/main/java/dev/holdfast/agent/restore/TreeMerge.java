package dev.holdfast.agent.restore;

import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.agent.files.Status;
import dev.holdfast.agent.files.TemporaryName;
import dev.holdfast.agent.tree.Block;
import dev.holdfast.agent.tree.Gap;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import dev.holdfast.core.tree.EntryType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Walks a snapshot's entries and a target's names together, both sorted, and shows a {@link Visitor} each pair. */
final class TreeMerge {
    /** An entry, the folder it belongs in, and what is there under its name. */
    record Item(Folder folder, Block block, Entry entry, EntryFeed.Role role, Optional<Status> existing) {
        /** Whether its metadata is to be restored. */
        boolean chosen() {
            return role == EntryFeed.Role.CHOSEN;
        }

        byte[] name() {
            return entry.path().name();
        }
    }

    /** Told what was found; errors with one path are its own to note. */
    interface Visitor {
        /** The root of the target, held by the walk. */
        Folder root();

        /** What the snapshot says of the root, when the whole volume is restored. */
        void rootEntry(Entry entry, Folder root);

        /** A directory; the folder to go into, held for the walk, or empty when there is no way in. */
        Optional<Folder> directory(Item item);

        void other(Item item);

        /** Something that is certainly not in the snapshot. */
        void extra(Folder folder, byte[] name);

        /** A part of the snapshot cannot be read; what is there under its paths is passed by. */
        void lost(Gap gap);

        /** An entry whose folder there is no way into. */
        void unreachable(Entry entry);

        void failed(EntryPath path, FileAccessException e);

        /** The walk ends before its end; open folders are left as they are. */
        void broken(RuntimeException cause);

        /** Called before each entry. */
        void at(EntryPath path);
    }

    private final EntryFeed feed;
    private final Visitor visitor;
    private final Deque<Folder> folders = new ArrayDeque<>();

    /** @param selections what to walk, with everything below; empty means all */
    TreeMerge(SnapshotReader reader, List<EntryPath> selections, Visitor visitor) {
        this.feed = new EntryFeed(reader, selections, visitor::lost);
        this.visitor = visitor;
    }

    void run() {
        try {
            folders.push(visitor.root());
            for (Optional<EntryFeed.Fed> fed = feed.next(); fed.isPresent(); fed = feed.next()) {
                visitor.at(fed.get().entry().path());
                visit(fed.get());
            }
            while (!folders.isEmpty()) {
                leave();
            }
        } catch (RuntimeException e) {
            visitor.broken(e);
            throw e;
        } finally {
            folders.forEach(Folder::release);
        }
    }

    private void leave() {
        Folder folder = folders.element();
        try {
            passExtras(folder, null);
        } catch (FileAccessException e) {
            visitor.failed(folder.path(), e);
        }
        folders.pop();
        folder.release();
    }

    private void visit(EntryFeed.Fed fed) {
        Entry entry = fed.entry();
        if (entry.path().isRoot()) {
            visitor.rootEntry(entry, folders.getLast());
            return;
        }
        while (!entry.path().isWithin(folders.element().path())) {
            leave();
        }
        Folder folder = folders.element();
        if (!entry.path().parent().equals(folder.path())) {
            visitor.unreachable(entry);
            return;
        }
        byte[] name = entry.path().name();
        try {
            passExtras(folder, name);
            Item item = new Item(folder, fed.block(), entry, fed.role(), existing(folder, name));
            if (entry.type() == EntryType.DIRECTORY) {
                visitor.directory(item).ifPresent(folders::push);
            } else {
                visitor.other(item);
            }
        } catch (FileAccessException e) {
            visitor.failed(entry.path(), e);
        }
    }

    private static Optional<Status> existing(Folder folder, byte[] name) throws FileAccessException {
        if (!folder.steps(name)) {
            return Optional.empty();
        }
        try {
            return Optional.of(folder.directory().status(name));
        } catch (FileAccessException e) {
            if (e.notFound()) {
                return Optional.empty(); // it vanished meanwhile
            }
            throw e;
        }
    }

    private void passExtras(Folder folder, byte @Nullable [] before) throws FileAccessException {
        byte[] extra = folder.nextBefore(before);
        while (extra != null) {
            if (!TemporaryName.is(extra) && !feed.mayHold(folder.path().child(extra))) {
                visitor.extra(folder, extra);
            }
            extra = folder.nextBefore(before);
        }
    }
}
