package dev.holdfast.server.index;

import dev.holdfast.core.object.MalformedObjectException;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.ObjectKind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An open-addressing table over densely stored entries: 48 bytes an entry and 4 bytes a slot, at most half of the slots used.
 * Ids are chosen by agents, so slots are found by a hash with a secret seed: nobody can aim at one slot.
 */
public final class MemoryIndex implements ObjectIndex {
    private static final int ENTRY_LONGS = 6;
    private static final int BLOCK_ENTRIES = 1 << 12;

    private final long seed;
    private final List<long[]> blocks = new ArrayList<>();
    /** Entry number plus one; zero is free. */
    private int[] slots = new int[1 << 10];

    private int count;

    /** {@code seed} should be random and secret. */
    public MemoryIndex(long seed) {
        this.seed = seed;
    }

    @Override
    public synchronized void add(ObjectId id, Place place) {
        if (count >= slots.length / 2) {
            grow();
        }
        if (count == blocks.size() * BLOCK_ENTRIES) {
            blocks.add(new long[BLOCK_ENTRIES * ENTRY_LONGS]);
        }
        ByteBuffer bytes = ByteBuffer.wrap(id.toBytes());
        long[] block = blocks.get(count / BLOCK_ENTRIES);
        int at = count % BLOCK_ENTRIES * ENTRY_LONGS;
        for (int i = 0; i < 4; i++) {
            block[at + i] = bytes.getLong();
        }
        block[at + 4] = (long) place.pack() << 32 | place.offset();
        block[at + 5] = (long) place.length() << 32 | place.kind().number();
        take(slots, hash(block, at), count);
        count++;
    }

    @Override
    public synchronized List<Place> find(ObjectId id) {
        ByteBuffer bytes = ByteBuffer.wrap(id.toBytes());
        long[] key = {bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong()};
        List<Place> places = List.of();
        int mask = slots.length - 1;
        for (int slot = hash(key, 0) & mask; slots[slot] != 0; slot = slot + 1 & mask) {
            int entry = slots[slot] - 1;
            long[] block = blocks.get(entry / BLOCK_ENTRIES);
            int at = entry % BLOCK_ENTRIES * ENTRY_LONGS;
            if (Arrays.equals(block, at, at + 4, key, 0, 4)) {
                places = with(places, place(block, at));
            }
        }
        return places;
    }

    @Override
    public synchronized long size() {
        return count;
    }

    /** Takes every entry. */
    @FunctionalInterface
    interface Visitor {
        void visit(ObjectId id, Place place);
    }

    synchronized void forEach(Visitor visitor) {
        ByteBuffer id = ByteBuffer.allocate(ObjectId.BYTES);
        for (int entry = 0; entry < count; entry++) {
            long[] block = blocks.get(entry / BLOCK_ENTRIES);
            int at = entry % BLOCK_ENTRIES * ENTRY_LONGS;
            id.clear();
            for (int i = 0; i < 4; i++) {
                id.putLong(block[at + i]);
            }
            visitor.visit(ObjectId.copyOf(id.array(), 0), place(block, at));
        }
    }

    static List<Place> with(List<Place> places, Place place) {
        if (places.isEmpty()) {
            return List.of(place);
        }
        List<Place> more = new ArrayList<>(places);
        more.add(place);
        return more;
    }

    private static Place place(long[] block, int at) {
        long where = block[at + 4];
        long what = block[at + 5];
        try {
            return new Place((int) (where >>> 32), (int) where, (int) (what >>> 32), ObjectKind.ofNumber((int) what));
        } catch (MalformedObjectException e) {
            throw new IllegalStateException("the table holds only kinds that were put in", e);
        }
    }

    private void grow() {
        int[] wider = new int[slots.length * 2];
        for (int entry = 0; entry < count; entry++) {
            long[] block = blocks.get(entry / BLOCK_ENTRIES);
            take(wider, hash(block, entry % BLOCK_ENTRIES * ENTRY_LONGS), entry);
        }
        slots = wider;
    }

    private static void take(int[] slots, int hash, int entry) {
        int mask = slots.length - 1;
        int slot = hash & mask;
        while (slots[slot] != 0) {
            slot = slot + 1 & mask;
        }
        slots[slot] = entry + 1;
    }

    private int hash(long[] key, int at) {
        long h = seed;
        for (int i = 0; i < 4; i++) {
            h = (h ^ key[at + i]) * 0x9e3779b97f4a7c15L;
            h ^= h >>> 32;
        }
        return (int) h;
    }
}
