package dev.holdfast.server.trusted;

import dev.holdfast.core.object.MalformedObjectException;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.ObjectKind;
import dev.holdfast.core.object.SealedObject;
import dev.holdfast.core.object.Unsealer;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.realm.RealmKey;
import dev.holdfast.server.pack.CorruptPackException;
import dev.holdfast.server.pack.PackId;
import dev.holdfast.server.store.Location;
import dev.holdfast.server.store.RealmStore;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens what hosts have brought and computes its ids again. What is proven is offered to all hosts of the realm; so these must hold
 * for an object, or one host could make another rely on something that does not come back:
 *
 * <ul>
 *   <li>its content has the id that it bears;
 *   <li>everything that it references, and its key slot, is proven too. Otherwise a true tree block could draw in a false chunk;
 *   <li>for a key slot, whose id is random: it opens, and no other slot of the same id was proven. Otherwise a copy of the id with
 *       another key could take the place of the first.
 * </ul>
 *
 * <p>Packs are proven from the front. An object that fails stops its pack for good; one that waits for another pack only stops it
 * until that is done.
 */
public final class Verifier {
    private static final Logger log = LoggerFactory.getLogger(Verifier.class);

    private final RealmStore store;
    /** Packs with an object that is false or damaged, which has been reported. */
    private final Set<PackId> refused = new HashSet<>();

    public Verifier(RealmStore store) {
        this.store = store;
    }

    /** Works as long as {@code mayGoOn} and there is progress; the answer is how many objects were proven. */
    public long run(RealmKey key, BooleanSupplier mayGoOn) throws IOException {
        long proven = 0;
        boolean progress = true;
        while (progress && mayGoOn.getAsBoolean()) {
            progress = false;
            for (RealmStore.Unverified part : store.unverified()) {
                if (!refused.contains(part.pack()) && mayGoOn.getAsBoolean()) {
                    long count = verify(part, key, mayGoOn);
                    proven += count;
                    progress |= count > 0;
                }
            }
        }
        return proven;
    }

    private long verify(RealmStore.Unverified part, RealmKey key, BooleanSupplier mayGoOn) throws IOException {
        ConcurrentMap<ObjectId, byte[]> slots = new ConcurrentHashMap<>();
        try (Unsealer unsealer = new Unsealer(key, slots)) {
            Pass pass = new Pass(part.from(), key, unsealer, slots, mayGoOn);
            try {
                store.forEachObject(part.pack(), part.from(), part.to(), pass::take);
            } catch (Halt halt) {
                halt.reason.ifPresent(reason -> refuse(part, pass.end, reason));
            } catch (CorruptPackException e) {
                refused.add(part.pack()); // the store has taken note of the damage itself
            }
            if (pass.count > 0) {
                store.markVerified(part.pack(), pass.end);
            }
            return pass.count;
        }
    }

    private void refuse(RealmStore.Unverified part, int offset, String reason) {
        refused.add(part.pack());
        Problem problem = Problem.of(
                        ProblemCode.DAMAGE,
                        "pack " + part.pack() + " of host '" + part.host()
                                + "' is not offered to other hosts from offset " + offset + " on: " + reason,
                        "Either the agent of '" + part.host()
                                + "' is not to be trusted, or it has a fault: look at that host before you restore from it.")
                .with("host", part.host());
        store.report(problem);
        log.error("{}: {}", store.name(), problem.message());
    }

    /** Ends a pass; without a reason, it goes on another time. */
    private static final class Halt extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient Optional<String> reason;

        Halt(Optional<String> reason) {
            super(reason.orElse("later"), null, false, false);
            this.reason = reason;
        }
    }

    private final class Pass {
        private final RealmKey key;
        private final Unsealer unsealer;
        private final ConcurrentMap<ObjectId, byte[]> slots;
        private final BooleanSupplier mayGoOn;
        private final Set<ObjectId> passed = new HashSet<>();
        private int end;
        private long count;

        Pass(
                int from,
                RealmKey key,
                Unsealer unsealer,
                ConcurrentMap<ObjectId, byte[]> slots,
                BooleanSupplier mayGoOn) {
            this.key = key;
            this.unsealer = unsealer;
            this.slots = slots;
            this.mayGoOn = mayGoOn;
            this.end = from;
        }

        void take(SealedObject object) {
            if (!mayGoOn.getAsBoolean()) {
                throw new Halt(Optional.empty());
            }
            if (object.kind() == ObjectKind.SLOT) {
                takeSlot(object);
            } else {
                takeContent(object);
            }
            passed.add(object.id());
            end += object.length();
            count++;
        }

        private void takeSlot(SealedObject object) {
            byte[] payload = object.payload();
            try {
                key.openSlot(object.id().toBytes(), payload).close();
            } catch (KeyException e) {
                throw new Halt(Optional.of("key slot " + object.id().brief() + " does not open"));
            }
            Optional<byte[]> proven = provenSlot(object.id());
            if (proven.isPresent() && !Arrays.equals(proven.get(), payload)) {
                throw new Halt(
                        Optional.of("key slot " + object.id().brief() + " is another one than that known before"));
            }
            slots.put(object.id(), payload);
        }

        private Optional<byte[]> provenSlot(ObjectId id) {
            byte[] here = slots.get(id);
            if (here != null) {
                return Optional.of(here);
            }
            Optional<Location> location = store.verified(id);
            try {
                return location.isEmpty()
                        ? Optional.empty()
                        : Optional.of(store.read(location.get()).payload());
            } catch (IOException e) {
                throw new Halt(Optional.of("key slot " + id.brief() + " cannot be read: " + e.getMessage()));
            }
        }

        private void takeContent(SealedObject object) {
            byte[] slot = provenSlot(object.slot()).orElseThrow(() -> new Halt(Optional.empty()));
            slots.put(object.slot(), slot);
            for (int i = 0; i < object.referenceCount(); i++) {
                ObjectId reference = object.reference(i);
                if (!passed.contains(reference) && store.verified(reference).isEmpty()) {
                    throw new Halt(Optional.empty());
                }
            }
            try {
                unsealer.open(object);
            } catch (MalformedObjectException e) {
                throw new Halt(Optional.of(String.valueOf(e.getMessage())));
            }
        }
    }
}
