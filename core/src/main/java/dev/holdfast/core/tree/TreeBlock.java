package dev.holdfast.core.tree;

import dev.holdfast.core.codec.Decoder;
import dev.holdfast.core.codec.Encoder;
import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.object.SealedObject;
import java.util.ArrayList;
import java.util.List;

/** A sorted run of entries, and the plaintext of a {@code TREE} object. Layout in {@code docs/format.md}. */
public final class TreeBlock {
    /** Entries in one block; with {@link #MAX_PLAIN_BYTES} it bounds the memory that a block made by someone hostile takes. */
    public static final int MAX_ENTRIES = 1 << 16;

    public static final int MAX_PLAIN_BYTES = 8 << 20;
    /** All paths of a block together, written out: as each is stored without what it shares with the one before. */
    public static final int MAX_PATHS_BYTES = 8 << 20;

    private static final int VERSION = 1;

    /** What becomes of a run of entries: the object's references (32 bytes each) and its plaintext. */
    public record Encoded(byte[] references, byte[] plain) {}

    /** Gathers entries until a {@link TreeCutter} says that the block is full. */
    public static final class Builder {
        private final References references = new References();
        private final EntryCodec codec = new EntryCodec();
        private final Encoder body = new Encoder(80 << 10);
        private EntryPath last = EntryPath.ROOT;
        private int count;
        private int pathsBytes;

        /** Entries must come in ascending order of their paths; {@link IllegalArgumentException} for any that does not. */
        public void add(Entry entry) {
            if (count > 0 && last.compareTo(entry.path()) >= 0) {
                throw new IllegalArgumentException(entry.path() + " cannot follow " + last);
            }
            codec.encode(entry, references, body);
            last = entry.path();
            pathsBytes += last.length();
            count++;
        }

        public int count() {
            return count;
        }

        public int bytes() {
            return body.size();
        }

        /** Whether one more ordinary entry may be too much for the object. */
        public boolean full() {
            return references.size() >= SealedObject.MAX_REFERENCES / 2
                    || count >= MAX_ENTRIES
                    || pathsBytes > MAX_PATHS_BYTES - EntryPath.MAX_BYTES;
        }

        public Encoded build() {
            Encoder out = new Encoder(body.size() + references.size() * 3 + 32);
            out.u8(VERSION);
            references.encodeLengths(out);
            out.varint(count).raw(body.array(), 0, body.size());
            return new Encoded(references.toBytes(), out.toBytes());
        }
    }

    private TreeBlock() {}

    /** The entries of a block, given its object's references and plaintext; checks that paths ascend. */
    public static List<Entry> decode(byte[] references, byte[] plain) throws MalformedException {
        if (plain.length > MAX_PLAIN_BYTES) {
            throw new MalformedException("tree block of " + plain.length + " bytes");
        }
        Decoder in = new Decoder(plain);
        int version = in.u8();
        if (version != VERSION) {
            throw new MalformedException("tree block version " + version + " is not known");
        }
        References refs = References.decode(references, in);
        int count = in.count(MAX_ENTRIES);
        EntryCodec codec = new EntryCodec();
        List<Entry> entries = new ArrayList<>();
        int pathsBytes = 0;
        for (int i = 0; i < count; i++) {
            Entry entry = codec.decode(in, refs);
            pathsBytes += entry.path().length();
            if (pathsBytes > MAX_PATHS_BYTES) {
                throw new MalformedException("paths of more than " + MAX_PATHS_BYTES + " bytes");
            }
            if (i > 0 && entries.get(i - 1).path().compareTo(entry.path()) >= 0) {
                throw new MalformedException("entries out of order at " + entry.path());
            }
            entries.add(entry);
        }
        in.end();
        return entries;
    }
}
