package dev.holdfast.server.store;

import dev.holdfast.server.pack.PackId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Numbers the packs of a realm, so that the index needs four bytes to name one. */
final class PackRegistry {
    private final Map<PackId, StoredPack> byId = new ConcurrentHashMap<>();
    private volatile @Nullable StoredPack[] byNumber = new StoredPack[64];
    private int count;

    synchronized StoredPack add(PackId id, String host, int start, StoredPack.State state, int durable) {
        StoredPack pack = new StoredPack(count, id, host, start, state, durable);
        if (byId.putIfAbsent(id, pack) != null) {
            throw new IllegalStateException("pack " + id + " is there twice");
        }
        @Nullable StoredPack[] packs = byNumber;
        if (count == packs.length) {
            packs = Arrays.copyOf(packs, 2 * count);
        }
        packs[count++] = pack;
        byNumber = packs;
        return pack;
    }

    StoredPack get(int number) {
        StoredPack pack = byNumber[number];
        if (pack == null) {
            throw new IllegalStateException("no pack has number " + number);
        }
        return pack;
    }

    Optional<StoredPack> find(PackId id) {
        return Optional.ofNullable(byId.get(id));
    }

    synchronized List<StoredPack> all() {
        List<StoredPack> all = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            all.add(get(i));
        }
        return all;
    }
}
