package dev.holdfast.agent.browse;

import dev.holdfast.agent.link.ServerLink;
import dev.holdfast.agent.tree.Block;
import dev.holdfast.agent.tree.References;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.core.object.MalformedObjectException;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.SealedObject;
import dev.holdfast.core.object.Unsealer;
import dev.holdfast.core.tree.Content;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.Extent;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One file's bytes in order, for a pipe. While one window of chunks is written out, the next is on its way; memory is two windows. */
public final class FileStream {
    private static final long WINDOW_BYTES = 8 << 20;
    private static final byte[] ZEROS = new byte[64 << 10];

    private final SnapshotReader reader;
    private final OutputStream out;
    private @Nullable Window coming;

    /** A run of extents whose chunks are fetched together. */
    private record Window(List<Extent> extents, Map<ObjectId, SealedObject> arrived, CompletableFuture<Void> done) {}

    private FileStream(SnapshotReader reader, OutputStream out) {
        this.reader = reader;
        this.out = out;
    }

    /** Writes the content of a regular file; {@code DAMAGE} when it cannot be read whole, after what came before the damage. */
    public static void copy(SnapshotReader reader, SnapshotReader.Found file, OutputStream out) throws IOException {
        try (Unsealer unsealer = reader.newUnsealer()) {
            new FileStream(reader, out).run(file.block(), file.entry(), unsealer);
        }
    }

    private void run(Block block, Entry entry, Unsealer unsealer) throws IOException {
        if (entry.content() instanceof Content.Inline inline) {
            extents(block.references(), inline.extents(), unsealer);
        } else if (entry.content() instanceof Content.Listed listed) {
            for (Content.Part part : listed.parts()) {
                SnapshotReader.OpenedList list =
                        reader.extentLists(block, List.of(part)).get(0);
                extents(list.references(), list.list().extents(), unsealer);
            }
        }
        next(null, unsealer);
    }

    private void extents(References from, List<Extent> extents, Unsealer unsealer) throws IOException {
        List<Extent> window = new ArrayList<>();
        Set<ObjectId> chunks = new LinkedHashSet<>();
        long bytes = 0;
        for (Extent extent : extents) {
            window.add(extent);
            if (extent instanceof Extent.Data data && chunks.add(data.chunk())) {
                bytes += data.chunkBytes();
            }
            if (bytes >= WINDOW_BYTES) {
                next(request(from, window, chunks), unsealer);
                window = new ArrayList<>();
                chunks = new LinkedHashSet<>();
                bytes = 0;
            }
        }
        if (!window.isEmpty()) {
            next(request(from, window, chunks), unsealer);
        }
    }

    private Window request(References from, List<Extent> extents, Set<ObjectId> chunks) {
        Map<ObjectId, SealedObject> arrived = new ConcurrentHashMap<>();
        int[] indexes = chunks.stream().mapToInt(from::indexOf).toArray();
        CompletableFuture<Void> done = indexes.length == 0
                ? CompletableFuture.completedFuture(null)
                : reader.fetch(from, indexes, object -> arrived.put(object.id(), object));
        return new Window(extents, arrived, done);
    }

    /** Writes out the window that was asked for before. */
    private void next(@Nullable Window asked, Unsealer unsealer) throws IOException {
        Window ready = coming;
        coming = asked;
        if (ready == null) {
            return;
        }
        ServerLink.await(ready.done());
        Map<ObjectId, byte[]> opened = new HashMap<>();
        for (Extent extent : ready.extents()) {
            if (extent instanceof Extent.Data data) {
                byte[] plain = opened.get(data.chunk());
                if (plain == null) {
                    plain = open(ready, data, unsealer);
                    opened.put(data.chunk(), plain);
                }
                out.write(plain, data.offset(), data.intLength());
            } else {
                zeros(extent.length());
            }
        }
    }

    private static byte[] open(Window window, Extent.Data data, Unsealer unsealer) {
        SealedObject object = window.arrived().get(data.chunk());
        if (object == null) {
            throw SnapshotReader.damaged(
                    "the server left out chunk " + data.chunk().brief(), null);
        }
        try {
            byte[] plain = unsealer.open(object);
            if (plain.length != data.chunkBytes()) {
                throw SnapshotReader.damaged(
                        "chunk " + data.chunk().brief() + " has another length than the tree says", null);
            }
            return plain;
        } catch (MalformedObjectException e) {
            throw SnapshotReader.damaged(String.valueOf(e.getMessage()), e);
        }
    }

    private void zeros(long length) throws IOException {
        for (long left = length; left > 0; left -= Math.min(left, ZEROS.length)) {
            out.write(ZEROS, 0, (int) Math.min(left, ZEROS.length));
        }
    }
}
