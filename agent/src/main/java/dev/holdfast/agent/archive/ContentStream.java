package dev.holdfast.agent.archive;

import dev.holdfast.agent.link.ServerLink;
import dev.holdfast.agent.tree.Block;
import dev.holdfast.agent.tree.BlockStream;
import dev.holdfast.agent.tree.Gap;
import dev.holdfast.agent.tree.References;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.agent.tree.Stretch;
import dev.holdfast.core.object.MalformedObjectException;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.SealedObject;
import dev.holdfast.core.object.Unsealer;
import dev.holdfast.core.tree.Content;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import dev.holdfast.core.tree.Extent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All entries of a snapshot with their content, in order, whatever the size of either: while one batch of chunks is being used, the
 * next is on its way. A chunk that small files share is fetched once, as they lie beside each other. Memory is two batches.
 */
final class ContentStream implements AutoCloseable {
    private static final int BATCH_BYTES = 8 << 20;
    private static final int MOST_STEPS = 4096;

    /** What is told of a snapshot, in order. */
    interface Taker {
        /** Whether the content of {@code entry} follows; asked ahead of time, in order. */
        boolean wants(Entry entry);

        void begin(Block block, Entry entry) throws IOException;

        void bytes(byte[] chunk, int from, int length) throws IOException;

        void hole(long length) throws IOException;

        /** The end of wanted content. */
        void end(Entry entry) throws IOException;
    }

    private enum Mark {
        BEGIN,
        CONTENT,
        END
    }

    /** One thing to tell; {@code from} and {@code extent} count for content only. */
    private record Step(
            Mark mark,
            Block block,
            Entry entry,
            References from,
            @Nullable Extent extent) {}

    /** Some steps in order, and the chunks asked for them. */
    private static final class Batch implements ServerLink.ObjectConsumer {
        final List<Step> steps = new ArrayList<>();
        final Map<ObjectId, References> wanted = new LinkedHashMap<>();
        final Map<ObjectId, SealedObject> arrived = new HashMap<>();
        final Map<ObjectId, String> damaged = new HashMap<>();
        final Map<ObjectId, byte[]> opened = new HashMap<>();
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
    private final Taker taker;
    private final Unsealer unsealer;
    private final Iterator<Step> steps;

    ContentStream(SnapshotReader reader, Taker taker) {
        this.reader = reader;
        this.taker = taker;
        this.unsealer = reader.newUnsealer();
        this.steps = new Steps(reader.stream(EntryPath.ROOT));
    }

    private static Block intact(Stretch stretch) {
        if (stretch instanceof Gap gap) {
            throw gap.problem();
        }
        return (Block) stretch;
    }

    void run() throws IOException {
        Batch before = new Batch();
        Batch batch = ask(before);
        while (!batch.steps.isEmpty()) {
            Batch next = ask(batch);
            tell(batch, before);
            before = batch;
            batch = next;
        }
    }

    // ---- what there is to tell

    /** One step after the other: of a large file, no more than one list of extents is in memory. */
    private final class Steps implements Iterator<Step> {
        private final BlockStream blocks;
        private @Nullable Block block;
        private @Nullable Entry open;
        private Iterator<Entry> entries = Collections.emptyIterator();
        private Iterator<Step> content = Collections.emptyIterator();

        Steps(BlockStream blocks) {
            this.blocks = blocks;
        }

        @Override
        public boolean hasNext() {
            while (open == null && !entries.hasNext()) {
                Optional<Stretch> next = blocks.next();
                if (next.isEmpty()) {
                    return false;
                }
                block = intact(next.get());
                entries = block.entries().iterator();
            }
            return true;
        }

        @Override
        public Step next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            if (content.hasNext()) {
                return content.next();
            }
            Block here = Objects.requireNonNull(block);
            Entry ending = open;
            if (ending != null) {
                open = null;
                return new Step(Mark.END, here, ending, here.references(), null);
            }
            Entry entry = entries.next();
            if (taker.wants(entry)) {
                open = entry;
                content = content(here, entry).iterator();
            }
            return new Step(Mark.BEGIN, here, entry, here.references(), null);
        }
    }

    private Stream<Step> content(Block block, Entry entry) {
        if (entry.content() instanceof Content.Listed listed) {
            return listed.parts().stream()
                    .flatMap(part -> reader.extentLists(block, List.of(part)).stream())
                    .flatMap(opened -> opened.list().extents().stream()
                            .map(extent -> new Step(Mark.CONTENT, block, entry, opened.references(), extent)));
        }
        return ((Content.Inline) entry.content())
                .extents().stream().map(extent -> new Step(Mark.CONTENT, block, entry, block.references(), extent));
    }

    // ---- asking

    private Batch ask(Batch before) {
        Batch batch = new Batch();
        long bytes = 0;
        while (bytes < BATCH_BYTES && batch.steps.size() < MOST_STEPS && steps.hasNext()) {
            Step step = steps.next();
            batch.steps.add(step);
            if (step.extent instanceof Extent.Data data
                    && !before.wanted.containsKey(data.chunk())
                    && batch.wanted.putIfAbsent(data.chunk(), step.from) == null) {
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

    // ---- telling

    private void tell(Batch batch, Batch before) throws IOException {
        batch.answers.forEach(ServerLink::await);
        for (Step step : batch.steps) {
            switch (step.mark) {
                case BEGIN -> taker.begin(step.block, step.entry);
                case END -> taker.end(step.entry);
                case CONTENT -> tellContent(step, batch, before);
            }
        }
    }

    private void tellContent(Step step, Batch batch, Batch before) throws IOException {
        if (!(step.extent instanceof Extent.Data data)) {
            taker.hole(step.extent == null ? 0 : step.extent.length());
            return;
        }
        byte[] plain = plain(before.wanted.containsKey(data.chunk()) ? before : batch, data.chunk());
        if (data.offset() + data.intLength() > plain.length) {
            throw SnapshotReader.damaged("chunk " + data.chunk().brief() + " is shorter than the tree says", null);
        }
        taker.bytes(plain, data.offset(), data.intLength());
    }

    private byte[] plain(Batch batch, ObjectId id) {
        byte[] known = batch.opened.get(id);
        if (known != null) {
            return known;
        }
        SealedObject object = batch.arrived.remove(id);
        if (object == null) {
            String detail = batch.damaged.getOrDefault(id, "the server left it out");
            throw SnapshotReader.damaged("stored object " + id.brief() + " is damaged: " + detail, null);
        }
        try {
            byte[] plain = unsealer.open(object);
            batch.opened.put(id, plain);
            return plain;
        } catch (MalformedObjectException e) {
            throw SnapshotReader.damaged(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void close() {
        unsealer.close();
    }
}
