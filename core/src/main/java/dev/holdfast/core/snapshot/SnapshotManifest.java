package dev.holdfast.core.snapshot;

import dev.holdfast.core.codec.Decoder;
import dev.holdfast.core.codec.Encoder;
import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.tree.EntryPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The plaintext of a {@code SNAPSHOT} object: what was backed up, how it went, and where each tree block begins. The object's
 * references are the tree blocks in order, so that one path is found by reading one block.
 *
 * @param source what was read, for people, such as {@code /srv/app}
 * @param began the agent's clock, milliseconds since 1970: a label only
 * @param unreadable what could not be read, at most {@value #MAX_UNREADABLE}; {@code unreadableCount} is the true number
 * @param sparse shared chunks of which less than half is still in use: the next backup stores the files in them anew
 */
public record SnapshotManifest(
        String host,
        String volume,
        String source,
        String software,
        long began,
        long ended,
        Counts counts,
        long unreadableCount,
        List<Unreadable> unreadable,
        List<ObjectId> sparse,
        List<Block> blocks) {

    public static final int MAX_UNREADABLE = 1000;
    /** Enough for one round of repacking; the rest waits for the next backup. */
    public static final int MAX_SPARSE = 4096;

    private static final int VERSION = 1;

    /** What the snapshot holds. */
    public record Counts(long files, long directories, long others, long bytes) {}

    /** Something that is missing from the snapshot, and why. */
    public record Unreadable(EntryPath path, String reason) {}

    /** A tree block's first path and number of entries; its id is the reference at the same place. */
    public record Block(EntryPath first, int entries) {}

    public SnapshotManifest {
        unreadable = List.copyOf(unreadable);
        sparse = List.copyOf(sparse);
        blocks = List.copyOf(blocks);
    }

    public boolean partial() {
        return unreadableCount > 0;
    }

    /** The block that holds {@code path}, if it is in the snapshot at all. */
    public Optional<Integer> blockOf(EntryPath path) {
        int low = 0;
        int high = blocks.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (blocks.get(middle).first().compareTo(path) <= 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high < 0 ? Optional.empty() : Optional.of(high);
    }

    public byte[] encode() {
        Encoder out = new Encoder(1024 + blocks.size() * 48);
        out.u8(VERSION).string(host).string(volume).string(source).string(software);
        out.u64(began).u64(ended);
        out.varint(counts.files)
                .varint(counts.directories)
                .varint(counts.others)
                .varint(counts.bytes);
        out.varint(unreadableCount).varint(unreadable.size());
        for (Unreadable item : unreadable) {
            out.bytes(item.path.toBytes()).string(item.reason);
        }
        out.varint(sparse.size());
        for (ObjectId id : sparse) {
            out.raw(id.toBytes());
        }
        out.varint(blocks.size());
        for (Block block : blocks) {
            out.bytes(block.first.toBytes()).varint(block.entries);
        }
        return out.toBytes();
    }

    public static SnapshotManifest decode(byte[] plain) throws MalformedException {
        Decoder in = new Decoder(plain);
        int version = in.u8();
        if (version != VERSION) {
            throw new MalformedException("snapshot version " + version + " is not known");
        }
        String host = in.string(256);
        String volume = in.string(256);
        String source = in.string(EntryPath.MAX_BYTES);
        String software = in.string(256);
        long began = in.u64();
        long ended = in.u64();
        Counts counts = new Counts(in.positive(), in.positive(), in.positive(), in.positive());
        long unreadableCount = in.positive();
        List<Unreadable> unreadable = new ArrayList<>();
        for (int left = in.count(MAX_UNREADABLE); left > 0; left--) {
            unreadable.add(new Unreadable(EntryPath.ofBytes(in.bytes(EntryPath.MAX_BYTES)), in.string(4096)));
        }
        List<ObjectId> sparse = new ArrayList<>();
        for (int left = in.count(MAX_SPARSE); left > 0; left--) {
            sparse.add(ObjectId.copyOf(in.raw(ObjectId.BYTES), 0));
        }
        int count = in.count(in.left());
        List<Block> blocks = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            blocks.add(new Block(EntryPath.ofBytes(in.bytes(EntryPath.MAX_BYTES)), in.count(1 << 24)));
        }
        in.end();
        return new SnapshotManifest(
                host, volume, source, software, began, ended, counts, unreadableCount, unreadable, sparse, blocks);
    }
}
