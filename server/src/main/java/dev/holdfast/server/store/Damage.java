package dev.holdfast.server.store;

import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.ObjectKind;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.server.disk.Disk;
import dev.holdfast.server.disk.ReadableFile;
import dev.holdfast.server.index.ObjectIndex;
import dev.holdfast.server.index.Place;
import dev.holdfast.server.pack.CorruptPackException;
import dev.holdfast.server.pack.PackTable;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of damaged objects of a realm. A place where reading met damage counts no more: the object is asked of the next
 * backup that names it, and read from there. Marks of closed packs are kept for the next start; an open pack is scanned at each start
 * anyway, and may go on where it was cut.
 *
 * <p>An object is lost until a whole copy is safe elsewhere. So a key slot stays lost: the next run brings one of its own, and what was
 * sealed under the old one counts again only as far as it is sent again.
 */
final class Damage implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(Damage.class);

    private final String realm;
    private final Path packs;
    private final Disk disk;
    private final PackRegistry registry;
    private final ObjectIndex index;
    private final DoubtfulMarks marks;
    private final Map<Spot, Optional<ObjectId>> lost = new ConcurrentHashMap<>();
    /** Whether some object may not open although it is whole itself. */
    private volatile boolean slotsLost;

    /** Where a damaged object lies. */
    private record Spot(StoredPack pack, int offset) {}

    Damage(Disk disk, Path directory, PackRegistry registry, ObjectIndex index) {
        this.realm = String.valueOf(directory.getFileName());
        this.packs = directory.resolve("packs");
        this.disk = disk;
        this.registry = registry;
        this.index = index;
        this.marks = new DoubtfulMarks(disk, directory);
    }

    /** Takes over what earlier runs met; to be called once all packs are known. */
    void recall() {
        Map<StoredPack, Map<Integer, ObjectId>> tables = new HashMap<>();
        for (DoubtfulMarks.Mark mark : marks.read()) {
            Optional<StoredPack> pack = registry.find(mark.pack());
            if (pack.isPresent() && pack.get().state() == StoredPack.State.CLOSED) {
                pack.get().doubt(mark.offset());
                slotsLost |= mark.slot();
                Optional<ObjectId> id = Optional.ofNullable(
                        tables.computeIfAbsent(pack.get(), this::objectsOf).get(mark.offset()));
                lost.put(new Spot(pack.get(), mark.offset()), id);
            }
        }
        lost.values().removeIf(this::isStoredAgain);
    }

    private Map<Integer, ObjectId> objectsOf(StoredPack pack) {
        Map<Integer, ObjectId> objects = new HashMap<>();
        Path path = pack.path(packs);
        try (ReadableFile file = disk.open(path)) {
            PackTable.read(file, path).entries().forEach(entry -> objects.put(entry.offset(), entry.id()));
        } catch (IOException e) {
            log.warn("{}: which objects of pack {} are damaged is not known: {}", realm, pack.id(), e.getMessage());
        }
        return objects;
    }

    private boolean isStoredAgain(Optional<ObjectId> id) {
        try {
            return id.isPresent()
                    && index.find(id.get()).stream()
                            .anyMatch(place -> registry.get(place.pack()).isDurable(place));
        } catch (IOException e) {
            return false;
        }
    }

    /** To be called when something was made safe; tells when by that nothing is lost any more. */
    void settle() {
        if (!lost.isEmpty() && lost.values().removeIf(this::isStoredAgain) && lost.isEmpty()) {
            log.info("{}: every object that was found damaged has been stored again", realm);
        }
    }

    /** What is lost, for people. */
    Optional<Problem> finding() {
        settle();
        List<StoredPack> in = lost.keySet().stream().map(Spot::pack).distinct().toList();
        if (in.isEmpty()) {
            return Optional.empty();
        }
        int objects = lost.size();
        String what = objects == 1 ? "1 stored object was" : objects + " stored objects were";
        String where = in.size() == 1 ? "pack " : in.size() + " packs, one of them ";
        String message = what + " found damaged and not stored again since, in " + where
                + in.get(0).path(packs).getFileName();
        return Optional.of(Problem.of(ProblemCode.DAMAGE, message, CorruptPackException.HINT));
    }

    /** Remembers that an object cannot be read. */
    void met(StoredPack pack, Location object, CorruptPackException damage) {
        if (remember(pack, object.offset(), object.kind() == ObjectKind.SLOT, damage)) {
            lost.put(new Spot(pack, object.offset()), Optional.of(object.id()));
        }
    }

    /** As above, when only the header that was read there says which object it is; then it is one only if the index agrees. */
    void met(StoredPack pack, int offset, ObjectId claimed, CorruptPackException damage) throws IOException {
        Optional<Place> right = index.find(claimed).stream()
                .filter(place -> place.pack() == pack.number() && place.offset() == offset)
                .findFirst();
        boolean slot = right.isEmpty() || right.get().kind() == ObjectKind.SLOT;
        if (remember(pack, offset, slot, damage)) {
            lost.put(new Spot(pack, offset), right.map(place -> claimed));
        }
    }

    private boolean remember(StoredPack pack, int offset, boolean slot, CorruptPackException damage) {
        if (!pack.doubt(offset)) {
            return false;
        }
        slotsLost |= slot;
        log.error("{}: {}", realm, damage.getMessage());
        if (pack.state() == StoredPack.State.CLOSED) {
            try {
                marks.add(new DoubtfulMarks.Mark(pack.id(), offset, slot));
            } catch (IOException e) {
                log.warn("{}: damage to pack {} is not remembered: {}", realm, pack.id(), e.getMessage());
            }
        }
        return true;
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
