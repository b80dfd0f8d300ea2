package dev.holdfast.server.session;

import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.ObjectKind;
import dev.holdfast.core.object.SealedObject;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.RecordHash;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.wire.FrameWriter;
import dev.holdfast.core.wire.Message;
import dev.holdfast.server.pack.CorruptPackException;
import dev.holdfast.server.store.Location;
import dev.holdfast.server.store.RealmStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Snapshots going out. Reading is granted by snapshot: opening one grants its root, and everything granted that is not a chunk
 * grants what it references. So a session can ask only for "reference k of this granted object", and knowing an id helps
 * nobody.
 */
final class Reading implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Reading.class);
    /**
     * How many granted objects a session remembers, the least recently used forgotten first: about 40 MB at most, and enough for a
     * snapshot of some hundred million files. A reader that comes back to a forgotten one is turned away, and opens the snapshot anew.
     */
    static final int REMEMBERED = 1 << 18;

    /** Slots are one for each run of a backup. When there are this many they are forgotten, which only sends some again. */
    private static final int REMEMBERED_SLOTS = 1 << 14;

    private final Site site;
    private final String host;
    private final FrameWriter writer;
    /** Objects whose references may be asked for, with the host whose snapshot granted them. */
    private final Map<ObjectId, Granted> granted = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ObjectId, Granted> eldest) {
            return size() > REMEMBERED;
        }
    };

    private final Set<ObjectId> slotsSent = new HashSet<>();
    private final ReferenceCache references = new ReferenceCache();

    private record Granted(RealmStore store, String source, String volume) {}

    Reading(Site site, String host, FrameWriter writer) {
        this.site = site;
        this.host = host;
        this.writer = writer;
    }

    void list(Message.ListRecords list) throws IOException {
        RealmStore store = realm(list.realm());
        List<String> sources = list.host().isEmpty() ? store.log().hosts() : List.of(list.host());
        List<SnapshotRecord> records = new ArrayList<>();
        List<String> damage = new ArrayList<>();
        for (String source : sources) {
            int before = records.size();
            store.log().forEach(source, record -> mayList(list, record), records::add);
            if (records.size() > before || source.equals(host) || source.equals(list.host())) {
                store.log()
                        .damage(source)
                        .ifPresent(found -> damage.add(found.problem().message()));
            }
        }
        records.sort(Comparator.comparing(SnapshotRecord::received));
        for (SnapshotRecord record : records) {
            writer.write(new Message.RecordItem(record.encode()));
            store.obstacle(record)
                    .ifPresent(why -> damage.add("snapshot " + record.hash().brief() + " of " + record.host() + "/"
                            + record.volume() + " cannot be restored: " + why));
        }
        writer.writeNow(new Message.RecordsEnd(records.size(), brief(String.join("; ", damage))));
    }

    private static String brief(String text) {
        return text.substring(0, Math.min(text.length(), Message.RecordsEnd.LONGEST_DAMAGE));
    }

    private boolean mayList(Message.ListRecords list, SnapshotRecord record) {
        return (list.volume().isEmpty() || list.volume().equals(record.volume()))
                && site.grants().mayRestore(host, record.host(), record.volume());
    }

    void open(Message.Open open) throws IOException {
        if (open.recordHash().length != RecordHash.BYTES) {
            throw new MalformedException("a record hash of " + open.recordHash().length + " bytes");
        }
        RealmStore store = realm(open.realm());
        SnapshotRecord record = find(store, open)
                .orElseThrow(() -> Problem.of(
                                ProblemCode.NOT_FOUND,
                                "host '" + open.host() + "' has no such snapshot",
                                "`holdfast snapshots` lists what there is.")
                        .asException());
        requireGrant(open.host(), record.volume());
        send(new Granted(store, open.host(), record.volume()), List.of(record.snapshot()));
        writer.writeNow(new Message.Fetched(open.question()));
    }

    /** Asked at each step, so that a grant that was taken back counts in sessions that are under way. */
    private void requireGrant(String source, String volume) {
        if (!site.grants().mayRestore(host, source, volume)) {
            throw Problem.of(
                            ProblemCode.DENIED,
                            "host '" + host + "' may not read volume '" + volume + "' of host '" + source + "'",
                            "In the configuration, add '" + source + "/" + volume + "' to the `restore` list"
                                    + " of client '" + host + "', then run `holdfast server reload` on the server.")
                    .asException();
        }
    }

    private static Optional<SnapshotRecord> find(RealmStore store, Message.Open open) throws IOException {
        SnapshotRecord[] found = new SnapshotRecord[1];
        RecordHash wanted = RecordHash.copyOf(open.recordHash(), 0);
        store.log().forEach(open.host(), record -> record.hash().equals(wanted), record -> found[0] = record);
        return Optional.ofNullable(found[0]);
    }

    void fetch(Message.Fetch fetch) throws IOException {
        Granted by = granted.get(fetch.parent());
        if (by == null) {
            throw new MalformedException("references of an object that was not granted");
        }
        requireGrant(by.source, by.volume);
        byte[] all = referencesOf(fetch.parent(), by);
        int count = all.length / ObjectId.BYTES;
        // Named twice is sent once: a short question must not ask for more than there is.
        BitSet indexes = new BitSet(count);
        for (int index : fetch.indexes()) {
            if (index >= count) {
                throw new MalformedException("reference " + index + " of " + count);
            }
            indexes.set(index);
        }
        List<ObjectId> wanted = indexes.stream()
                .mapToObj(index -> ObjectId.copyOf(all, index * ObjectId.BYTES))
                .toList();
        send(by, wanted);
        writer.writeNow(new Message.Fetched(fetch.question()));
    }

    private byte[] referencesOf(ObjectId parent, Granted by) throws IOException {
        Optional<byte[]> known = references.get(parent);
        if (known.isPresent()) {
            return known.get();
        }
        byte[] read = by.store.read(locate(parent, by)).references();
        references.put(parent, read);
        return read;
    }

    private Location locate(ObjectId id, Granted by) {
        return by.store
                .locate(id, by.source)
                .orElseThrow(() -> Problem.of(
                                ProblemCode.DAMAGE,
                                "object " + id.brief() + " is gone from the store",
                                "Run `holdfast server rebuild-index` on the server; if that does not help, choose another"
                                        + " snapshot.")
                        .asException());
    }

    private void send(Granted by, List<ObjectId> ids) throws IOException {
        List<Location> locations = new ArrayList<>(ids.size());
        for (ObjectId id : ids) {
            Optional<Location> location = by.store.locate(id, by.source);
            if (location.isPresent()) {
                locations.add(location.get());
            } else {
                writer.write(new Message.Damaged(id, "it is gone from the store"));
            }
        }
        Set<ObjectId> sent = new HashSet<>();
        try {
            readAll(by, locations, object -> {
                sendOne(by, object);
                sent.add(object.id());
            });
        } catch (CorruptPackException e) {
            log.error("{}", e.getMessage());
            for (Location location : locations) {
                if (!sent.contains(location.id())) {
                    sendAlone(by, location.id());
                }
            }
        }
    }

    /** Takes one object; what fails in it fails the whole reading. */
    private interface Taker {
        void take(SealedObject object) throws IOException;
    }

    private static void readAll(Granted by, List<Location> locations, Taker taker) throws IOException {
        try {
            by.store.readAll(locations, object -> {
                try {
                    taker.take(object);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * After damage was met: whatever is whole still goes out, and what is not is named. Looked up once more, because where it lies may
     * be of no use without a key slot that was just found damaged.
     */
    private void sendAlone(Granted by, ObjectId id) throws IOException {
        try {
            sendOne(by, by.store.read(locate(id, by)));
        } catch (CorruptPackException e) {
            writer.write(new Message.Damaged(id, String.valueOf(e.getMessage())));
        }
    }

    private void sendOne(Granted by, SealedObject object) throws IOException {
        if (object.kind() != ObjectKind.SLOT && !slotsSent.contains(object.slot())) {
            writer.write(new Message.Put(by.store.read(locate(object.slot(), by))));
            if (slotsSent.size() >= REMEMBERED_SLOTS) {
                slotsSent.clear();
            }
            slotsSent.add(object.slot());
        }
        if (object.kind() != ObjectKind.CHUNK && object.kind() != ObjectKind.SLOT) {
            granted.put(object.id(), by);
            references.put(object.id(), object.references());
        }
        writer.write(new Message.Put(object));
    }

    private RealmStore realm(String name) throws IOException {
        if (!site.grants().mayRead(host, name)) {
            throw Problem.of(
                            ProblemCode.DENIED,
                            "host '" + host + "' is not a member of realm '" + name + "'",
                            "On the server, add it to the realm's `members` and run `holdfast server reload`.")
                    .asException();
        }
        return site.repository().realm(name);
    }

    @Override
    public void close() {
        granted.clear();
        references.clear();
    }
}
