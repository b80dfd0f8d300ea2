package dev.holdfast.agent.restore;

import dev.holdfast.agent.link.ServerLink;
import dev.holdfast.agent.tree.Block;
import dev.holdfast.agent.tree.References;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.core.object.MalformedObjectException;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.SealedObject;
import dev.holdfast.core.object.Unsealer;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.tree.Content;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import dev.holdfast.core.tree.EntryType;
import dev.holdfast.core.tree.Extent;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Streams the content of one regular file in order. While one batch of chunks is written, the next is on its way; memory is two
 * batches. Damage ends it before anything wrong is written.
 */
public final class FileDump {
    private static final int BATCH_BYTES = 8 << 20;
    private static final byte[] ZEROS = new byte[64 << 10];

    private record Placed(References from, Extent extent) {}

    /** Some extents in order, and the chunks asked for them. */
    private static final class Batch implements ServerLink.ObjectConsumer {
        final List<Placed> extents = new ArrayList<>();
        final Map<ObjectId, References> wanted = new LinkedHashMap<>();
        final Map<ObjectId, SealedObject> arrived = new HashMap<>();
        final Map<ObjectId, String> damaged = new HashMap<>();
        final List<CompletableFuture<Void>> answers = new ArrayList<>();

        @Override
        public void accept(SealedObject object) {
            arrived.put(object.id(), object);
        }

        @Override
        public void damaged(ObjectId id, String detail) {
            damaged.put(id, detail);
        }
    }

    private final SnapshotReader reader;

    /** {@code reader} stays the caller's. */
    public FileDump(SnapshotReader reader) {
        this.reader = reader;
    }

    /** Writes the file's content; returns its length. */
    public long dump(EntryPath path, OutputStream out) throws IOException {
        SnapshotReader.Found found = reader.find(path)
                .filter(one -> one.entry().type() == EntryType.FILE)
                .orElseThrow(() -> Problem.of(
                                ProblemCode.NOT_FOUND,
                                "the snapshot has no file '" + path + "'",
                                "`holdfast ls` shows what is in it; paths are relative to the volume.")
                        .asException());
        Iterator<Placed> extents = extents(found.block(), found.entry());
        try (Unsealer unsealer = reader.newUnsealer()) {
            Batch batch = ask(extents);
            while (!batch.extents.isEmpty()) {
                Batch next = ask(extents);
                write(batch, unsealer, out);
                batch = next;
            }
        }
        return found.entry().size();
    }

    private Iterator<Placed> extents(Block block, Entry entry) {
        if (entry.content() instanceof Content.Listed listed) {
            return listed.parts().stream()
                    .flatMap(part -> reader.extentLists(block, List.of(part)).stream())
                    .flatMap(opened ->
                            opened.list().extents().stream().map(extent -> new Placed(opened.references(), extent)))
                    .iterator();
        }
        return ((Content.Inline) entry.content())
                .extents().stream()
                        .map(extent -> new Placed(block.references(), extent))
                        .iterator();
    }

    private Batch ask(Iterator<Placed> extents) {
        Batch batch = new Batch();
        long bytes = 0;
        while (bytes < BATCH_BYTES && extents.hasNext()) {
            Placed placed = extents.next();
            batch.extents.add(placed);
            if (placed.extent instanceof Extent.Data data
                    && batch.wanted.putIfAbsent(data.chunk(), placed.from) == null) {
                bytes += data.chunkBytes();
            }
        }
        Map<References, List<ObjectId>> questions = new LinkedHashMap<>();
        batch.wanted.forEach((id, from) ->
                questions.computeIfAbsent(from, one -> new ArrayList<>()).add(id));
        questions.forEach((from, ids) -> batch.answers.add(
                reader.fetch(from, ids.stream().mapToInt(from::indexOf).toArray(), batch)));
        return batch;
    }

    private static void write(Batch batch, Unsealer unsealer, OutputStream out) throws IOException {
        batch.answers.forEach(ServerLink::await);
        Map<ObjectId, byte[]> opened = new HashMap<>();
        for (Placed placed : batch.extents) {
            if (placed.extent instanceof Extent.Data data) {
                byte[] plain = opened.get(data.chunk());
                if (plain == null) {
                    plain = open(batch, data.chunk(), unsealer);
                    opened.put(data.chunk(), plain);
                }
                if (data.offset() + data.intLength() > plain.length) {
                    throw SnapshotReader.damaged(
                            "chunk " + data.chunk().brief() + " is shorter than the tree says", null);
                }
                out.write(plain, data.offset(), data.intLength());
            } else {
                for (long left = placed.extent.length(); left > 0; left -= ZEROS.length) {
                    out.write(ZEROS, 0, (int) Math.min(left, ZEROS.length));
                }
            }
        }
    }

    private static byte[] open(Batch batch, ObjectId id, Unsealer unsealer) {
        SealedObject object = batch.arrived.remove(id);
        if (object == null) {
            String detail = batch.damaged.getOrDefault(id, "the server left it out");
            throw SnapshotReader.damaged("stored object " + id.brief() + " is damaged: " + detail, null);
        }
        try {
            return unsealer.open(object);
        } catch (MalformedObjectException e) {
            throw SnapshotReader.damaged(String.valueOf(e.getMessage()), e);
        }
    }
}
