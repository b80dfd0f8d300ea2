package dev.holdfast.server.store;

import dev.holdfast.server.index.Place;
import dev.holdfast.server.pack.PackId;
import dev.holdfast.server.pack.PackWriter;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What is known about a pack while the store is open. */
final class StoredPack {
    enum State {
        /** Still growing; named {@code .open}. */
        OPEN,
        /** Has its footer; named {@code .pack}. */
        CLOSED,
        /** Only its first {@link #durable} bytes count, others may be tried for reading; named {@code .damaged}. */
        DAMAGED
    }

    private final int number;
    private final PackId id;
    private final String host;
    private final int start;
    private volatile State state;
    /** Objects that end here or before survive a power loss. */
    private volatile int durable;
    /** Objects that end here or before have the ids that their content demands. */
    private volatile int verified;
    /** Where objects begin that were found damaged: they no longer count, whatever is said above. Empty for nearly all packs. */
    private volatile Set<Integer> doubts = Set.of();

    StoredPack(int number, PackId id, String host, int start, State state, int durable) {
        this.number = number;
        this.id = id;
        this.host = host;
        this.start = start;
        this.state = state;
        this.durable = durable;
    }

    int number() {
        return number;
    }

    PackId id() {
        return id;
    }

    String host() {
        return host;
    }

    /** Where the first object begins. */
    int start() {
        return start;
    }

    State state() {
        return state;
    }

    int durable() {
        return durable;
    }

    int verified() {
        return verified;
    }

    void nowDurable(int end) {
        durable = end;
    }

    void nowVerified(int end) {
        verified = Math.max(verified, end);
    }

    /** Remembers damage to the object at an offset; false when that was known. */
    synchronized boolean doubt(int offset) {
        if (doubts.isEmpty()) {
            doubts = ConcurrentHashMap.newKeySet();
        }
        return doubts.add(offset);
    }

    boolean hasDoubts() {
        return !doubts.isEmpty();
    }

    void become(State next) {
        state = next;
    }

    /** Whether it survives a power loss and was not found damaged. */
    boolean isDurable(Place place) {
        return place.end() <= durable && !isDoubtful(place);
    }

    boolean isVerified(Place place) {
        return place.end() <= verified && isDurable(place);
    }

    /** Whether an object can only be tried: it was found damaged, it lies behind damage, or its sync failed. */
    boolean isDoubtful(Place place) {
        return doubts.contains(place.offset()) || (state == State.DAMAGED && place.end() > durable);
    }

    Path path(Path packs) {
        Path folder = packs.resolve(id.folder());
        return switch (state) {
            case OPEN -> folder.resolve(PackWriter.openName(id));
            case CLOSED -> folder.resolve(PackWriter.closedName(id));
            case DAMAGED -> folder.resolve(PackWriter.damagedName(id, durable));
        };
    }
}
