package dev.holdfast.agent.archive;

import dev.holdfast.agent.backup.Descent;
import dev.holdfast.agent.backup.EntryMaker;
import dev.holdfast.agent.files.Directory;
import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.agent.files.FileReader;
import dev.holdfast.agent.files.FileSystemView;
import dev.holdfast.agent.files.NameCursor;
import dev.holdfast.agent.files.Status;
import dev.holdfast.core.tree.Content;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import dev.holdfast.core.tree.EntryType;
import java.io.IOException;
import java.util.Optional;

/** Writes a folder of this machine into an archive, in the order of a snapshot. What cannot be read is noted, and the rest goes on. */
final class FolderFeed {
    private static final int BUFFER_BYTES = 256 << 10;
    private static final int DISK_BLOCK = 512;

    private final FileSystemView files;
    private final Directory root;
    private final Status archive;
    private final TarWriter tar;
    private final Account account;
    private final HardLinks links = new HardLinks();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final byte[] zeros = new byte[BUFFER_BYTES];

    /**
     * A feed that owns {@code root}.
     *
     * @param archive the file that is written, which may lie in the folder itself and is passed over
     */
    FolderFeed(FileSystemView files, Directory root, Status archive, TarWriter tar, Account account) {
        this.files = files;
        this.root = root;
        this.archive = archive;
        this.tar = tar;
        this.account = account;
    }

    void run() throws IOException {
        Status status = root.status();
        EntryMaker entries = new EntryMaker(files.owners(), status.device(), account::missing);
        add(entries.make(EntryPath.ROOT, status, new byte[0], root.xattrs()));
        try (Descent descent = new Descent(root, NameCursor.WINDOW_BYTES, this::unreadable)) {
            while (descent.advance()) {
                account.check();
                visit(descent, entries);
            }
        }
    }

    private void unreadable(EntryPath path, FileAccessException e) {
        if (!e.notFound()) {
            account.missing(path, String.valueOf(e.getMessage()));
        }
    }

    private void visit(Descent descent, EntryMaker entries) throws IOException {
        if (!descent.folder().mayHave(descent.name())) {
            account.missing(
                    descent.folder(), "'" + EntryPath.printable(descent.name()) + "' in it would have too long a path");
            return;
        }
        EntryPath path = descent.folder().child(descent.name());
        Entry entry;
        try {
            Status status = descent.directory().status(descent.name());
            if (status.sameFile(archive)) {
                return;
            }
            if (status.isFile()) {
                visitFile(descent, path, entries);
                return;
            }
            entry = entries.read(path, descent.directory(), descent.name(), status);
        } catch (FileAccessException e) {
            unreadable(path, e);
            return;
        }
        add(entry);
        if (entry.type() == EntryType.DIRECTORY) {
            try {
                descent.enter();
            } catch (FileAccessException e) {
                unreadable(path, e);
            }
        }
    }

    private void add(Entry entry) throws IOException {
        if (entry.type() == EntryType.SOCKET) {
            account.leftOut(entry.path(), "socket");
        } else if (!addLink(entry)) {
            links.met(entry);
            account.began(entry);
            tar.add(entry);
            account.ended(entry);
        }
    }

    private boolean addLink(Entry entry) throws IOException {
        Optional<EntryPath> first = links.first(entry);
        if (first.isPresent()) {
            tar.addLink(entry, first.get());
            account.linked();
        }
        return first.isPresent();
    }

    private void visitFile(Descent descent, EntryPath path, EntryMaker entries) throws IOException {
        try (FileReader file = descent.directory().openFile(descent.name())) {
            Status opened = file.opened();
            Entry bare = entries.make(path, opened, new byte[0], file.xattrs());
            Entry entry = bare.withContent(Content.EMPTY, opened.size(), new byte[0], false);
            if (addLink(entry)) {
                return;
            }
            Regions regions = regions(file, opened);
            links.met(entry);
            account.began(entry);
            tar.begin(entry, regions);
            boolean whole = copy(file, path, regions);
            tar.end();
            account.ended(entry);
            Status now = file.status();
            if (whole && (now.size() != opened.size() || !now.modified().equals(opened.modified()))) {
                account.changedWhileRead(path);
            }
        }
    }

    private static Regions regions(FileReader file, Status opened) throws FileAccessException {
        if (opened.blocks() * DISK_BLOCK >= opened.size()) {
            return Regions.whole(opened.size());
        }
        Regions.Builder regions = new Regions.Builder();
        long at = 0;
        while (at < opened.size()) {
            long data = file.nextData(at);
            if (data == FileReader.NO_MORE_DATA || data >= opened.size()) {
                regions.hole(opened.size() - at);
                break;
            }
            long hole = Math.min(file.nextHole(data), opened.size());
            regions.hole(data - at);
            regions.data(hole - data);
            at = hole;
        }
        return regions.build();
    }

    /** The length is promised already: what cannot be read becomes zeros, and is told. */
    private boolean copy(FileReader file, EntryPath path, Regions regions) throws IOException {
        long at = 0;
        boolean whole = true;
        for (Regions.Region region : regions.data()) {
            hole(region.offset() - at);
            at = region.offset();
            while (at < region.end()) {
                account.check();
                int wanted = (int) Math.min(buffer.length, region.end() - at);
                int count = whole ? read(file, path, at, wanted) : -1;
                whole = count > 0;
                tar.write(whole ? buffer : zeros, 0, whole ? count : wanted);
                account.wrote(whole ? count : wanted);
                at += whole ? count : wanted;
            }
        }
        hole(regions.size() - at);
        return whole;
    }

    private void hole(long length) throws IOException {
        if (length > 0) {
            tar.skip(length);
            account.wrote(length);
        }
    }

    private int read(FileReader file, EntryPath path, long at, int wanted) {
        try {
            int count = file.pread(at, buffer, 0, wanted);
            if (count <= 0) {
                account.missing(path, "'" + path + "' became shorter while it was read; the archive has zeros instead");
            }
            return count;
        } catch (FileAccessException e) {
            account.missing(path, e.getMessage() + "; the archive has zeros instead");
            return -1;
        }
    }
}
