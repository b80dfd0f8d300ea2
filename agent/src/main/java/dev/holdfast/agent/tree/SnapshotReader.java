package dev.holdfast.agent.tree;

import dev.holdfast.agent.link.ServerLink;
import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.object.MalformedObjectException;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.ObjectKind;
import dev.holdfast.core.object.SealedObject;
import dev.holdfast.core.object.Unsealer;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.SnapshotManifest;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.tree.Content;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import dev.holdfast.core.tree.ExtentList;
import dev.holdfast.core.tree.TreeBlock;
import dev.holdfast.keys.realm.RealmKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * One stored snapshot, read over a link. Blocks and extent lists are opened on the caller's thread; content is fetched sealed
 * ({@link #fetch}) and opened with {@link #newUnsealer} wherever the caller has a core to spare.
 */
public final class SnapshotReader implements AutoCloseable {
    private final ServerLink link;
    private final RealmKey realm;
    private final SnapshotRecord record;
    private final ConcurrentMap<ObjectId, byte[]> slots;
    private final Unsealer unsealer;
    private final SealedObject root;
    private final References references;
    private final SnapshotManifest manifest;
    private final Runnable check;

    private SnapshotReader(
            ServerLink link, RealmKey realm, SnapshotRecord record, List<SealedObject> opened, Runnable check) {
        this.link = link;
        this.check = check;
        this.realm = realm;
        this.record = record;
        this.slots = link.slots();
        this.unsealer = new Unsealer(realm, slots);
        this.root = opened.stream()
                .filter(object -> !takeSlot(object))
                .filter(object ->
                        object.kind() == ObjectKind.SNAPSHOT && object.id().equals(record.snapshot()))
                .findFirst()
                .orElseThrow(() -> damaged(
                        "the server gave no root for snapshot " + record.hash().brief(), null));
        this.references = new References(root);
        try {
            this.manifest = SnapshotManifest.decode(root.references(), open(root));
        } catch (MalformedException e) {
            throw damaged("snapshot " + record.hash().brief() + " is malformed: " + e.getMessage(), e);
        }
    }

    /** Opens the snapshot that {@code record} tells of; {@code realm} stays the caller's to close. */
    public static SnapshotReader open(ServerLink link, RealmKey realm, SnapshotRecord record) {
        return open(link, realm, record, () -> {});
    }

    /** The same for somebody who may not want it any more: {@code check} is called while answers are awaited, and may throw. */
    public static SnapshotReader open(ServerLink link, RealmKey realm, SnapshotRecord record, Runnable check) {
        return new SnapshotReader(link, realm, record, link.open(realm.realm(), record), check);
    }

    public SnapshotManifest manifest() {
        return manifest;
    }

    public SnapshotRecord record() {
        return record;
    }

    public ServerLink link() {
        return link;
    }

    public int blockCount() {
        return manifest.blocks().size();
    }

    /** The id of a tree block, known without fetching it. */
    public ObjectId blockId(int number) {
        return root.reference(number);
    }

    /** Fetches and opens some blocks at once, in the order asked for; the first that is lost ends it with {@code DAMAGE}. */
    public List<Block> blocks(int first, int count) {
        Batch batch = batch(first, count);
        List<Block> blocks = new ArrayList<>(count);
        for (int number = first; number < first + count; number++) {
            blocks.add(intact(batch.open(number)));
        }
        return blocks;
    }

    /** Asks for some blocks at once. */
    public Batch batch(int first, int count) {
        Arrivals arrivals = new Arrivals();
        int[] indexes = new int[count];
        for (int i = 0; i < count; i++) {
            indexes[i] = first + i;
        }
        CompletableFuture<Void> done =
                count == 0 ? CompletableFuture.completedFuture(null) : fetch(references, indexes, arrivals);
        return new Batch(this, first, count, arrivals, done);
    }

    private static Block intact(Stretch stretch) {
        if (stretch instanceof Gap gap) {
            throw gap.problem();
        }
        return (Block) stretch;
    }

    /** Keeps objects as they arrive, and what the server says of those that are damaged: that is the asker's to judge. */
    static final class Arrivals implements ServerLink.ObjectConsumer {
        private final Map<ObjectId, SealedObject> arrived = new HashMap<>();
        private final Map<ObjectId, String> damaged = new HashMap<>();

        @Override
        public void accept(SealedObject object) {
            arrived.put(object.id(), object);
        }

        @Override
        public void damaged(ObjectId id, String detail) {
            damaged.put(id, detail);
        }

        SealedObject get(ObjectId id, ObjectKind kind) {
            return check(arrived.get(id), id, kind);
        }

        /** As {@link #get}; it is not kept. */
        SealedObject take(ObjectId id, ObjectKind kind) {
            return check(arrived.remove(id), id, kind);
        }

        private SealedObject check(@Nullable SealedObject object, ObjectId id, ObjectKind kind) {
            if (object == null || object.kind() != kind) {
                String what = kind == ObjectKind.TREE ? "tree block " : "extent list ";
                String detail = damaged.getOrDefault(id, "the server left it out");
                throw SnapshotReader.damaged(what + id.brief() + " is damaged: " + detail, null);
            }
            return object;
        }
    }

    Stretch stretch(int number, Arrivals arrivals) {
        try {
            SealedObject object = arrivals.take(blockId(number), ObjectKind.TREE);
            List<Entry> entries = TreeBlock.decode(object.references(), open(object));
            requireAnnounced(number, entries);
            return new Block(number, new References(object), entries);
        } catch (MalformedException e) {
            return gap(number, "tree block " + blockId(number).brief() + " is malformed: " + e.getMessage());
        } catch (HoldfastException e) {
            if (e.problem().code() != ProblemCode.DAMAGE) {
                throw e;
            }
            return gap(number, e.problem().message());
        }
    }

    /** A block holds the entries that the snapshot says, and none that belongs to another block: so all paths ascend. */
    private void requireAnnounced(int number, List<Entry> entries) throws MalformedException {
        SnapshotManifest.Block announced = manifest.blocks().get(number);
        boolean begins = !entries.isEmpty() && entries.get(0).path().equals(announced.first());
        if (!begins || entries.size() != announced.entries()) {
            throw new MalformedException("it does not hold what its snapshot says");
        }
        EntryPath last = entries.get(entries.size() - 1).path();
        if (end(number).filter(next -> next.compareTo(last) <= 0).isPresent()) {
            throw new MalformedException("'" + last + "' belongs to a later block");
        }
    }

    private Gap gap(int number, String reason) {
        SnapshotManifest.Block lost = manifest.blocks().get(number);
        return new Gap(number, lost.first(), end(number), lost.entries(), reason);
    }

    private Optional<EntryPath> end(int number) {
        int next = number + 1;
        return next < blockCount() ? Optional.of(manifest.blocks().get(next).first()) : Optional.empty();
    }

    /** All entries in order, from the first at or after {@code from}'s block; blocks are fetched ahead. */
    public BlockStream stream(EntryPath from) {
        return new BlockStream(this, manifest.blockOf(from).orElse(0));
    }

    /** One entry with the block that holds it. */
    public record Found(Block block, Entry entry) {}

    /** Reads the one block that can hold {@code path}; {@code DAMAGE} when that is lost. */
    public Optional<Found> find(EntryPath path) {
        return stretchAt(path)
                .map(SnapshotReader::intact)
                .flatMap(block -> block.entries().stream()
                        .filter(entry -> entry.path().equals(path))
                        .findFirst()
                        .map(entry -> new Found(block, entry)));
    }

    /** Where {@code path} is if it is anywhere. */
    public Optional<Stretch> stretchAt(EntryPath path) {
        return manifest.blockOf(path).map(number -> batch(number, 1).open(number));
    }

    /** An opened extent list and its references for fetching its chunks. */
    public record OpenedList(References references, ExtentList list) {}

    /** Fetches some extent lists of one file of {@code block}, in the order asked for. */
    public List<OpenedList> extentLists(Block block, List<Content.Part> parts) {
        Arrivals arrivals = new Arrivals();
        int[] indexes = parts.stream()
                .mapToInt(part -> block.references().indexOf(part.extentList()))
                .distinct()
                .toArray();
        await(fetch(block.references(), indexes, arrivals));
        List<OpenedList> lists = new ArrayList<>(parts.size());
        for (Content.Part part : parts) {
            SealedObject object = arrivals.get(part.extentList(), ObjectKind.EXTENTS);
            try {
                ExtentList list = ExtentList.decode(object.references(), open(object));
                if (list.length() != part.length()) {
                    throw new MalformedException("it covers " + list.length() + " bytes, not " + part.length());
                }
                lists.add(new OpenedList(new References(object), list));
            } catch (MalformedException e) {
                throw damaged("extent list " + object.id().brief() + " is malformed: " + e.getMessage(), e);
            }
        }
        return lists;
    }

    /** What else was asked for may be on its way before the answer, and take long. */
    void await(CompletableFuture<Void> answer) {
        ServerLink.await(answer, check);
    }

    /**
     * Fetches references of an opened object. {@code consumer} is called on the link's reading thread and should hand work on;
     * key slots are taken out on the way.
     */
    public CompletableFuture<Void> fetch(References from, int[] indexes, ServerLink.ObjectConsumer consumer) {
        return link.fetch(from.parent(), indexes, new ServerLink.ObjectConsumer() {
            @Override
            public void accept(SealedObject object) {
                if (!takeSlot(object)) {
                    consumer.accept(object);
                }
            }

            @Override
            public void damaged(ObjectId id, String detail) {
                consumer.damaged(id, detail);
            }
        });
    }

    private boolean takeSlot(SealedObject object) {
        if (object.kind() != ObjectKind.SLOT) {
            return false;
        }
        slots.put(object.id(), object.payload());
        return true;
    }

    /** For one worker thread; shares the key slots seen so far and to come. */
    public Unsealer newUnsealer() {
        return new Unsealer(realm, slots);
    }

    private byte[] open(SealedObject object) {
        try {
            return unsealer.open(object);
        } catch (MalformedObjectException e) {
            throw damaged(e.getMessage() == null ? "an object does not open" : e.getMessage(), e);
        }
    }

    /** The problem for content that is not what it must be. */
    public static HoldfastException damaged(String message, @Nullable Throwable cause) {
        Problem problem = Problem.of(
                ProblemCode.DAMAGE,
                message,
                "Choose another snapshot (`holdfast snapshots`); if the key is in doubt, `holdfast check` tells.");
        return cause == null ? new HoldfastException(problem) : new HoldfastException(problem, cause);
    }

    @Override
    public void close() {
        unsealer.close();
    }
}
