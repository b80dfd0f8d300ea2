package dev.holdfast.system;

import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.ObjectKind;
import dev.holdfast.core.object.Sealer;
import dev.holdfast.core.snapshot.SnapshotManifest;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.snapshot.SnapshotSummary;
import dev.holdfast.core.tree.Content;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import dev.holdfast.core.tree.EntryType;
import dev.holdfast.core.tree.ExtendedAttribute;
import dev.holdfast.core.tree.Extent;
import dev.holdfast.core.tree.ExtentList;
import dev.holdfast.core.tree.Owner;
import dev.holdfast.core.tree.Timestamp;
import dev.holdfast.core.tree.TreeBlock;
import dev.holdfast.keys.realm.RealmKey;
import dev.holdfast.keys.realm.SessionKey;
import dev.holdfast.server.store.Ingest;
import dev.holdfast.server.store.Repository;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Two snapshots with every kind of file, made without an agent: whatever the format can say is in the second. */
final class SampleSnapshot {
    private static final String TEXT = "holdfast keeps what it is given\n".repeat(2000);

    private final TreeMap<EntryPath, Entry> entries = new TreeMap<>();
    private final TreeMap<EntryPath, String> shown = new TreeMap<>();
    private final List<SnapshotRecord> records = new ArrayList<>();

    /** What puts objects into the repository. */
    private record Writer(Ingest ingest, Sealer sealer) {
        ObjectId put(ObjectKind kind, byte[] references, byte[] plain) {
            ObjectId id = sealer.id(kind, references, plain, 0, plain.length);
            ingest.put(sealer.seal(id, kind, references, plain, 0, plain.length));
            return id;
        }

        Extent.Data chunk(byte[] plain) {
            return new Extent.Data(put(ObjectKind.CHUNK, new byte[0], plain), plain.length, 0, plain.length);
        }
    }

    List<SnapshotRecord> records() {
        return records;
    }

    void store(Repository repository, RealmKey realm, SecureRandom random) throws IOException {
        try (SessionKey session = realm.newSession(random);
                Sealer sealer = new Sealer(realm, session, new AtomicLong(), 3);
                Ingest ingest = repository.realm("home").begin("alice")) {
            ingest.put(Sealer.slot(session));
            Writer writer = new Writer(ingest, sealer);
            folder("", 0755, 1_000_000_000L);
            file("only", "the first snapshot".getBytes(StandardCharsets.UTF_8), writer);
            commit(writer, 1);
            entries.clear();
            shown.clear();
            everything(writer);
            commit(writer, 4);
        }
    }

    private void everything(Writer writer) throws IOException {
        folder("", 0711, 1_700_000_000L);
        folder("a", 02750, 1_600_000_000L);
        folder("b", 0700, -5);
        text(writer);
        file("a/empty", new byte[0], writer);
        byte[] noise = new byte[300_000];
        new SplittableRandom(1).nextBytes(noise);
        file("b/noise", noise, writer);
        sparse(writer);
        listed(writer);
        other("b/link", EntryType.SYMLINK, "../a/text".getBytes(StandardCharsets.UTF_8), "b'../a/text'");
        other("b/pipe", EntryType.FIFO, new byte[0], "fifo");
        EntryPath odd = EntryPath.ofText("b").child(new byte[] {'n', (byte) 0xff, ' ', '\\'});
        file(odd, noise, 0, writer);
    }

    /** Two names of one file, a piece out of the middle of a shared chunk. */
    private void text(Writer writer) throws IOException {
        byte[] all = ("before" + TEXT + "after").getBytes(StandardCharsets.UTF_8);
        Extent.Data chunk = writer.chunk(all);
        byte[] content = TEXT.getBytes(StandardCharsets.UTF_8);
        Content piece = new Content.Inline(List.of(new Extent.Data(chunk.chunk(), all.length, 6, content.length)));
        var attributes = List.of(
                new ExtendedAttribute("user.mark".getBytes(StandardCharsets.UTF_8), new byte[] {0, 1, (byte) 0xff}));
        for (String name : List.of("a/text", "a/twin")) {
            EntryPath path = EntryPath.ofText(name);
            add(new Entry(
                    path,
                    EntryType.FILE,
                    04755,
                    new Owner(1234, 5678, "alice", "staff"),
                    new Timestamp(-86_400, 999_999_999),
                    new Timestamp(0, 0),
                    77,
                    0,
                    2,
                    0,
                    content.length,
                    new byte[0],
                    attributes,
                    piece,
                    new byte[16],
                    true));
            show(
                    path,
                    "0o4755",
                    -86_400L * 1_000_000_000 + 999_999_999,
                    "1234 5678",
                    regular(2, content) + " ('user.mark', b'\\x00\\x01\\xff')");
        }
    }

    private void sparse(Writer writer) throws IOException {
        byte[] head = TEXT.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.write(head);
        content.write(new byte[8 << 20]);
        content.write(head, 100, 1000);
        content.write(new byte[1 << 20]);
        Extent.Data data = writer.chunk(head);
        List<Extent> extents = List.of(
                data,
                new Extent.Hole(8 << 20),
                new Extent.Data(data.chunk(), head.length, 100, 1000),
                new Extent.Hole(1 << 20));
        add(plain(EntryPath.ofText("b/sparse"), new Content.Inline(extents), content.size(), 3));
        show(EntryPath.ofText("b/sparse"), "0o640", 3_000_000_007L, "0 0", regular(1, content.toByteArray()));
    }

