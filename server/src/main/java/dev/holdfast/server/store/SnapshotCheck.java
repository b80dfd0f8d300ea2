package dev.holdfast.server.store;

import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.SealedObject;
import dev.holdfast.server.index.Place;
import dev.holdfast.server.pack.CorruptPackException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Says why a snapshot cannot be restored. What counts is believed; what is in doubt, because it lies behind damage or was found
 * damaged, is read: the word "lost" is only for what reading does not give.
 */
final class SnapshotCheck {
    private final RealmStore store;

    SnapshotCheck(RealmStore store) {
        this.store = store;
    }

    Optional<String> obstacle(ObjectId snapshot) {
        List<Place> places = store.places(snapshot);
        if (places.isEmpty()) {
            return Optional.of("its snapshot object is gone");
        }
        if (places.stream().anyMatch(place -> !isDoubtful(place) && store.opens(place))) {
            return Optional.empty();
        }
        try {
            return obstacle(snapshot, places);
        } catch (IOException e) {
            throw StorageFailure.of(e, "read a snapshot object", store.directory(), Long.MAX_VALUE);
        }
    }

    private Optional<String> obstacle(ObjectId snapshot, List<Place> places) throws IOException {
        boolean whole = false;
        for (Place place : places) {
            Optional<SealedObject> object = read(snapshot, place);
            if (object.isPresent() && isReadable(object.get().slot())) {
                return Optional.empty();
            }
            whole |= object.isPresent();
        }
        return Optional.of(whole ? "its key slot is damaged" : "its snapshot object is damaged");
    }

    private boolean isDoubtful(Place place) {
        return store.registry().get(place.pack()).isDoubtful(place);
    }

    private boolean isReadable(ObjectId slot) throws IOException {
        for (Place place : store.places(slot)) {
            if (!isDoubtful(place) || read(slot, place).isPresent()) {
                return true;
            }
        }
        return false;
    }

    private Optional<SealedObject> read(ObjectId id, Place place) throws IOException {
        try {
            return Optional.of(store.read(store.location(id, place)));
        } catch (CorruptPackException e) {
            return Optional.empty(); // remembered by whoever has read it
        }
    }
}
