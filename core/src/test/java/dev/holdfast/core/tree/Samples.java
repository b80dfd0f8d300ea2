package dev.holdfast.core.tree;

import dev.holdfast.core.Seeds;
import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.Sealer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** Seeded entries with everything that a file system can come up with. */
final class Samples {
    private static final byte[] NOTHING = {};

    private final SplittableRandom random;
    private final List<ObjectId> chunks = new ArrayList<>();
    private final List<Integer> chunkBytes = new ArrayList<>();
    private Owner owner = new Owner(0, 0, "root", "root");

    Samples(SplittableRandom random) {
        this.random = random;
        for (int i = 0; i < 40; i++) {
            chunks.add(id());
            chunkBytes.add(1 + random.nextInt(i == 0 ? Sealer.MAX_PLAIN_BYTES : 1 << 20));
        }
    }

    ObjectId id() {
        return ObjectId.copyOf(Seeds.bytes(random, ObjectId.BYTES), 0);
    }

    /** A valid component: any bytes but NUL and slash, often close to others in order. */
    byte[] name() {
        byte[] name = new byte[1 + random.nextInt(random.nextInt(20) == 0 ? 255 : 6)];
        for (int i = 0; i < name.length; i++) {
            int b = random.nextInt(3) == 0 ? random.nextInt(256) : "./0-a\u007f".charAt(random.nextInt(6));
            name[i] = (byte) (b == 0 || b == '/' ? 'b' : b);
        }
        boolean dots = name.length <= 2 && name[0] == '.' && name[name.length - 1] == '.';
        return dots ? new byte[] {'x'} : name;
    }

    EntryPath path() {
        EntryPath path = EntryPath.ROOT;
        for (int depth = random.nextInt(6); depth >= 0; depth--) {
            path = path.child(name());
        }
        return path;
    }

    /** Sorted, no path twice. */
    List<Entry> entries(int count) throws MalformedException {
        TreeSet<EntryPath> paths = new TreeSet<>();
        while (paths.size() < count) {
            paths.add(path());
        }
        List<Entry> entries = new ArrayList<>();
        for (EntryPath path : paths) {
            entries.add(entry(path));
        }
        return entries;
    }

    Entry entry(EntryPath path) throws MalformedException {
        if (random.nextInt(5) == 0) {
            owner = new Owner(random.nextInt(), random.nextInt(), "użytkownik" + random.nextInt(9), "");
        }
        EntryType type = random.nextInt(2) == 0 ? EntryType.FILE : EntryType.ofNumber(1 + random.nextInt(7));
        Content content = type == EntryType.FILE ? content() : Content.EMPTY;
        return new Entry(
                path,
                type,
                random.nextInt(010000),
                owner,
                time(),
                time(),
                random.nextLong(),
                random.nextInt(3) == 0 ? random.nextLong() : 0,
                random.nextInt(5),
                type.isDevice() ? random.nextLong() : 0,
                size(content),
                type == EntryType.SYMLINK ? Seeds.bytes(random, random.nextInt(100)) : NOTHING,
                attributes(),
                content,
                Seeds.bytes(random, type == EntryType.FILE && random.nextInt(2) == 0 ? 16 : 0),
                random.nextInt(10) == 0);
    }

    private Timestamp time() {
        long seconds = random.nextInt(20) == 0 ? random.nextLong() : random.nextInt();
        return new Timestamp(seconds, random.nextInt(1_000_000_000));
    }

    private List<ExtendedAttribute> attributes() {
        List<ExtendedAttribute> attributes = new ArrayList<>();
        for (int i = random.nextInt(10) - 7; i > 0; i--) {
            attributes.add(new ExtendedAttribute(name(), Seeds.bytes(random, random.nextInt(300))));
        }
        return attributes;
    }

    private Content content() {
        if (random.nextInt(10) == 0) {
            List<Content.Part> parts = new ArrayList<>();
            for (int i = random.nextInt(5); i >= 0; i--) {
                parts.add(new Content.Part(id(), 1 + random.nextLong(1L << 55)));
            }
            return new Content.Listed(parts);
        }
        return random.nextInt(5) == 0 ? Content.EMPTY : new Content.Inline(extents(random.nextInt(8)));
    }

    List<Extent> extents(int count) {
        List<Extent> extents = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (random.nextInt(4) == 0) {
                extents.add(new Extent.Hole(1 + random.nextLong(1L << random.nextInt(55))));
            } else {
                int chunk = random.nextInt(chunks.size());
                int offset = random.nextInt(chunkBytes.get(chunk));
                int length = 1 + random.nextInt(chunkBytes.get(chunk) - offset);
                extents.add(new Extent.Data(chunks.get(chunk), chunkBytes.get(chunk), offset, length));
            }
        }
        return extents;
    }

    static long size(Content content) {
        long size = 0;
        if (content instanceof Content.Listed listed) {
            for (Content.Part part : listed.parts()) {
                size += part.length();
            }
        } else if (content instanceof Content.Inline inline) {
            for (Extent extent : inline.extents()) {
                size += extent.length();
            }
        }
        return size;
    }

    static TreeBlock.Encoded encode(List<Entry> entries) {
        TreeBlock.Builder builder = new TreeBlock.Builder();
        entries.forEach(builder::add);
        return builder.build();
    }

    static Entry plainFile(EntryPath path, Content content, long size) {
        return new Entry(
                path,
                EntryType.FILE,
                0644,
                new Owner(1000, 1000, "alice", "alice"),
                new Timestamp(1_700_000_000L + path.length(), 123_456_789),
                new Timestamp(1_700_000_100L, 5),
                4711,
                0,
                1,
                0,
                size,
                NOTHING,
                List.of(),
                content,
                NOTHING,
                false);
    }
}
