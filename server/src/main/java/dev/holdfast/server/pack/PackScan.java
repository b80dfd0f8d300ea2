package dev.holdfast.server.pack;

import dev.holdfast.core.object.MalformedObjectException;
import dev.holdfast.core.object.SealedObject;
import dev.holdfast.server.disk.ReadableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
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
 *
 * <p><b>What the disk does not give</b> is a hole like any other. Each try may take a disk seconds, so there are not many.
 */
public final class PackScan {
    /** So many times the length of the file may be read in vain. */
    static final int VAIN_FACTOR = 4;

    /** So often may the disk refuse to read. */
    static final int FAILURES = 64;

    private static final int WINDOW_BYTES = 1 << 16;
    private static final int PAGE_BYTES = 4096;
    private static final int MAGIC_BYTES = Integer.BYTES;

    private final ReadableFile file;
    private final int size;
    private byte[] window = new byte[0];
    private int windowAt;
    private long vainBytes;
    private int failures;
    private String failure = "";

    public PackScan(ReadableFile file) throws IOException {
        this.file = file;
        this.size = (int) Math.min(file.size(), Integer.MAX_VALUE);
    }

    /**
     * Whole objects behind damage; {@code searched} is where the search ended, before {@code size} if it was given up. {@code
     * unreadable} says what the disk gave as its reason not to read some of it, and is empty if it read all.
     */
    public record Remains(List<PackEntry> entries, int searched, int size, String unreadable) {
        public Remains {
            entries = List.copyOf(entries);
        }

        /** Whether there may be objects that were not found, because of many false beginnings. */
        public boolean gaveUp() {
            return searched < size;
        }

        /** Whether nothing can be lost by cutting the file off. */
        public boolean nothing() {
            return entries.isEmpty() && !gaveUp() && isReadable();
        }

        public boolean isReadable() {
            return unreadable.isEmpty();
        }
    }

    /** How long the file is. */
    public int size() {
        return size;
    }

    /** The header, unless it is damaged or unknown to this version. */
    public Optional<PackHeader> header() {
        try {
            return Optional.of(PackHeader.decode(head(), 0));
        } catch (MalformedObjectException e) {
            return Optional.empty();
        }
    }

    /** Whether the header is whole, but made by a version whose packs this one cannot read. */
    public boolean isForeign() {
        return PackHeader.isForeign(head());
    }

    private byte[] head() {
        byte[] bytes = new byte[Math.min(PackFormat.MAX_HEADER_BYTES, size)];
        read(bytes, 0);
        return bytes;
    }

    /** How many bytes were read: none if the disk does not give them. */
    private int read(byte[] target, int offset) {
        try {
            return file.readFully(target, offset);
        } catch (IOException e) {
            failures++;
            failure = String.valueOf(e.getMessage());
            Arrays.fill(target, (byte) 0);
            return 0;
        }
    }

    /** Every whole object from the header on that ends at {@code limit} or before. */
    public PackTable table(PackHeader header, int limit) {
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
    public Remains behind(int offset) {
        List<PackEntry> entries = new ArrayList<>();
        vainBytes = 0;
        int at = offset;
        while (at < size) {
            Optional<PackEntry> entry = entryAt(at);
            if (entry.isPresent()) {
                entries.add(entry.get());
                at = entry.get().end();
            } else if (vainBytes > (long) VAIN_FACTOR * size || failures > FAILURES) {
                return new Remains(entries, at, size, failure);
            } else {
                at = nextMagic(at + 1);
            }
        }
        return new Remains(entries, size, size, failure);
    }

    private Optional<PackEntry> entryAt(int offset) {
        byte[] head = new byte[SealedObject.HEADER_BYTES];
        if (size - offset < head.length || read(head, offset) != head.length) {
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
            SealedObject object = SealedObject.parse(whole, 0, read(whole, offset));
            vainBytes -= head.length + length;
            return Optional.of(new PackEntry(object.id(), object.kind(), offset, length));
        } catch (MalformedObjectException e) {
            return Optional.empty();
        }
    }

    /** Where the magic of an object stands next, or the end of the file. */
    private int nextMagic(int from) {
        int at = from;
        while (size - at >= MAGIC_BYTES) {
            if (at < windowAt || at + MAGIC_BYTES > windowAt + window.length) {
                fillWindow(at);
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

    /** Where the disk does not give as much as wanted, less is tried, and passed over if that is not given either. */
    private void fillWindow(int at) {
        windowAt = at;
        window = new byte[Math.min(WINDOW_BYTES, size - at)];
        if (read(window, at) == 0 && window.length > PAGE_BYTES) {
            window = new byte[PAGE_BYTES];
            read(window, at);
        }
    }
}
