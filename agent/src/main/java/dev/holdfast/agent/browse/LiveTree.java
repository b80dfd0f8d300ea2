package dev.holdfast.agent.browse;

import dev.holdfast.agent.backup.Descent;
import dev.holdfast.agent.backup.EntryMaker;
import dev.holdfast.agent.backup.Recognition;
import dev.holdfast.agent.files.Directory;
import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.agent.files.FileReader;
import dev.holdfast.agent.files.FileSystemView;
import dev.holdfast.agent.files.NameCursor;
import dev.holdfast.agent.files.Status;
import dev.holdfast.agent.files.TemporaryName;
import dev.holdfast.core.config.PathFilter;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import dev.holdfast.core.tree.EntryType;
import dev.holdfast.keys.realm.RealmKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What lies on disk now, in the order of a snapshot; files are read only to be compared. What cannot be read is told and passed over. */
public final class LiveTree implements Side, AutoCloseable {
    private final PathFilter filter;
    private final Consumer<String> unreadable;
    private final EntryMaker entries;
    private final Recognition recognition;
    private final Descent descent;
    private final List<EntryPath> hidden = new ArrayList<>();
    private @Nullable Entry head;

    private LiveTree(
            Directory root, EntryMaker entries, Recognition recognition, PathFilter filter, Consumer<String> unreadable)
            throws FileAccessException {
        this.filter = filter;
        this.unreadable = unreadable;
        this.entries = entries;
        this.recognition = recognition;
        this.head = entries.make(EntryPath.ROOT, root.status(), new byte[0], root.xattrs());
        this.descent = new Descent(root, NameCursor.WINDOW_BYTES, this::passOver);
    }

    /**
     * Opens {@code folder}, as a backup with {@code filter} would see it.
     *
     * @param realm of the snapshot that is compared
     * @param unreadable gets a line for each thing passed over
     */
    public static LiveTree open(
            FileSystemView files, Path folder, PathFilter filter, RealmKey realm, Consumer<String> unreadable)
            throws FileAccessException {
        Directory root = files.openRoot(folder);
        try {
            EntryMaker entries =
                    new EntryMaker(files.owners(), root.status().device(), (path, reason) -> unreadable.accept(reason));
            return new LiveTree(root, entries, new Recognition(realm), filter, unreadable);
        } catch (FileAccessException e) {
            root.close();
            throw e;
        }
    }

    @Override
    public boolean atEnd() {
        return head == null;
    }

    @Override
    public EntryPath path() {
        return entry().path();
    }

    @Override
    public boolean passGap() {
        return false;
    }

    @Override
    public Entry entry() {
        return Objects.requireNonNull(head);
    }

    @Override
    public void advance() {
        hidden.clear();
        Entry left = entry();
        if (left.type() == EntryType.DIRECTORY && !left.path().isRoot()) {
            enter(left.path());
        }
        head = null;
        while (head == null && descent.advance()) {
            head = look(descent.folder(), descent.name());
        }
    }

    private void enter(EntryPath path) {
        try {
            descent.enter();
        } catch (FileAccessException e) {
            passOver(path, e);
        }
    }

    private @Nullable Entry look(EntryPath folder, byte[] name) {
        if (!folder.mayHave(name)) {
            unreadable.accept(
                    "cannot read '" + EntryPath.printable(name) + "' in '" + folder + "': its path is too long");
            return null;
        }
        EntryPath path = folder.child(name);
        try {
            Status status = descent.directory().status(name);
            return filter.excluded(path.toBytes(), status.isDirectory()) || TemporaryName.isLeftover(name, status)
                    ? null
                    : entries.read(path, descent.directory(), name, status);
        } catch (FileAccessException e) {
            passOver(path, e);
            return null;
        }
    }

    /**
     * Whether the file here, which is as large as {@code stored}, holds the same: taken for granted when its time is the same, else
     * it is read. What cannot be read is not the same.
     */
    boolean holds(Entry stored, Recognition.Lists lists) {
        if (stored.modified().equals(entry().modified())) {
            return true;
        }
        try (FileReader file = descent.directory().openFile(descent.name())) {
            return recognition.holds(file, stored, lists);
        } catch (FileAccessException e) {
            unreadable.accept(String.valueOf(e.getMessage()));
            return false;
        }
    }

    private void passOver(EntryPath path, FileAccessException e) {
        if (!e.notFound()) {
            hidden.add(path);
            unreadable.accept(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Optional<ObjectId> blockStart() {
        return Optional.empty();
    }

    @Override
    public void skipBlock() {
        throw new IllegalStateException("there are no blocks on disk");
    }

    @Override
    public boolean hides(EntryPath path) {
        return hidden.stream().anyMatch(path::isWithin);
    }

    @Override
    public void close() {
        descent.close();
        head = null;
    }
}
