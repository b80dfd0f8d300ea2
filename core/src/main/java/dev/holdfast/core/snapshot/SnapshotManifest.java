package dev.holdfast.core.snapshot;

import dev.holdfast.core.codec.Decoder;
import dev.holdfast.core.codec.Encoder;
import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.SealedObject;
import dev.holdfast.core.tree.EntryPath;
import dev.holdfast.core.tree.TreeBlock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The plaintext of a {@code SNAPSHOT} object: what was backed up, how it went, and where each tree block begins. The object's
 * references are the tree blocks in order, so that one path is found by reading one block.
 *
 * @param source what was read, for people, such as {@code /srv/app}
 * @param began the agent's clock, milliseconds since 1970: a label only
 * @param unreadable what could not be read, at most {@value #MAX_UNREADABLE}; {@code unreadableCount} is the true number
 * @param sparse shared chunks of which less than half is still in use: the next backup stores the files in them anew
 * @param properties what it takes to make the volume anew where it is missing, by name; empty for a plain folder
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
        List<Block> blocks,
        SortedMap<String, String> properties) {

    public static final int MAX_UNREADABLE = 1000;
    /** Enough for one round of repacking; the rest waits for the next backup. */
    public static final int MAX_SPARSE = 4096;

    /** Longest host, volume and software name in UTF-8 bytes. */
    public static final int MAX_NAME_BYTES = SnapshotSummary.MAX_NAME_BYTES;

    public static final int MAX_SOURCE_BYTES = 4096;
    public static final int MAX_REASON_BYTES = 4096;

    public static final int MAX_PROPERTIES = 4096;
    public static final int MAX_PROPERTY_BYTES = 16 << 10;

    private static final int VERSION = 2;
    /** It had no properties. */
    private static final int FIRST_VERSION = 1;

    /** What the snapshot holds. */
    public record Counts(long files, long directories, long others, long bytes) {}

    /** Something that is missing from the snapshot, and why. */
    public record Unreadable(EntryPath path, String reason) {
        /** Cuts a long reason. */
        public Unreadable {
            reason = reason.length() <= MAX_REASON_BYTES / 3 ? reason : reason.substring(0, MAX_REASON_BYTES / 3);
        }
    }

    /** A tree block's first path and number of entries; its id is the reference at the same place. */
    public record Block(EntryPath first, int entries) {}

    public SnapshotManifest {
        unreadable = List.copyOf(unreadable);
        sparse = List.copyOf(sparse);
        blocks = List.copyOf(blocks);
        properties = Collections.unmodifiableSortedMap(new TreeMap<>(properties));
        for (String name : List.of(host, volume, software)) {
            requireAtMost(MAX_NAME_BYTES, name);
        }
        requireAtMost(MAX_SOURCE_BYTES, source);
        requireProperties(properties);
        if (unreadable.size() > MAX_UNREADABLE || sparse.size() > MAX_SPARSE || unreadableCount < unreadable.size()) {
            throw new IllegalArgumentException(unreadable.size() + " of " + unreadableCount + " unreadable files and "
                    + sparse.size() + " sparse chunks");
        }
    }

    private static void requireProperties(SortedMap<String, String> properties) {
        if (properties.size() > MAX_PROPERTIES) {
            throw new IllegalArgumentException(properties.size() + " properties");
        }
        properties.forEach((name, value) -> {
            requireAtMost(MAX_PROPERTY_BYTES, name);
            requireAtMost(MAX_PROPERTY_BYTES, value);
        });
    }

    private static void requireAtMost(int max, String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > max) {
            throw new IllegalArgumentException("name of " + bytes + " bytes");
        }
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
        out.varint(properties.size());
        properties.forEach((name, value) -> out.string(name).string(value));
        return out.toBytes();
    }

    /** Reads a manifest of which only the plaintext is at hand; see the other {@code decode}. */
    public static SnapshotManifest decode(byte[] plain) throws MalformedException {
        Decoder in = new Decoder(plain);
        int version = in.u8();
        if (version != VERSION && version != FIRST_VERSION) {
            throw new MalformedException("snapshot version " + version + " is not known");
        }
        String host = in.string(MAX_NAME_BYTES);
        String volume = in.string(MAX_NAME_BYTES);
        String source = in.string(MAX_SOURCE_BYTES);
        String software = in.string(MAX_NAME_BYTES);
        long began = in.u64();
        long ended = in.u64();
        Counts counts = new Counts(in.positive(), in.positive(), in.positive(), in.positive());
        long unreadableCount = in.positive();
        List<Unreadable> unreadable = new ArrayList<>();
        for (int left = in.count(MAX_UNREADABLE); left > 0; left--) {
            unreadable.add(
                    new Unreadable(EntryPath.ofBytes(in.bytes(EntryPath.MAX_BYTES)), in.string(MAX_REASON_BYTES)));
        }
        if (unreadable.size() > unreadableCount) {
            throw new MalformedException(unreadable.size() + " of " + unreadableCount + " unreadable files");
        }
        List<ObjectId> sparse = new ArrayList<>();
        for (int left = in.count(MAX_SPARSE); left > 0; left--) {
            sparse.add(ObjectId.copyOf(in.raw(ObjectId.BYTES), 0));
        }
        List<Block> blocks = decodeBlocks(in);
        SortedMap<String, String> properties = version == FIRST_VERSION ? new TreeMap<>() : decodeProperties(in);
        in.end();
        return new SnapshotManifest(
                host,
                volume,
                source,
                software,
                began,
                ended,
                counts,
                unreadableCount,
                unreadable,
                sparse,
                blocks,
                properties);
    }

    /** Reads a manifest and compares it with the references of its object: one for each block. */
    public static SnapshotManifest decode(byte[] references, byte[] plain) throws MalformedException {
        SnapshotManifest manifest = decode(plain);
        if (manifest.blocks.size() * ObjectId.BYTES != references.length) {
            throw new MalformedException("snapshot lists " + manifest.blocks.size() + " blocks and references "
                    + references.length / ObjectId.BYTES);
        }
        return manifest;
    }

    private static List<Block> decodeBlocks(Decoder in) throws MalformedException {
        int count = in.count(SealedObject.MAX_REFERENCES);
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Block block = new Block(EntryPath.ofBytes(in.bytes(EntryPath.MAX_BYTES)), in.count(TreeBlock.MAX_ENTRIES));
            if (i > 0 && blocks.get(i - 1).first.compareTo(block.first) >= 0) {
                throw new MalformedException("tree blocks out of order at " + block.first);
            }
            blocks.add(block);
        }
        return blocks;
    }

    private static SortedMap<String, String> decodeProperties(Decoder in) throws MalformedException {
        SortedMap<String, String> properties = new TreeMap<>();
        String before = "";
        for (int left = in.count(MAX_PROPERTIES); left > 0; left--) {
            String name = in.string(MAX_PROPERTY_BYTES);
            if (!properties.isEmpty() && before.compareTo(name) >= 0) {
                throw new MalformedException("property '" + name + "' out of order");
            }
            properties.put(name, in.string(MAX_PROPERTY_BYTES));
            before = name;
        }
        return properties;
    }
}
