package dev.holdfast.server.store;

import dev.holdfast.server.disk.Disk;
import dev.holdfast.server.disk.ReadableFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps a bounded number of packs open for reading. A pack may be renamed meanwhile (then the new name is tried), and an
 * interrupted reader closes the file under the others (then they open it again).
 */
final class OpenFiles implements Closeable {
    private static final int TRIES = 5;

    private final Disk disk;
    private final Path packs;
    private final int most;
    private final Map<StoredPack, Handle> handles = new LinkedHashMap<>(16, 0.75f, true);

    OpenFiles(Disk disk, Path packs, int most) {
        this.disk = disk;
        this.packs = packs;
        this.most = most;
    }

    private static final class Handle {
        private final ReadableFile file;
        private int users;
        private boolean dropped;

        Handle(ReadableFile file) {
            this.file = file;
        }
    }

    /** Fills the array from a position of the pack; returns how many bytes there were. */
    int read(StoredPack pack, byte[] target, long position) throws IOException {
        IOException last = new IOException("no try was made");
        for (int i = 0; i < TRIES; i++) {
            Optional<Handle> handle = Optional.empty();
            try {
                handle = Optional.of(borrow(pack));
                return handle.get().file.readFully(target, position);
            } catch (ClosedByInterruptException e) {
                throw e;
            } catch (ClosedChannelException | NoSuchFileException e) {
                last = e;
                drop(pack);
            } finally {
                handle.ifPresent(this::giveBack);
            }
        }
        throw last;
    }

    private synchronized Handle borrow(StoredPack pack) throws IOException {
        Handle handle = handles.get(pack);
        if (handle == null) {
            handle = new Handle(disk.open(pack.path(packs)));
            handles.put(pack, handle);
            evict();
        }
        handle.users++;
        return handle;
    }

    private synchronized void giveBack(Handle handle) {
        handle.users--;
        closeUnused(handle);
    }

    private synchronized void drop(StoredPack pack) {
        Handle handle = handles.remove(pack);
        if (handle != null) {
            handle.dropped = true;
            closeUnused(handle);
        }
    }

    private void evict() {
        Iterator<Handle> oldest = handles.values().iterator();
        while (handles.size() > most && oldest.hasNext()) {
            Handle handle = oldest.next();
            if (handle.users == 0) {
                oldest.remove();
                handle.dropped = true;
                closeUnused(handle);
            }
        }
    }

    private static void closeUnused(Handle handle) {
        if (handle.dropped && handle.users == 0) {
            try {
                handle.file.close();
            } catch (IOException e) {
                // nothing was written through it, so nothing can be lost
            }
        }
    }

    @Override
    public synchronized void close() {
        for (Handle handle : handles.values()) {
            handle.dropped = true;
            closeUnused(handle);
        }
        handles.clear();
    }
}
