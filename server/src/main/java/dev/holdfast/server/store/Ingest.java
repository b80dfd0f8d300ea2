package dev.holdfast.server.store;

import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.ObjectKind;
import dev.holdfast.core.object.SealedObject;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.snapshot.SnapshotSummary;
import dev.holdfast.server.index.Place;
import dev.holdfast.server.pack.PackEntry;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One session that brings objects of one host. Two rules live here and nowhere else.
 *
 * <p><b>Complete by induction.</b> An object is taken only if its key slot and everything that it references is known to its
 * host. So whatever is here is complete, and a snapshot needs no walk through the graph.
 *
 * <p><b>No poisoning.</b> An object counts as known to a host if that host has brought it, or if somebody who holds the realm
 * key has recomputed the ids of that part of the pack. What another session of the same host has not yet synced does not count
 * either: a crash could take it away and leave ours, which relies on it. It is sent and stored again instead.
 *
 * <p>What was found damaged counts for nobody, nor what is sealed under a key slot that was: it is taken once more.
 *
 * <p>Safe for several threads; closing keeps what was received, so that an interrupted backup goes on from there.
 */
public final class Ingest implements AutoCloseable {
    private static final ObjectId NO_SLOT = ObjectId.copyOf(new byte[ObjectId.BYTES], 0);

    private final RealmStore store;
    private final String host;
    private @Nullable OpenPack current;
    /** The slot of the last object: nearly always also that of the next one. */
    private ObjectId knownSlot = NO_SLOT;

    private final AtomicLong putBytes;
    private boolean closed;
    /** Something that was put is lost: nothing that this session says can be relied on any more. */
    private boolean failed;

    /** Adds what it stores to {@code putBytes}, which the sessions of one run share. */
    Ingest(RealmStore store, String host, AtomicLong putBytes) {
        this.store = store;
        this.host = host;
        this.putBytes = putBytes;
    }

    public String host() {
        return host;
    }

    /** Whether the object need not be sent. */
    public synchronized boolean knows(ObjectId id) {
        return knownPlace(id).isPresent();
    }

    /** Stores an object, children before parents; returns false when it was known already. It is not safe until {@link #sync}. */
    public synchronized boolean put(SealedObject object) {
        checkUsable();
        ObjectId id = object.id();
        if (knows(id)) {
            return false;
        }
        checkComplete(object);
        store.append(object.length(), () -> {
            OpenPack pack = packForNext();
            try {
                PackEntry entry = pack.writer().append(object);
                store.index().add(id, new Place(pack.stored().number(), entry.offset(), entry.length(), entry.kind()));
            } finally {
                letGoIfBroken(pack);
            }
        });
        putBytes.addAndGet(object.length());
        store.brought().add(host, object.length());
        return true;
    }

    private void checkUsable() {
        if (closed) {
            throw new IllegalStateException("this ingest is closed");
        }
        if (failed) {
            throw Problem.of(
                            ProblemCode.IO,
                            "the server lost objects of this session when writing to its disk failed",
                            "Look at the server's disk and its system log, then run the backup again.")
                    .asException();
        }
    }

    private Optional<Place> knownPlace(ObjectId id) {
        for (Place place : store.places(id)) {
            StoredPack pack = store.registry().get(place.pack());
            boolean mine = current != null && current.stored() == pack;
            boolean sent = mine && !pack.isDoubtful(place);
            boolean fromThisHost = pack.isDurable(place) && pack.host().equals(host);
            if (sent || ((fromThisHost || pack.isVerified(place)) && store.opens(place))) {
                return Optional.of(place);
            }
        }
        return Optional.empty();
    }

    private void checkComplete(SealedObject object) {
        int references = object.referenceCount();
        ObjectId slot = object.slot();
        if (object.kind() == ObjectKind.SLOT) {
            if (!slot.equals(NO_SLOT)) {
                throw refused(object, "a slot names no slot");
            }
        } else if (!slot.equals(knownSlot)) {
            if (knownPlace(slot)
                    .filter(place -> place.kind() == ObjectKind.SLOT)
                    .isEmpty()) {
                throw refused(object, "its key slot " + slot.brief() + " is not here");
            }
            knownSlot = slot;
        }
        for (int i = 0; i < references; i++) {
            ObjectId reference = object.reference(i);
            if (!knows(reference)) {
                throw Problem.of(
                                ProblemCode.DAMAGE,
                                "object " + object.id().brief() + " of host '" + host + "' references "
                                        + reference.brief() + ", which is damaged or not here any more",
                                "`holdfast backup VOLUME --rehash` sends again what was lost.")
                        .asException();
            }
        }
    }

    private HoldfastException refused(SealedObject object, String reason) {
        return Problem.of(
                        ProblemCode.PROTOCOL,
                        "object " + object.id().brief() + " of host '" + host + "' is refused: " + reason,
                        "Run the backup again; if this stays, the agent and the server do not fit together: report it.")
                .asException();
    }

    private OpenPack packForNext() throws IOException {
        OpenPack pack = current;
        if (pack != null && pack.writer().full(store.targetBytes())) {
            try {
                store.openPacks().finish(pack);
            } finally {
                letGoIfBroken(pack);
            }
            current = null;
            pack = null;
        }
        if (pack == null) {
            pack = store.openPacks().take(host);
            current = pack;
        }
        return pack;
    }

    private void letGoIfBroken(OpenPack pack) {
        if (pack.writer().broken()) {
            store.openPacks().abandon(pack);
            current = null;
            failed = true;
        }
    }

    /** How many bytes of objects this session has added, and those before it of the same run. */
    public long putBytes() {
        return putBytes.get();
    }

    /** Returns when everything put so far survives a power loss. */
    public synchronized void sync() {
        checkUsable();
        OpenPack pack = current;
        if (pack != null) {
            store.write("sync a pack", () -> {
                try {
                    pack.writer().sync();
                } finally {
                    pack.publish();
                    letGoIfBroken(pack);
                }
            });
        }
    }

    /** Syncs, then adds the snapshot to the host's log; returns when both survive a power loss. */
    public synchronized SnapshotRecord commit(SnapshotSummary summary) {
        if (!summary.host().equals(host)) {
            throw new IllegalArgumentException("host '" + host + "' cannot commit for '" + summary.host() + "'");
        }
        sync();
        if (knownPlace(summary.snapshot())
                .filter(place -> place.kind() == ObjectKind.SNAPSHOT)
                .isEmpty()) {
            throw Problem.of(
                            ProblemCode.PROTOCOL,
                            "snapshot object " + summary.snapshot().brief() + " of host '" + host + "' is not here",
                            "Run the backup again; if this stays, the agent and the server do not fit together: report it.")
                    .asException();
        }
        store.damage().settle();
        SnapshotRecord[] record = new SnapshotRecord[1];
        store.write("write the snapshot log", () -> record[0] = store.log().append(summary));
        store.brought().committed(host, summary.run());
        return record[0];
    }

    /** Ends the session; the open pack is continued by the host's next one. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            OpenPack pack = current;
            current = null;
            if (pack != null) {
                store.openPacks().giveBack(pack);
            }
        }
    }
}
