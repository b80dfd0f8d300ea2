package dev.holdfast.server.index;

import dev.holdfast.core.object.MalformedObjectException;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.ObjectKind;
import dev.holdfast.server.disk.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * A sorted file of entries that never changes. In memory are its filter, which answers for nearly all absent ids, and the first
 * eight bytes of each block's first id; a found id costs one read of a block. Entries of packs that are gone are passed over.
 *
 * <p>An agent may choose ids with equal beginnings, so that the fences tell nothing: then it is a binary search over blocks.
 */
public final class Run implements Closeable {
    /** Says that a pack of a run is not here as the run knows it. */
    public static final int GONE = -1;

    private final RunFile file;
    private final RunTail tail;
    /** For each pack of the run the number by which the realm knows it, or {@link #GONE}. */
    private final int[] numbers;

    private final long size;

    private Run(RunFile file, RunTail tail, int[] numbers) {
        this.file = file;
        this.tail = tail;
        this.numbers = numbers;
        this.size = present().stream().mapToLong(here -> here.pack().objects()).sum();
    }

    /** Opens a run; {@code numbers} says by which number the realm knows a pack, or {@link #GONE}. */
    public static Run open(Disk disk, Path path, ToIntFunction<CoveredPack> numbers) throws IOException {
        RunFile file = new RunFile(disk, path);
        try {
            RunTail tail = RunTail.read(file);
            return new Run(file, tail, tail.packs().stream().mapToInt(numbers).toArray());
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    public Path path() {
        return file.path();
    }

    /** A pack that the run covers and that is here. */
    public record Present(CoveredPack pack, int number) {}

    public List<Present> present() {
        List<Present> present = new ArrayList<>();
        for (int i = 0; i < numbers.length; i++) {
            if (numbers[i] != GONE) {
                present.add(new Present(tail.packs().get(i), numbers[i]));
            }
        }
        return present;
    }

    /** How many entries it has for packs that are here. */
    public long size() {
        return size;
    }

    /** Whether most of its entries are for packs that are gone. */
    public boolean isMostlyGone() {
        return size < tail.count() / 2;
    }

    List<Place> find(ObjectId id) throws IOException {
        if (!tail.filter().mayContain(id)) {
            return List.of();
        }
        Blocks blocks = new Blocks();
        List<Place> places = List.of();
        for (int entry = blocks.firstFrom(id); entry < tail.count() && blocks.compare(entry, id) == 0; entry++) {
            Optional<Place> place = blocks.place(entry);
            if (place.isPresent()) {
                places = MemoryIndex.with(places, place.get());
            }
        }
        return places;
    }

    /** All entries of packs that are here, in order. */
    public SortedEntries entries() {
        Blocks blocks = new Blocks();
        int[] next = {0};
        return () -> {
            while (next[0] < tail.count()) {
                int entry = next[0]++;
                Optional<Place> place = blocks.place(entry);
                if (place.isPresent()) {
                    return Optional.of(new IndexEntry(blocks.id(entry), place.get()));
                }
            }
            return Optional.empty();
        };
    }

    @Override
    public void close() {
        file.close();
    }

    /** Reads entries one after the other, keeping the block of the last one. */
    private final class Blocks {
        private byte[] block = new byte[0];
        private int number = -1;

        /** Where the entry begins in the block. */
        private int load(int entry) throws IOException {
            int wanted = entry / RunFormat.BLOCK_ENTRIES;
            if (wanted != number) {
                block = file.read((long) wanted * RunFormat.BLOCK_BYTES, RunFormat.BLOCK_BYTES);
                int body = block.length - Integer.BYTES;
                if (ByteBuffer.wrap(block).getInt(body) != RunFormat.crc(block, 0, body)) {
                    throw new CorruptRunException(path(), "block " + wanted + " has a wrong checksum");
                }
                number = wanted;
            }
            return entry % RunFormat.BLOCK_ENTRIES * RunFormat.ENTRY_BYTES;
        }

        ObjectId id(int entry) throws IOException {
            int at = load(entry);
            return ObjectId.copyOf(block, at);
        }

        int compare(int entry, ObjectId id) throws IOException {
            return id(entry).compareTo(id);
        }

        /** The first entry whose id is this one or a greater one. */
        int firstFrom(ObjectId id) throws IOException {
            int low = Math.max(0, tail.fencesBelow(id.prefix()) - 1) * RunFormat.BLOCK_ENTRIES;
            int high = Math.min(tail.count(), tail.fencesUpTo(id.prefix()) * RunFormat.BLOCK_ENTRIES);
            while (low < high) {
                int middle = low + high >>> 1;
                if (compare(middle, id) < 0) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }

        /** Where the object is, unless that pack is gone. */
        Optional<Place> place(int entry) throws IOException {
            int at = load(entry) + ObjectId.BYTES;
            ByteBuffer in = ByteBuffer.wrap(block);
            int pack = in.getInt(at);
            int offset = in.getInt(at + 4);
            int kindAndLength = in.getInt(at + 8);
            int length = kindAndLength & RunFormat.LENGTH_MASK;
            if (pack < 0 || pack >= numbers.length) {
                throw new CorruptRunException(path(), "entry " + entry + " names a pack that is not there");
            }
            CoveredPack covered = tail.packs().get(pack);
            if (offset < covered.start() || length == 0 || length > covered.end() - offset) {
                throw new CorruptRunException(path(), "entry " + entry + " lies outside its pack");
            }
            if (numbers[pack] == GONE) {
                return Optional.empty();
            }
            try {
                ObjectKind kind = ObjectKind.ofNumber(kindAndLength >>> RunFormat.KIND_SHIFT);
                return Optional.of(new Place(numbers[pack], offset, length, kind));
            } catch (MalformedObjectException e) {
                throw new CorruptRunException(path(), "entry " + entry + " is of no known kind");
            }
        }
    }
}
