package dev.holdfast.server.pack;

import dev.holdfast.core.object.MalformedObjectException;
import dev.holdfast.core.object.SealedObject;
import dev.holdfast.server.disk.ReadableFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a pack without its footer: object by object from the header on, every checksum, up to the first byte that does not
 * belong to a whole object. Memory is bounded by the longest object.
 */
public final class PackScan {
    private final ReadableFile file;
    private final long limit;

    /** Scans at most the first {@code limit} bytes. */
    public PackScan(ReadableFile file, long limit) throws IOException {
        this.file = file;
        this.limit = Math.min(Math.min(limit, file.size()), Integer.MAX_VALUE);
    }

    /** Takes an object and where it begins. */
    @FunctionalInterface
    public interface Visitor {
        void visit(SealedObject object, int offset) throws IOException;
    }

    /** The header, unless it is damaged. */
    public Optional<PackHeader> header() throws IOException {
        byte[] bytes = new byte[(int) Math.min(PackFormat.MAX_HEADER_BYTES, limit)];
        try {
            if (file.readFully(bytes, 0) == bytes.length) {
                return Optional.of(PackHeader.decode(bytes, 0));
            }
        } catch (MalformedObjectException e) {
            // said by the empty answer
        }
        return Optional.empty();
    }

    /** Every whole object from the header on. */
    public PackTable table(PackHeader header) throws IOException {
        List<PackEntry> entries = new ArrayList<>();
        int end = forEach(
                header.length(),
                (object, offset) -> entries.add(new PackEntry(object.id(), object.kind(), offset, object.length())));
        return new PackTable(header, entries, end);
    }

    /** Visits the objects from {@code offset} on and returns the offset of the first byte that is not part of one. */
    public int forEach(int offset, Visitor visitor) throws IOException {
        int at = offset;
        while (true) {
            Optional<SealedObject> object = at(at);
            if (object.isEmpty()) {
                return at;
            }
            visitor.visit(object.get(), at);
            at += object.get().length();
        }
    }

    /** Whether any whole object begins after {@code offset}: then the bytes there are damage, not the end of a torn write. */
    public boolean objectFollows(int offset) throws IOException {
        byte[] window = new byte[1 << 16];
        for (long from = offset; from + SealedObject.HEADER_BYTES <= limit; from += window.length - 3) {
            int count = file.readFully(window, from);
            for (int i = 0; i + 3 < count; i++) {
                if (window[i] == 'H' && window[i + 1] == 'F' && window[i + 2] == 'O' && window[i + 3] == 'B') {
                    if (at((int) (from + i)).isPresent()) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private Optional<SealedObject> at(int offset) throws IOException {
        if (offset + (long) SealedObject.HEADER_BYTES > limit) {
            return Optional.empty();
        }
        byte[] head = new byte[SealedObject.HEADER_BYTES];
        try {
            if (file.readFully(head, offset) != head.length) {
                return Optional.empty();
            }
            int length = SealedObject.lengthOf(head, 0);
            if (offset + (long) length > limit) {
                return Optional.empty();
            }
            byte[] whole = new byte[length];
            if (file.readFully(whole, offset) != length) {
                return Optional.empty();
            }
            return Optional.of(SealedObject.parse(whole, 0, length));
        } catch (MalformedObjectException e) {
            return Optional.empty();
        }
    }
}
