package dev.holdfast.server.pack;

import dev.holdfast.core.object.SealedObject;
import dev.holdfast.server.disk.Disk;
import dev.holdfast.server.disk.WritableFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Appends objects to one pack. For one thread at a time.
 *
 * <p><b>Invariant (prefix property).</b> Objects come in the order children before parents, a pack is appended to only at its
 * end, and its writer goes on to another pack only after this one was {@link #sync synced} or {@link #finish finished}. So a
 * crash at any line loses a suffix of what the writer has appended since the last sync and nothing else, and whatever object
 * survives has all its references.
 *
 * <p><b>A failed append</b> is cut off again. <b>A failed sync</b> is never repeated: the system may have dropped the pages, so
 * that a second call would succeed without having written them. The writer then is {@link #broken}, and the file is set aside
 * as {@code <packid>.<n>.damaged}: only its first n bytes, those synced before, are ever relied on again.
 */
public final class PackWriter implements Closeable {
    private final Disk disk;
    private final Path folder;
    private final PackHeader header;
    private final WritableFile file;
    private final List<PackEntry> entries;
    private Path path;
    private int end;
    private int durable;
    private boolean nameDurable;
    private boolean broken;

    private PackWriter(Disk disk, Path folder, PackTable table, WritableFile file) {
        this.disk = disk;
        this.folder = folder;
        this.header = table.header();
        this.path = folder.resolve(openName(header.id()));
        this.file = file;
        this.entries = new ArrayList<>(table.entries());
        this.end = table.end();
    }

    public static String openName(PackId id) {
        return id.hex() + PackFormat.OPEN_SUFFIX;
    }

    public static String closedName(PackId id) {
        return id.hex() + PackFormat.CLOSED_SUFFIX;
    }

    /** The name of a pack of which only the first {@code end} bytes count. */
    public static String damagedName(PackId id, int end) {
        return id.hex() + "." + end + PackFormat.DAMAGED_SUFFIX;
    }

    /** Begins a pack in a folder that is there for good. */
    public static PackWriter create(Disk disk, Path folder, PackHeader header) throws IOException {
        byte[] head = header.encode();
        Path path = folder.resolve(openName(header.id()));
        WritableFile file = disk.create(path);
        try {
            file.write(ByteBuffer.wrap(head), 0);
        } catch (IOException e) {
            file.close();
            disk.delete(path);
            throw e;
        }
        return new PackWriter(disk, folder, new PackTable(header, List.of(), head.length), file);
    }

    /**
     * Goes on with an open pack after {@code table}; whatever follows is cut off, and the rest made safe. The folder must have
     * been synced since the process began.
     */
    public static PackWriter resume(Disk disk, Path folder, PackTable table) throws IOException {
        WritableFile file = disk.edit(folder.resolve(openName(table.header().id())));
        PackWriter writer = new PackWriter(disk, folder, table, file);
        try {
            file.truncate(writer.end);
            // what a scan has read may be known to the page cache only, left there by a process that was killed
            file.force();
        } catch (IOException e) {
            file.close();
            throw e;
        }
        writer.durable = writer.end;
        writer.nameDurable = true;
        return writer;
    }

    public PackHeader header() {
        return header;
    }

    /** What has been appended so far. */
    public PackTable table() {
        return new PackTable(header, entries, end);
    }

    /** Where the next object will stand. */
    public int end() {
        return end;
    }

    /** How many bytes survive a power loss. */
    public int durable() {
        return durable;
    }

    /** Whether this pack takes no more objects because writing failed for good. */
    public boolean broken() {
        return broken;
    }

    /** Whether the pack should be finished before the next object. */
    public boolean full(int targetBytes) {
        return end >= targetBytes || entries.size() >= PackFormat.MAX_OBJECTS;
    }

    public PackEntry append(SealedObject object) throws IOException {
        checkUsable();
        try {
            file.write(object.bytes(), end);
        } catch (IOException e) {
            cutBack(e);
            throw e;
        }
        PackEntry entry = new PackEntry(object.id(), object.kind(), end, object.length());
        entries.add(entry);
        end = entry.end();
        return entry;
    }

    /** Returns when everything appended so far survives a power loss. */
    public void sync() throws IOException {
        checkUsable();
        if (durable == end && nameDurable) {
            return;
        }
        try {
            file.force();
            if (!nameDurable) {
                disk.syncDirectory(folder);
            }
        } catch (IOException e) {
            setAside(e);
            throw e;
        }
        nameDurable = true;
        durable = end;
    }

    /** Adds the footer, makes everything safe and gives the pack its final name; returns how long the file is. Afterwards only {@link #close} is allowed. */
    public long finish() throws IOException {
        checkUsable();
        byte[] footer = new PackTable(header, entries, end).encode();
        try {
            file.write(ByteBuffer.wrap(footer), end);
        } catch (IOException e) {
            cutBack(e);
            throw e;
        }
        Path closed = folder.resolve(closedName(header.id()));
        try {
            file.force();
            disk.rename(path, closed);
            path = closed;
            disk.syncDirectory(folder);
        } catch (IOException e) {
            setAside(e);
            throw e;
        }
        nameDurable = true;
        durable = end;
        return (long) end + footer.length;
    }

    private void checkUsable() throws IOException {
        if (broken) {
            throw new IOException("pack " + header.id() + " takes no more objects: writing to it failed earlier");
        }
    }

    private void cutBack(IOException reason) {
        try {
            file.truncate(end);
        } catch (IOException e) {
            reason.addSuppressed(e);
            setAside(reason);
        }
    }

    private void setAside(IOException reason) {
        broken = true;
        try {
            disk.rename(path, folder.resolve(damagedName(header.id(), durable)));
            disk.syncDirectory(folder);
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
