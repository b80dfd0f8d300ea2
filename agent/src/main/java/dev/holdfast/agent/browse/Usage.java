package dev.holdfast.agent.browse;

import dev.holdfast.agent.tree.Block;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.core.tree.Content;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.Extent;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts what snapshots share, by walking their references: every tree block, extent list and chunk counts once, however many
 * snapshots use it. Chunks are counted by their length before compression, which the trees tell, so that no content is fetched.
 */
public final class Usage {
    private final PrefixSet blocks = new PrefixSet();
    private final PrefixSet lists = new PrefixSet();
    private final PrefixSet chunks = new PrefixSet();
    private long chunkCount;
    private long bytes;

    /** What one snapshot brought that none before it had. */
    public record Added(long chunks, long bytes) {}

    public Added add(SnapshotReader reader) {
        long chunksBefore = chunkCount;
        long bytesBefore = bytes;
        for (int number = 0; number < reader.blockCount(); number++) {
            if (blocks.add(reader.blockId(number))) {
                count(reader, reader.blocks(number, 1).get(0));
            }
        }
        return new Added(chunkCount - chunksBefore, bytes - bytesBefore);
    }

    private void count(SnapshotReader reader, Block block) {
        for (Entry entry : block.entries()) {
            if (entry.content() instanceof Content.Inline inline) {
                inline.extents().forEach(this::count);
            } else if (entry.content() instanceof Content.Listed listed) {
                List<Content.Part> fresh = new ArrayList<>();
                for (Content.Part part : listed.parts()) {
                    if (lists.add(part.extentList())) {
                        fresh.add(part);
                    }
                }
                List<SnapshotReader.OpenedList> opened = fresh.isEmpty() ? List.of() : reader.extentLists(block, fresh);
                for (SnapshotReader.OpenedList list : opened) {
                    list.list().extents().forEach(this::count);
                }
            }
        }
    }

    private void count(Extent extent) {
        if (extent instanceof Extent.Data data && chunks.add(data.chunk())) {
            chunkCount++;
            bytes += data.chunkBytes();
        }
    }

    /** Different chunks in all. */
    public long chunks() {
        return chunkCount;
    }

    /** Their length before compression. */
    public long bytes() {
        return bytes;
    }
}