    /** More extents than an entry holds, in two lists, one of them with pages. */
    private void listed(Writer writer) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        List<Content.Part> parts = new ArrayList<>();
        for (int part = 0; part < 2; part++) {
            List<Extent> extents = new ArrayList<>();
            for (int i = 0; i < 70; i++) {
                byte[] piece = ("page " + part + "/" + i + " ").repeat(100).getBytes(StandardCharsets.UTF_8);
                extents.add(writer.chunk(piece));
                content.write(piece);
            }
            extents.add(new Extent.Hole(5));
            content.write(new byte[5]);
            long length = extents.stream().mapToLong(Extent::length).sum();
            int pages = (int) ((length + 4095) / 4096);
            ExtentList list = new ExtentList(extents, part == 0 ? 4096 : 0, new byte[part == 0 ? pages * 12 : 0]);
            TreeBlock.Encoded encoded = list.encode();
            parts.add(new Content.Part(writer.put(ObjectKind.EXTENTS, encoded.references(), encoded.plain()), length));
        }
        add(plain(EntryPath.ofText("b/listed"), new Content.Listed(parts), content.size(), 3));
        show(EntryPath.ofText("b/listed"), "0o640", 3_000_000_007L, "0 0", regular(1, content.toByteArray()));
    }

    private void folder(String name, int mode, long seconds) throws MalformedException {
        EntryPath path = EntryPath.ofText(name);
        add(entry(path, EntryType.DIRECTORY, mode, seconds, 0, new byte[0], Content.EMPTY));
        show(path, "0o" + Integer.toOctalString(mode), seconds * 1_000_000_000 + 7, "0 0", "folder");
    }

    private void file(String name, byte[] content, Writer writer) throws IOException {
        file(EntryPath.ofText(name), content, 1_500_000_000L, writer);
    }

    private void file(EntryPath path, byte[] content, long seconds, Writer writer) {
        Content where = content.length == 0 ? Content.EMPTY : new Content.Inline(List.of(writer.chunk(content)));
        add(plain(path, where, content.length, seconds));
        show(path, "0o640", seconds * 1_000_000_000 + 7, "0 0", regular(1, content));
    }

    private void other(String name, EntryType type, byte[] target, String what) throws MalformedException {
        EntryPath path = EntryPath.ofText(name);
        add(entry(path, type, 0640, 9, 0, target, Content.EMPTY));
        show(path, type == EntryType.SYMLINK ? "0o0" : "0o640", 9_000_000_007L, "0 0", what);
    }

    private static Entry plain(EntryPath path, Content content, long size, long seconds) {
        return entry(path, EntryType.FILE, 0640, seconds, size, new byte[0], content);
    }

    private static Entry entry(
            EntryPath path, EntryType type, int mode, long seconds, long size, byte[] target, Content content) {
        return new Entry(
                path,
                type,
                mode,
                new Owner(0, 0, "root", "root"),
                new Timestamp(seconds, 7),
                new Timestamp(seconds, 8),
                path.hashCode(),
                0,
                1,
                0,
                size,
                target,
                List.of(),
                content,
                new byte[0],
                false);
    }

    private void add(Entry entry) {
        entries.put(entry.path(), entry);
    }

    private void commit(Writer writer, int blockCount) {
        List<Entry> all = List.copyOf(entries.values());
        List<SnapshotManifest.Block> blocks = new ArrayList<>();
        ByteArrayOutputStream references = new ByteArrayOutputStream();
        int each = (all.size() + blockCount - 1) / blockCount;
        for (int from = 0; from < all.size(); from += each) {
            TreeBlock.Builder builder = new TreeBlock.Builder();
            all.subList(from, Math.min(all.size(), from + each)).forEach(builder::add);
            TreeBlock.Encoded encoded = builder.build();
            ObjectId id = writer.put(ObjectKind.TREE, encoded.references(), encoded.plain());
            references.writeBytes(id.toBytes());
            blocks.add(new SnapshotManifest.Block(all.get(from).path(), builder.count()));
        }
        SnapshotManifest manifest = new SnapshotManifest(
                "alice",
                "orders",
                "/srv/orders",
                "test",
                1,
                2,
                new SnapshotManifest.Counts(1, 1, 1, 1),
                0,
                List.of(),
                List.of(),
                blocks,
                new TreeMap<>());
        ObjectId root = writer.put(ObjectKind.SNAPSHOT, references.toByteArray(), manifest.encode());
        SnapshotSummary summary = new SnapshotSummary(
                "alice",
                "orders",
                root,
                SnapshotSummary.Outcome.COMPLETE,
                false,
                new UUID(1, records.size()),
                Instant.EPOCH,
                all.size(),
                1,
                1);
        records.add(writer.ingest.commit(summary));
    }

    private void show(EntryPath path, String mode, long nanos, String owner, String rest) {
        shown.put(path, mode + " " + nanos + " #" + owner + "# " + rest);
    }

    private static String regular(int links, byte[] content) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
            return links + " " + content.length + " " + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a listing of the restored second snapshot must say, with owners only when they could be set. */
    List<String> listing(boolean owners) {
        List<String> lines = new ArrayList<>();
        shown.forEach((path, text) -> {
            String name = path.isRoot() ? "." : path.toString().replace("\\x5c", "\\\\");
            lines.add("b'" + name + "' " + text.replaceAll("#(.*?)# ", owners ? "$1 " : ""));
        });
        return Collections.unmodifiableList(lines);
    }
}
