package dev.holdfast.agent.backup;

import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.ObjectKind;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.SnapshotManifest;
import dev.holdfast.core.tree.Content;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import dev.holdfast.core.tree.Extent;
import dev.holdfast.core.tree.ExtentList;
import dev.holdfast.core.tree.TreeBlock;
import dev.holdfast.core.tree.TreeCutter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Takes what the walk found, in order, waits for the chunks where necessary, and makes extent lists, tree blocks and the
 * snapshot's table of blocks. References are always done before what refers to them is handed to the {@link Uploader}, so the
 * server gets children before parents.
 */
final class TreeAssembler implements AutoCloseable {
    private static final int QUEUE = 8192;

    /** What the walk hands over. A file's pieces and list ends come before its {@link Finished}. */
    private sealed interface Item {
        record Part(Piece piece) implements Item {}

        record ListEnd(int pageBytes, byte[] fingerprints) implements Item {}

        /** The entry is complete but for its content, which is the pieces before. */
        record Finished(Entry entry) implements Item {}

        /** The content is known already. */
        record Whole(Entry entry) implements Item {}

        /** The pieces before are not wanted after all: the file is read again. */
        record Dropped() implements Item {}

        record End() implements Item {}
    }

    private final Uploader uploader;
    private final Runnable beforeWaiting;
    private final BlockingQueue<Item> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Thread thread;
    private final LiveShares shares = new LiveShares();
    private final List<SnapshotManifest.Block> blocks = new ArrayList<>();
    private final List<Ticket> blockTickets = new ArrayList<>();
    private List<Extent> extents = new ArrayList<>();
    private List<Content.Part> parts = new ArrayList<>();
    private TreeBlock.Builder block = new TreeBlock.Builder();
    private @Nullable EntryPath first;
    private volatile @Nullable HoldfastException failure;

    /** @param beforeWaiting called by the walk's thread when the queue is full: must close what the queue may wait for */
    TreeAssembler(Uploader uploader, Runnable beforeWaiting) {
        this.uploader = uploader;
        this.beforeWaiting = beforeWaiting;
        this.thread = new Thread(this::run, "holdfast-tree");
        thread.setDaemon(true);
        thread.start();
    }

    void piece(Piece piece) throws InterruptedException {
        add(new Item.Part(piece));
    }

    /** Puts the pieces since the last list end into an extent list with page fingerprints ({@code pageBytes} 0: none). */
    void endList(int pageBytes, byte[] fingerprints) throws InterruptedException {
        add(new Item.ListEnd(pageBytes, fingerprints));
    }

    void finish(Entry entry) throws InterruptedException {
        add(new Item.Finished(entry));
    }

    void whole(Entry entry) throws InterruptedException {
        add(new Item.Whole(entry));
    }

    void dropPieces() throws InterruptedException {
        add(new Item.Dropped());
    }

    private void add(Item item) throws InterruptedException {
        if (!queue.offer(item)) {
            beforeWaiting.run();
            while (!queue.offer(item, 100, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                check();
            }
        }
    }

    private void check() {
        HoldfastException broken = failure;
        if (broken != null) {
            throw new HoldfastException(broken.problem(), broken);
        }
    }

    private void run() {
        try {
            Item item = queue.take();
            while (!(item instanceof Item.End)) {
                take(item);
                item = queue.take();
            }
            cutBlock();
        } catch (HoldfastException e) {
            failure = e;
        } catch (InterruptedException e) {
            failure = Problem.of(ProblemCode.CANCELLED, "interrupted", "").asException();
        } catch (RuntimeException e) {
            failure = new HoldfastException(Problem.of(ProblemCode.BUG, "the tree could not be built: " + e, ""), e);
        }
    }

    private void take(Item item) throws InterruptedException {
        if (item instanceof Item.Part part) {
            addExtent(part.piece.await());
        } else if (item instanceof Item.ListEnd end) {
            cutList(end.pageBytes, end.fingerprints);
        } else if (item instanceof Item.Finished finished) {
            Entry entry = finished.entry;
            add(entry.withContent(content(), entry.size(), entry.fingerprint(), entry.fuzzy()));
        } else if (item instanceof Item.Whole whole) {
            add(whole.entry);
        } else if (item instanceof Item.Dropped) {
            extents = new ArrayList<>();
            parts = new ArrayList<>();
        }
    }

    private void addExtent(Extent extent) throws InterruptedException {
        Extent last = extents.isEmpty() ? null : extents.get(extents.size() - 1);
        if (last instanceof Extent.Data before
                && extent instanceof Extent.Data next
                && before.chunk().equals(next.chunk())
                && before.offset() + before.length() == next.offset()) {
            extents.set(
                    extents.size() - 1,
                    new Extent.Data(
                            before.chunk(),
                            before.chunkBytes(),
                            before.offset(),
                            Math.toIntExact(before.length() + next.length())));
            return;
        }
        extents.add(extent);
    }

    private void cutList(int pageBytes, byte[] fingerprints) throws InterruptedException {
        if (extents.isEmpty()) {
            return;
        }
        ExtentList list = new ExtentList(extents, pageBytes, fingerprints);
        TreeBlock.Encoded encoded = list.encode();
        ObjectId id = uploader.object(ObjectKind.EXTENTS, encoded.references(), encoded.plain())
                .await();
        parts.add(new Content.Part(id, list.length()));
        extents = new ArrayList<>();
    }

    private Content content() throws InterruptedException {
        if (parts.isEmpty() && extents.size() <= Content.MAX_INLINE_EXTENTS) {
            Content inline = extents.isEmpty() ? Content.EMPTY : new Content.Inline(extents);
            extents = new ArrayList<>();
            return inline;
        }
        cutList(0, new byte[0]);
        Content listed = new Content.Listed(parts);
        parts = new ArrayList<>();
        return listed;
    }

    private void add(Entry entry) {
        if (first == null) {
            first = entry.path();
        }
        shares.count(entry.content());
        block.add(entry);
        if (TreeCutter.endsAfter(block, entry.path())) {
            cutBlock();
        }
    }

    private void cutBlock() {
        EntryPath begin = first;
        if (begin == null) {
            return;
        }
        TreeBlock.Encoded encoded = block.build();
        blocks.add(new SnapshotManifest.Block(begin, block.count()));
        blockTickets.add(uploader.object(ObjectKind.TREE, encoded.references(), encoded.plain()));
        block = new TreeBlock.Builder();
        first = null;
    }

    /** What the whole walk came to. */
    record Assembled(List<SnapshotManifest.Block> blocks, byte[] references, List<ObjectId> sparse) {}

    /** Waits until everything handed over is a tree block that the server has. */
    Assembled end() throws InterruptedException {
        add(new Item.End());
        thread.join();
        check();
        byte[] references = new byte[blockTickets.size() * ObjectId.BYTES];
        for (int i = 0; i < blockTickets.size(); i++) {
            blockTickets.get(i).await().copyTo(references, i * ObjectId.BYTES);
        }
        return new Assembled(blocks, references, shares.sparse());
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
