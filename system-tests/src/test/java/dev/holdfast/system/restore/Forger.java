package dev.holdfast.system.restore;

import dev.holdfast.core.codec.Encoder;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.ObjectKind;
import dev.holdfast.core.object.Sealer;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.snapshot.SnapshotSummary;
import dev.holdfast.keys.realm.SessionKey;
import dev.holdfast.server.store.Ingest;
import dev.holdfast.system.hosts.TwoHosts;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** A member of the realm who seals whatever he likes: everything that he makes opens with the realm's key. */
final class Forger implements AutoCloseable {
    private final SessionKey session;
    private final Sealer sealer;
    private final Ingest ingest;
    private final List<ObjectId> blocks = new ArrayList<>();
    private final Encoder table = new Encoder(256);

    Forger(TwoHosts hosts) throws IOException {
        session = hosts.realm().newSession(new SecureRandom());
        sealer = new Sealer(hosts.realm(), session, new AtomicLong(), 3);
        ingest = hosts.repository().realm(TwoHosts.REALM).begin("alice");
        ingest.put(Sealer.slot(session));
    }

    ObjectId put(ObjectKind kind, List<ObjectId> references, byte[] plain) {
        byte[] all = new byte[references.size() * ObjectId.BYTES];
        for (int i = 0; i < references.size(); i++) {
            references.get(i).copyTo(all, i * ObjectId.BYTES);
        }
        ObjectId id = sealer.id(kind, all, plain, 0, plain.length);
        ingest.put(sealer.seal(id, kind, all, plain, 0, plain.length));
        return id;
    }

    ObjectId chunk(byte[] plain) {
        return put(ObjectKind.CHUNK, List.of(), plain);
    }

    Forger block(ForgedEntry... entries) {
        return block(List.of(), new int[0], entries);
    }

    /** A block that the table says to be just what it is. */
    Forger block(List<ObjectId> references, int[] lengths, ForgedEntry... entries) {
        return block(entries[0].path(), entries.length, put(ObjectKind.TREE, references, plain(lengths, entries)));
    }

    /** Whatever {@code id} is, the table says that it is a block. */
    Forger block(byte[] first, int count, ObjectId id) {
        blocks.add(id);
        table.bytes(first).varint(count);
        return this;
    }

    static byte[] plain(int[] lengths, ForgedEntry... entries) {
        Encoder out = new Encoder(1024).u8(1).varint(lengths.length);
        for (int length : lengths) {
            out.varint(length);
        }
        out.varint(entries.length);
        byte[] last = {};
        for (ForgedEntry entry : entries) {
            int mismatch = Arrays.mismatch(last, entry.path());
            entry.encode(mismatch < 0 ? last.length : mismatch, out);
            last = entry.path();
        }
        return out.toBytes();
    }

    /** The snapshot of all blocks so far. */
    SnapshotRecord commit() {
        Encoder manifest = new Encoder(1024).u8(1);
        manifest.string("alice")
                .string("data")
                .string("/")
                .string("forger")
                .u64(1)
                .u64(2);
        manifest.varint(1).varint(1).varint(1).varint(1).varint(0).varint(0).varint(0);
        manifest.varint(blocks.size()).raw(table.toBytes());
        ObjectId root = put(ObjectKind.SNAPSHOT, blocks, manifest.toBytes());
        return ingest.commit(new SnapshotSummary(
                "alice",
                "data",
                root,
                SnapshotSummary.Outcome.COMPLETE,
                false,
                new UUID(1, 2),
                Instant.EPOCH,
                1,
                1,
                1));
    }

    @Override
    public void close() {
        ingest.close();
        sealer.close();
        session.close();
    }
}
