package dev.holdfast.server.store;

import dev.holdfast.core.object.MalformedObjectException;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.ObjectKind;
import dev.holdfast.core.object.SealedObject;
import dev.holdfast.server.index.Place;
import dev.holdfast.server.pack.CorruptPackException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads objects back. Every object is checked against its checksums and against the id that was asked for: what comes out is
 * what was put in, or a {@link CorruptPackException}; damage is remembered, and another copy is read where there is one. Objects that lie close together are read in one go.
 */
final class PackReading {
    /** Bytes between two wanted objects that are rather read than jumped over. */
    static final int GAP_BYTES = 64 << 10;
    /** Largest read, unless one object alone is longer. */
    static final int READ_BYTES = 4 << 20;

    private final PackRegistry registry;
    private final OpenFiles files;
    private final Path packs;
    private final Damage damage;

    PackReading(PackRegistry registry, OpenFiles files, Path packs, Damage damage) {
        this.registry = registry;
        this.files = files;
        this.packs = packs;
        this.damage = damage;
    }

    SealedObject read(Location location) throws IOException {
        try {
            return readHere(location);
        } catch (CorruptPackException e) {
            return readElsewhere(location, e);
        }
    }

    private SealedObject readElsewhere(Location location, CorruptPackException first) throws IOException {
        met(location, first);
        for (Location copy : damage.copies(location)) {
            try {
                return readHere(copy);
            } catch (CorruptPackException e) {
                met(copy, e);
            }
        }
        throw first;
    }

    private void met(Location location, CorruptPackException e) {
        damage.met(pack(location), location, e);
    }

    /** Whether the key slot of the object at a place is there, as far as is known. Reads only when a slot of the realm is lost. */
    boolean opens(Place place) throws IOException {
        if (!damage.slotsLost() || place.kind() == ObjectKind.SLOT) {
            return true;
        }
        byte[] head = new byte[SealedObject.HEADER_BYTES];
        try {
            int count = read(registry.get(place.pack()), head, place.offset());
            return count == head.length && damage.isThere(ObjectId.copyOf(head, SealedObject.SLOT_OFFSET));
        } catch (CorruptPackException e) {
            return false;
        }
    }

    private SealedObject readHere(Location location) throws IOException {
        StoredPack pack = pack(location);
        byte[] bytes = new byte[location.length()];
        int count = read(pack, bytes, location.offset());
        return parse(pack, location, bytes, 0, count);
    }

    List<ObjectId> references(Location location) throws IOException {
        if (location.kind() == ObjectKind.CHUNK || location.kind() == ObjectKind.SLOT) {
            return List.of();
        }
        SealedObject object = read(location);
        List<ObjectId> references = new ArrayList<>(object.referenceCount());
        for (int i = 0; i < object.referenceCount(); i++) {
            references.add(object.reference(i));
        }
        return references;
    }

    void readAll(List<Location> wanted, Consumer<SealedObject> taker) throws IOException {
        List<Location> sorted = new ArrayList<>(wanted);
        sorted.sort(
                Comparator.comparingInt((Location location) -> pack(location).number())
                        .thenComparingInt(Location::offset));
        int from = 0;
        while (from < sorted.size()) {
            int to = from + 1;
            while (to < sorted.size() && oneRead(sorted.get(from), sorted.get(to - 1), sorted.get(to))) {
                to++;
            }
            readRun(sorted.subList(from, to), taker);
            from = to;
        }
    }

    private static boolean oneRead(Location first, Location last, Location next) {
        return next.pack().equals(first.pack())
                && next.offset() - (last.offset() + last.length()) <= GAP_BYTES
                && next.offset() + next.length() - first.offset() <= READ_BYTES;
    }

    private void readRun(List<Location> run, Consumer<SealedObject> taker) throws IOException {
        StoredPack pack = pack(run.get(0));
        int start = run.get(0).offset();
        Location last = run.get(run.size() - 1);
        byte[] bytes = new byte[last.offset() + last.length() - start];
        int count = 0;
        try {
            count = read(pack, bytes, start);
        } catch (CorruptPackException e) {
            // then each is read alone: what the disk does not give may be none or one of them
            for (Location location : run) {
                taker.accept(read(location));
            }
            return;
        }
        for (Location location : run) {
            int at = location.offset() - start;
            taker.accept(parseOrReadElsewhere(pack, location, bytes, at, count - at));
        }
    }

    private SealedObject parseOrReadElsewhere(StoredPack pack, Location location, byte[] bytes, int at, int available)
            throws IOException {
        try {
            return parse(pack, location, bytes, at, available);
        } catch (CorruptPackException e) {
            return readElsewhere(location, e);
        }
    }

    void forEachObject(StoredPack pack, int from, int to, Consumer<SealedObject> taker) throws IOException {
        int at = from;
        byte[] head = new byte[SealedObject.HEADER_BYTES];
        while (at < to) {
            try {
                int length = read(pack, head, at) == head.length ? SealedObject.lengthOf(head, 0) : 0;
                if (length == 0 || length > to - at) {
                    throw new MalformedObjectException("less than an object");
                }
                byte[] whole = new byte[length];
                int count = read(pack, whole, at);
                taker.accept(SealedObject.parse(whole, 0, count));
                at += length;
            } catch (MalformedObjectException e) {
                throw met(
                        pack,
                        at,
                        head,
                        new CorruptPackException(pack.path(packs), at, "an object", String.valueOf(e.getMessage())));
            } catch (CorruptPackException e) {
                throw met(pack, at, head, e);
            }
        }
    }

    private CorruptPackException met(StoredPack pack, int at, byte[] head, CorruptPackException e) throws IOException {
        damage.met(pack, at, ObjectId.copyOf(head, SealedObject.ID_OFFSET), e);
        return e;
    }

    /**
     * Reads bytes of a pack; returns how many there were. What the disk does not give is damage like any other; a file that only
     * cannot be opened now is not.
     */
    private int read(StoredPack pack, byte[] target, int offset) throws IOException {
        try {
            return files.read(pack, target, offset);
        } catch (ClosedChannelException e) {
            throw e;
        } catch (NoSuchFileException e) {
            throw new CorruptPackException(pack.path(packs), offset, "a pack", "that it is gone");
        } catch (FileSystemException e) {
            throw StorageFailure.of(e, "open pack " + pack.id(), packs, Long.MAX_VALUE);
        } catch (IOException e) {
            throw new CorruptPackException(pack.path(packs), offset, "bytes", String.valueOf(e.getMessage()));
        }
    }

    private StoredPack pack(Location location) {
        return registry.find(location.pack())
                .orElseThrow(() -> new IllegalArgumentException("no pack " + location.pack() + " in this realm"));
    }

    private SealedObject parse(StoredPack pack, Location location, byte[] bytes, int at, int available)
            throws CorruptPackException {
        String expected = location.kind() + " " + location.id();
        if (available < location.length()) {
            throw new CorruptPackException(pack.path(packs), location.offset(), expected, "the end of the file");
        }
        try {
            SealedObject object = SealedObject.parse(bytes, at, location.length());
            if (!object.id().equals(location.id()) || object.kind() != location.kind()) {
                throw new CorruptPackException(
                        pack.path(packs), location.offset(), expected, object.kind() + " " + object.id());
            }
            return object;
        } catch (MalformedObjectException e) {
            throw new CorruptPackException(
                    pack.path(packs), location.offset(), expected, String.valueOf(e.getMessage()));
        }
    }
}
