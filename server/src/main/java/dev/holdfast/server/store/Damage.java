package dev.holdfast.server.store;

import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.ObjectKind;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.server.disk.Disk;
import dev.holdfast.server.index.ObjectIndex;
import dev.holdfast.server.index.Place;
import dev.holdfast.server.pack.CorruptPackException;
import dev.holdfast.server.pack.PackId;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of damaged objects of a realm. A place where reading met damage counts no more: the object is asked of the next
 * backup that names it, and read from there. Marks of closed packs are kept for the next start; an open pack is scanned at each start
 * anyway, and may go on where it was cut.
 */
final class Damage implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(Damage.class);

    private final String realm;
    private final PackRegistry registry;
    private final ObjectIndex index;
    private final Consumer<Problem> findings;
    private final DoubtfulMarks marks;
    /** Whether some object may not open although it is whole itself. */
    private volatile boolean slotsLost;

    Damage(Disk disk, Path directory, PackRegistry registry, ObjectIndex index, Consumer<Problem> findings) {
        this.realm = String.valueOf(directory.getFileName());
        this.registry = registry;
        this.index = index;
        this.findings = findings;
        this.marks = new DoubtfulMarks(disk, directory);
    }

    /** Takes over what earlier runs met; to be called once all packs are known. */
    void recall() throws IOException {
        Set<PackId> packs = new HashSet<>();
        int objects = 0;
        for (DoubtfulMarks.Mark mark : marks.read()) {
            Optional<StoredPack> pack = registry.find(mark.pack());
            if (pack.isPresent() && pack.get().state() == StoredPack.State.CLOSED) {
                packs.add(mark.pack());
                objects += pack.get().doubt(mark.offset()) ? 1 : 0;
                slotsLost |= mark.slot();
            }
        }
        if (objects > 0) {
            findings.accept(Problem.of(
                    ProblemCode.DAMAGE,
                    objects + " stored object" + (objects == 1 ? " was" : "s were") + " found damaged, in "
                            + packs.size() + " pack" + (packs.size() == 1 ? "" : "s"),
                    CorruptPackException.HINT));
        }
    }

    /** Remembers that the object at {@code offset} cannot be read. */
    void met(StoredPack pack, int offset, boolean slot, CorruptPackException damage) {
        boolean first = !pack.hasDoubts();
        if (!pack.doubt(offset)) {
            return;
        }
        slotsLost |= slot;
        log.error("{}: {}", realm, damage.getMessage());
        if (first) {
            findings.accept(damage.problem());
        }
        if (pack.state() == StoredPack.State.CLOSED) {
            try {
                marks.add(new DoubtfulMarks.Mark(pack.id(), offset, slot));
            } catch (IOException e) {
                log.warn("{}: damage to pack {} is not remembered: {}", realm, pack.id(), e.getMessage());
            }
        }
    }

    /** As above, when only the header that was read there says which object it is; then it is one only if the index agrees. */
    void met(StoredPack pack, int offset, ObjectId claimed, CorruptPackException damage) throws IOException {
        boolean other = index.find(claimed).stream()
                .anyMatch(place ->
                        place.pack() == pack.number() && place.offset() == offset && place.kind() != ObjectKind.SLOT);
        met(pack, offset, !other, damage);
    }

    /** Whether a key slot may be lost, so that objects are worth a look at which slot they name. */
    boolean slotsLost() {
        return slotsLost;
    }

    /** Whether a whole copy is thought to be here. */
    boolean isThere(ObjectId id) throws IOException {
        return index.find(id).stream()
                .anyMatch(place -> !registry.get(place.pack()).isDoubtful(place));
    }

    /** Other copies that may stand in for a damaged one: what the same host has brought, or somebody with the key has verified. */
    List<Location> copies(Location damaged) throws IOException {
        String host = registry.find(damaged.pack()).map(StoredPack::host).orElse("");
        List<Location> others = new ArrayList<>();
        for (Place place : index.find(damaged.id())) {
            StoredPack pack = registry.get(place.pack());
            boolean trusted = pack.isVerified(place) || pack.host().equals(host);
            if (trusted && place.kind() == damaged.kind() && !pack.isDoubtful(place)) {
                others.add(new Location(damaged.id(), pack.id(), place.offset(), place.length(), place.kind()));
            }
        }
        return others;
    }

    @Override
    public void close() throws IOException {
        marks.close();
    }
}
