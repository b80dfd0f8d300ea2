package dev.holdfast.system.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.fleet.Announcement;
import dev.holdfast.core.fleet.RestoreStatus;
import dev.holdfast.core.fleet.VolumeStatus;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.ObjectKind;
import dev.holdfast.core.object.SealedObject;
import dev.holdfast.core.object.Sealer;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.wire.ByteLink;
import dev.holdfast.core.wire.FrameReader;
import dev.holdfast.core.wire.FrameWriter;
import dev.holdfast.core.wire.Message;
import dev.holdfast.keys.realm.RealmKey;
import dev.holdfast.keys.realm.SessionKey;
import java.io.EOFException;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** One connection of an agent that says what a test tells it to. */
final class Conversation implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ByteLink link;
    private final FrameWriter writer;
    private final FrameReader reader;

    Conversation(ByteLink link) {
        this.link = link;
        this.writer = new FrameWriter(link);
        this.reader = new FrameReader(link);
    }

    /** Does what is allowed until the server is in {@code state}; {@code stored} is a snapshot that it has. */
    void reach(ProtocolState state, SnapshotRecord stored) throws IOException {
        if (state == ProtocolState.CONNECTED) {
            return;
        }
        if (state == ProtocolState.GREETED_AS_AGENT_THAT_STAYS || state == ProtocolState.ANNOUNCED) {
            greetAsOneThatStays();
        } else {
            greet();
        }
        switch (state) {
            case CONNECTED, GREETED, GREETED_AS_AGENT_THAT_STAYS -> {}
            case ANNOUNCED -> say(new Message.Announce(new Announcement(false, "UTC", List.of())));
            case BEGUN -> begin();
            case ASKED_WHAT_IS_LACKING -> {
                begin();
                ask(new Message.Have(1, List.of(stored.snapshot())), Message.Lack.class);
            }
            case PUTTING -> {
                begin();
                putFresh();
                assertAnswers();
            }
            case COMMITTED -> commit();
            case LISTED -> list();
            case OPENED -> open(stored);
            case FETCHING -> {
                open(stored);
                // Left unread: what comes next reaches the server while the answer is on its way.
                say(new Message.Fetch(2, stored.snapshot(), new int[] {0}));
            }
        }
    }

    void greet() throws IOException {
        ask(new Message.Hello(1, 1, "test", 0), Message.Welcome.class);
    }

    /** In the newest protocol, which has schedules, orders and restores. */
    void greetAsOneThatStays() throws IOException {
        greetAsOneThatStays(5);
    }

    void greetAsOneThatStays(int newestProtocol) throws IOException {
        ask(new Message.Hello(1, newestProtocol, "test", 0), Message.Welcome.class);
    }

    /** All that the host may know of backups. */
    /** What is restored on hosts of which this one may know; the volumes are all the others. */
    List<RestoreStatus> restores() throws IOException {
        say(new Message.AskFleet("", ""));
        List<RestoreStatus> all = new ArrayList<>();
        Message answer = reader.read();
        while (!(answer instanceof Message.FleetEnd)) {
            if (answer instanceof Message.RestoreItem item) {
                all.add(item.status());
            }
            answer = reader.read();
        }
        return all;
    }

    List<VolumeStatus> fleet() throws IOException {
        say(new Message.AskFleet("", ""));
        List<VolumeStatus> all = new ArrayList<>();
        Message answer = reader.read();
        while (answer instanceof Message.FleetItem item) {
            all.add(item.status());
            answer = reader.read();
        }
        assertThat(answer).isInstanceOf(Message.FleetEnd.class);
        assertThat(((Message.FleetEnd) answer).count()).isEqualTo(all.size());
        return all;
    }

    /** What is said next. */
    Message hear() throws IOException {
        return reader.read();
    }

    void begin() throws IOException {
        ask(new Message.Begin(ServerWithHosts.REALM, ServerWithHosts.VOLUME, new byte[16]), Message.Begun.class);
    }

    /** Sends a snapshot of one tree block and one chunk that nobody has seen before; the server need not understand them. */
    private ObjectId putFresh() throws IOException {
        try (RealmKey realm = RealmKey.generate(ServerWithHosts.REALM, RANDOM);
                SessionKey session = realm.newSession(RANDOM);
                Sealer sealer = new Sealer(realm, session, new AtomicLong(), 3)) {
            writer.write(new Message.Put(Sealer.slot(session)));
            ObjectId chunk = put(sealer, ObjectKind.CHUNK, new byte[0]);
            ObjectId tree = put(sealer, ObjectKind.TREE, chunk.toBytes());
            return put(sealer, ObjectKind.SNAPSHOT, tree.toBytes());
        }
    }

    private ObjectId put(Sealer sealer, ObjectKind kind, byte[] references) throws IOException {
        byte[] plain = new byte[2000];
        RANDOM.nextBytes(plain);
        ObjectId id = sealer.id(kind, references, plain, 0, plain.length);
        SealedObject object = sealer.seal(id, kind, references, plain, 0, plain.length);
        writer.write(new Message.Put(object));
        return id;
    }

    /** A whole backup, after the greeting. */
    SnapshotRecord commit() throws IOException {
        begin();
        ObjectId snapshot = putFresh();
        Message.Committed committed =
                ask(new Message.Commit(snapshot, false, false, 0, 1, 2000), Message.Committed.class);
        return SnapshotRecord.decode(committed.record());
    }

    /** How many snapshots the host may see, after the greeting. */
    int list() throws IOException {
        say(new Message.ListRecords(ServerWithHosts.REALM, "", ""));
        Message answer = reader.read();
        while (answer instanceof Message.RecordItem) {
            answer = reader.read();
        }
        assertThat(answer).isInstanceOf(Message.RecordsEnd.class);
        assertThat(((Message.RecordsEnd) answer).damage()).isEmpty();
        return ((Message.RecordsEnd) answer).count();
    }

    private void open(SnapshotRecord stored) throws IOException {
        say(new Message.Open(
                1, ServerWithHosts.REALM, stored.host(), stored.hash().toBytes()));
        assertThat(reader.read()).as("the slot").isInstanceOf(Message.Put.class);
        assertThat(reader.read()).as("the snapshot").isInstanceOf(Message.Put.class);
        assertThat(reader.read()).isInstanceOf(Message.Fetched.class);
    }

    /** Whether the server lacks these objects of the host's, in a backup that goes no further. */
    boolean lacksAll(List<ObjectId> ids) throws IOException {
        begin();
        Message.Lack lack = ask(new Message.Have(1, ids), Message.Lack.class);
        return lack.lacking().cardinality() == ids.size();
    }

    /** The server has worked through all that was said, and answers. */
    void assertAnswers() throws IOException {
        long nonce = RANDOM.nextLong();
        assertThat(ask(new Message.Ping(nonce), Message.Pong.class).nonce()).isEqualTo(nonce);
    }

    private <T extends Message> T ask(Message question, Class<T> expected) throws IOException {
        say(question);
        Message answer = reader.read();
        assertThat(answer).isInstanceOf(expected);
        return expected.cast(answer);
    }

    void say(Message message) throws IOException {
        writer.writeNow(message);
    }

    /** Sends bytes as they are. */
    void say(byte[] bytes) throws IOException {
        link.write(bytes, 0, bytes.length);
        link.flush();
    }

    /** Reads to the end of the session, past answers that were under way; gives the last message. */
    Message.Failure readToFailure() throws IOException {
        Message last = reader.read();
        while (last instanceof Message.Put || last instanceof Message.Fetched) {
            last = reader.read();
        }
        assertThat(last).isInstanceOf(Message.Failure.class);
        try {
            throw new AssertionError("after the failure the server says " + reader.read());
        } catch (EOFException e) {
            return (Message.Failure) last;
        }
    }

    @Override
    public void close() throws IOException {
        link.close();
    }
}
