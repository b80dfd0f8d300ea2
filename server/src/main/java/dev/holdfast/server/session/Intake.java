package dev.holdfast.server.session;

import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.config.Quantity;
import dev.holdfast.core.object.SealedObject;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.snapshot.SnapshotSummary;
import dev.holdfast.core.wire.FrameWriter;
import dev.holdfast.core.wire.Message;
import dev.holdfast.server.store.Ingest;
import dev.holdfast.server.store.RealmStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.BitSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A backup coming in: objects are appended as they arrive, and the snapshot is recorded once everything is on disk. What was
 * received stays when the connection breaks, so the next run sends only the rest.
 */
final class Intake implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Intake.class);

    private final Site site;
    private final String host;
    private final FrameWriter writer;
    private @Nullable Run run;

    /** A backup under way. */
    private record Run(String realm, String volume, UUID id, RealmStore store, Ingest ingest) {}

    Intake(Site site, String host, FrameWriter writer) {
        this.site = site;
        this.host = host;
        this.writer = writer;
    }

    void begin(Message.Begin begin) throws IOException {
        if (run != null) {
            throw new MalformedException("a backup begins before the one before is committed");
        }
        if (begin.runId().length != 16) {
            throw new MalformedException("run id of " + begin.runId().length + " bytes");
        }
        requireGrant(begin.realm(), begin.volume());
        RealmStore store = site.repository().realm(begin.realm());
        ByteBuffer id = ByteBuffer.wrap(begin.runId());
        UUID runId = new UUID(id.getLong(), id.getLong());
        site.activity().began(host, begin.volume());
        run = new Run(begin.realm(), begin.volume(), runId, store, store.begin(host, runId));
        byte[] parent = store.log()
                .latest(host, begin.volume())
                .map(SnapshotRecord::encode)
                .orElse(new byte[0]);
        log.info("backup of '{}' began", begin.volume());
        writer.writeNow(new Message.Begun(parent));
    }

    /** Asked when a backup begins and again when it is committed: the configuration may have changed meanwhile. */
    private void requireGrant(String realm, String volume) {
        if (!site.grants().mayBackUp(host, volume)
                || site.grants().realmOf(host).filter(realm::equals).isEmpty()) {
            throw Problem.of(
                            ProblemCode.DENIED,
                            "host '" + host + "' may not back up volume '" + volume + "' to realm '" + realm + "' here",
                            "On the server, add the volume to the client's `backup` list and run `holdfast server reload`.")
                    .asException();
        }
    }

    private Run running() throws MalformedException {
        Run current = run;
        if (current == null) {
            throw new MalformedException("no backup has begun");
        }
        return current;
    }

    void have(Message.Have have) throws IOException {
        Run current = running();
        BitSet lacking = new BitSet(have.ids().size());
        for (int i = 0; i < have.ids().size(); i++) {
            if (!current.ingest.knows(have.ids().get(i))) {
                lacking.set(i);
            }
        }
        writer.writeNow(new Message.Lack(have.question(), lacking));
    }

    void put(SealedObject object) throws IOException {
        Run current = running();
        long quotaBytes = site.grants().quotaBytes(host);
        // Sessions that ask in the same moment can go over by an object each.
        if (object.length() > quotaBytes - current.store.hostBytes(host)) {
            throw Problem.of(
                            ProblemCode.NO_SPACE,
                            "host '" + host + "' has used up its quota of " + Quantity.showSize(quotaBytes),
                            "Raise `quota` of this server in the configuration, or back up less.")
                    .asException();
        }
        current.ingest.put(object);
    }

    void commit(Message.Commit commit) throws IOException {
        Run current = running();
        requireGrant(current.realm, current.volume);
        SnapshotRecord record = current.ingest.commit(new SnapshotSummary(
                host,
                current.volume,
                commit.snapshot(),
                commit.partial() ? SnapshotSummary.Outcome.PARTIAL : SnapshotSummary.Outcome.COMPLETE,
                commit.fuzzy(),
                current.id,
                Instant.ofEpochMilli(commit.labelMillis()),
                commit.files(),
                commit.bytes(),
                current.ingest.putBytes()));
        log.info(
                "snapshot {} of '{}' committed: {} files, {} bytes, {} bytes added",
                record.hash().brief(),
                current.volume,
                commit.files(),
                commit.bytes(),
                current.ingest.putBytes());
        site.activity().committed(record);
        close();
        writer.writeNow(new Message.Committed(record.encode()));
    }

    @Override
    public void close() {
        Run current = run;
        run = null;
        if (current != null) {
            try {
                current.ingest.close();
            } finally {
                site.activity().ended(host, current.volume);
            }
        }
    }
}
