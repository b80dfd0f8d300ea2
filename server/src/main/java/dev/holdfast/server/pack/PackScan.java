package dev.holdfast.server.pack;

import dev.holdfast.core.object.MalformedObjectException;
import dev.holdfast.core.object.SealedObject;
import dev.holdfast.server.disk.ReadableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a pack without its footer: object by object from the header on, every checksum, up to the first byte that does not
 * belong to a whole object; and, because that byte may be damage rather than the end, whatever whole objects lie behind it.
 * Memory is bounded by the longest object.
 *
 * <p><b>Behind a hole</b> the next object is looked for by its magic. An agent chooses what is in its payloads, so these may be
 * full of headers that announce long objects; each of them costs reading what it announces. Therefore the bytes spent on
 * beginnings that turn out to be none are limited to a multiple of the file's length.
 */
public final class PackScan {
    /** So many times the length of the file may be read in vain. */
    static final int VAIN_FACTOR = 4;

    private static final int WINDOW_BYTES = 1 << 16;
    private static final int MAGIC_BYTES = Integer.BYTES;

    private final ReadableFile file;
    private final int size;
    private byte[] window = new byte[0];
    private int windowAt;
    private long vainBytes;

    public PackScan(ReadableFile file) throws IOException {
        this.file = file;
        this.size = (int) Math.min(file.size(), Integer.MAX_VALUE);
    }

    /** Whole objects behind damage; {@code searched} is where the search ended, before {@code size} if it was given up. */
    public record Remains(List<PackEntry> entries, int searched, int size) {
        public Remains {
            entries = List.copyOf(entries);
        }

        /** Whether there may be objects that were not found, because of many false beginnings. */
        public boolean gaveUp() {
            return searched < size;
        }

        /** Whether nothing can be lost by cutting the file off. */
        public boolean nothing() {
            return entries.isEmpty() && !gaveUp();
        }
    }

    /** How long the file is. */
    public int size() {
        return size;
    }

    /** The header, unless it is damaged or unknown to this version. */
    public Optional<PackHeader> header() throws IOException {
        try {
            return Optional.of(PackHeader.decode(head(), 0));
        } catch (MalformedObjectException e) {
            return Optional.empty();
        }
    }

    /** Whether the header is whole, but made by a version whose packs this one cannot read. */
    public boolean isForeign() throws IOException {
        return PackHeader.isForeign(head());
    }

    private byte[] head() throws IOException {
        byte[] bytes = new byte[Math.min(PackFormat.MAX_HEADER_BYTES, size)];
        file.readFully(bytes, 0);
        return bytes;
    }

    /** Every whole object from the header on that ends at {@code limit} or before. */
    public PackTable table(PackHeader header, int limit) throws IOException {
        List<PackEntry> entries = new ArrayList<>();
        int at = header.length();
        Optional<PackEntry> entry = entryAt(at);
        while (entry.isPresent() && entry.get().end() <= limit) {
            entries.add(entry.get());
            at = entry.get().end();
            entry = entryAt(at);
        }
        return new PackTable(header, entries, at);
    }

    /** Every whole object at {@code offset} or behind it, over any number of holes. */
    public Remains behind(int offset) throws IOException {
        List<PackEntry> entries = new ArrayList<>();
        vainBytes = 0;
        int at = offset;
        while (at < size) {
            Optional<PackEntry> entry = entryAt(at);
            if (entry.isPresent()) {
                entries.add(entry.get());
                at = entry.get().end();
            } else if (vainBytes > (long) VAIN_FACTOR * size) {
                return new Remains(entries, at, size);
            } else {
                at = nextMagic(at + 1);
            }
        }
        return new Remains(entries, size, size);
    }

    private Optional<PackEntry> entryAt(int offset) throws IOException {
        byte[] head = new byte[SealedObject.HEADER_BYTES];
        if (size - offset < head.length || file.readFully(head, offset) != head.length) {
            return Optional.empty();
        }
        vainBytes += head.length;
        try {
            int length = SealedObject.lengthOf(head, 0);
            if (length > size - offset) {
                return Optional.empty();
            }
            byte[] whole = new byte[length];
            vainBytes += length;
            SealedObject object = SealedObject.parse(whole, 0, file.readFully(whole, offset));
            vainBytes -= head.length + length;
            return Optional.of(new PackEntry(object.id(), object.kind(), offset, length));
        } catch (MalformedObjectException e) {
            return Optional.empty();
        }
    }

    /** Where the magic of an object stands next, or the end of the file. */
    private int nextMagic(int from) throws IOException {
        int at = from;
        while (size - at >= MAGIC_BYTES) {
            if (at < windowAt || at + MAGIC_BYTES > windowAt + window.length) {
                window = new byte[Math.min(WINDOW_BYTES, size - at)];
                windowAt = at;
                file.readFully(window, at);
            }
            ByteBuffer bytes = ByteBuffer.wrap(window);
            for (int i = at - windowAt; i + MAGIC_BYTES <= window.length; i++) {
                if (window[i] == SealedObject.MAGIC >>> 24 && bytes.getInt(i) == SealedObject.MAGIC) {
                    return windowAt + i;
                }
            }
            at = windowAt + window.length - MAGIC_BYTES + 1;
        }
        return size;
    }
}
