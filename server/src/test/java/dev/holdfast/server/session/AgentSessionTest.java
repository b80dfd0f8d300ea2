package dev.holdfast.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.SealedObject;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.wire.Message;
import dev.holdfast.server.store.Ingest;
import dev.holdfast.server.store.Repository;
import dev.holdfast.server.store.SampleObjects;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A hostile agent ends its own session, with one line in the log, and nothing else. */
final class AgentSessionTest {
    private static final Message HELLO = new Message.Hello(1, 1, "test", 0);
    private static final Message BEGIN = new Message.Begin("home", "photos", new byte[16]);
    private static final ProblemCode PROTOCOL = ProblemCode.PROTOCOL;

    @TempDir
    Path data;

    private final SplittableRandom random = new SplittableRandom(11);
    private final SampleObjects objects = new SampleObjects(random);
    private final SettableGrants grants = new SettableGrants();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private Repository repository;

    /** Alice backs up photos; everything else is asked of the fields. */
    private static final class SettableGrants implements Grants {
        private boolean known = true;
        private boolean restore = true;
        private int questionsUntilRevoked = Integer.MAX_VALUE;
        private long quota = Long.MAX_VALUE;

        @Override
        public boolean knows(String host) {
            return known && questionsUntilRevoked-- > 0;
        }

        @Override
        public Optional<String> realmOf(String host) {
            return Optional.of("home");
        }

        @Override
        public boolean mayBackUp(String host, String volume) {
            return volume.equals("photos");
        }

        @Override
        public boolean mayRestore(String host, String sourceHost, String volume) {
            return restore && sourceHost.equals("alice");
        }

        @Override
        public long quotaBytes(String host) {
            return quota;
        }
    }

    @BeforeEach
    void open() throws IOException {
        repository = Repository.open(data, clock(), random);
        log.start();
        logger().setLevel(Level.DEBUG);
        logger().setAdditive(false);
        logger().addAppender(log);
    }

    @AfterEach
    void close() throws IOException {
        logger().detachAppender(log);
        repository.close();
    }

    private static InstantSource clock() {
        return InstantSource.fixed(Instant.parse("2026-11-20T02:00:00Z"));
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger("dev.holdfast.server.session");
    }

    private List<Message> talk(byte[] says) throws IOException {
        ScriptedLink link = new ScriptedLink(says);
        new AgentSession(
                        new Site(
                                repository,
                                grants,
                                clock(),
                                "test",
                                Activity.NONE,
                                new SettableLocals(),
                                new NoFleet()),
                        "alice",
                        link)
                .run();
        return link.answers();
    }

    private List<Message> talk(Message... messages) throws IOException {
        return talk(ScriptedLink.saying(messages));
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Arrays.asList(parts).forEach(all::writeBytes);
        return all.toByteArray();
    }

    private void assertTurnedAway(byte[] says, ProblemCode code, String reason) throws IOException {
        log.list.clear();
        List<Message> answers = talk(says);

        assertThat(answers).last().isInstanceOfSatisfying(Message.Failure.class, failure -> {
            assertThat(failure.code()).isEqualTo(code);
            assertThat(failure.message()).contains(reason);
        });
        assertThat(answers.stream().filter(Message.Failure.class::isInstance)).hasSize(1);
        assertThat(log.list.stream().filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN)))
                .as("lines in the log")
                .singleElement()
                .satisfies(event -> assertThat(event.getFormattedMessage())
                        .startsWith("session of alice (192.0.2.7:50122) ended: ")
                        .contains(reason));
        assertServes();
    }

    private void assertTurnedAway(ProblemCode code, String reason, Message... says) throws IOException {
        assertTurnedAway(ScriptedLink.saying(says), code, reason);
    }

    /** Whoever comes next is served as if nothing had been. */
    private void assertServes() throws IOException {
        boolean before = grants.known;
        int questions = grants.questionsUntilRevoked;
        grants.known = true;
        grants.questionsUntilRevoked = Integer.MAX_VALUE;
        assertThat(talk(HELLO, new Message.Ping(7), new Message.Bye())).last().isEqualTo(new Message.Pong(7));
        grants.known = before;
        grants.questionsUntilRevoked = questions;
    }

    private SnapshotRecord backUp() throws IOException {
        SealedObject chunk = objects.chunk(3000);
        SealedObject tree = objects.tree(chunk.id());
        SealedObject snapshot = objects.snapshot(tree.id());
        List<Message> answers = talk(
                HELLO,
                BEGIN,
                new Message.Put(objects.slot()),
                new Message.Put(chunk),
                new Message.Put(tree),
                new Message.Put(snapshot),
                new Message.Commit(snapshot.id(), false, false, 0, 1, 3000),
                new Message.Bye());
        return SnapshotRecord.decode(((Message.Committed) answers.get(answers.size() - 1)).record());
    }

    @Test
    void garbageEndsTheSessionInEveryState() throws IOException {
        byte[] garbage = new byte[4096];
        random.nextBytes(garbage);
        garbage[0] = 0x7f;
        byte[] hello = ScriptedLink.saying(HELLO);
        byte[] begun = ScriptedLink.saying(HELLO, BEGIN, new Message.Put(objects.slot()));

        assertTurnedAway(garbage, PROTOCOL, "not allowed");
        assertTurnedAway(join(hello, garbage), PROTOCOL, "not allowed");
        assertTurnedAway(join(begun, garbage), PROTOCOL, "not allowed");
        SnapshotRecord record = backUp();
        byte[] reading = ScriptedLink.saying(
                HELLO, new Message.Open(1, "home", "alice", record.hash().toBytes()));
        assertTurnedAway(join(reading, garbage), PROTOCOL, "not allowed");
    }

    @Test
    void everyUnknownTypeAndEveryOverlongFrameIsRefusedBeforeItIsRead() throws IOException {
        byte[] hello = ScriptedLink.saying(HELLO);
        for (int type = 0; type < 256; type++) {
            byte[] huge = ByteBuffer.allocate(5)
                    .putInt(Integer.MAX_VALUE)
                    .put((byte) type)
                    .array();
            assertTurnedAway(join(hello, huge), PROTOCOL, "is not allowed");
            byte[] negative = ByteBuffer.allocate(5).putInt(-5).put((byte) type).array();
            assertTurnedAway(join(hello, negative), PROTOCOL, "is not allowed");
        }
        byte[] unknown = ByteBuffer.allocate(7)
                .putInt(3)
                .put((byte) 99)
                .putShort((short) 0)
                .array();
        assertTurnedAway(join(hello, unknown), PROTOCOL, "type 99");
    }

    @Test
    void everyMessageOfOneByteTooFewOrTooManyIsRefused() throws IOException {
        byte[] hello = ScriptedLink.saying(HELLO);
        List<Message> messages = List.of(
                BEGIN,
                new Message.Have(1, List.of(objects.randomId())),
                new Message.Commit(objects.randomId(), false, false, 0, 1, 2),
                new Message.ListRecords("home", "", ""),
                new Message.Open(1, "home", "alice", new byte[32]),
                new Message.Fetch(1, objects.randomId(), new int[] {0}),
                new Message.AskGrant("alice", "photos"),
                new Message.Ping(3));
        for (Message message : messages) {
            byte[] frame = ScriptedLink.saying(message);
            byte[] longer = Arrays.copyOf(frame, frame.length + 1);
            ByteBuffer.wrap(longer).putInt(frame.length - 3);
            byte[] shorter = Arrays.copyOf(frame, frame.length - 1);
            ByteBuffer.wrap(shorter).putInt(frame.length - 5);
            assertTurnedAway(join(hello, longer), PROTOCOL, "");
            assertTurnedAway(join(hello, shorter), PROTOCOL, "");
        }
    }

    @Test
    void messagesOutOfOrderAreRefused() throws IOException {
        assertTurnedAway(PROTOCOL, "begins with a hello", BEGIN);
        assertTurnedAway(PROTOCOL, "not for a server", HELLO, HELLO);
        assertTurnedAway(PROTOCOL, "no backup has begun", HELLO, new Message.Put(objects.slot()));
        assertTurnedAway(PROTOCOL, "no backup has begun", HELLO, new Message.Have(1, List.of()));
        assertTurnedAway(
                PROTOCOL, "no backup has begun", HELLO, new Message.Commit(objects.randomId(), false, false, 0, 0, 0));
        assertTurnedAway(PROTOCOL, "not for a server", HELLO, new Message.Fetched(1));
        assertTurnedAway(PROTOCOL, "not for a server", HELLO, new Message.Committed(new byte[3]));
        assertTurnedAway(PROTOCOL, "before the one before", HELLO, BEGIN, BEGIN);
        assertTurnedAway(PROTOCOL, "speaks protocol 1 to 6", new Message.Hello(7, 8, "future", 0));
        assertTurnedAway(PROTOCOL, "not for a server", HELLO, new Message.AskKeyring("home"));
    }

    @Test
    void afterACommitAnotherBackupMayBeginAndNothingElseComesIn() throws IOException {
        SealedObject snapshot = objects.snapshot();
        Message commit = new Message.Commit(snapshot.id(), false, false, 0, 0, 0);
        Message[] first = {HELLO, BEGIN, new Message.Put(objects.slot()), new Message.Put(snapshot), commit};

        assertThat(talk(Stream.concat(Stream.of(first), Stream.of(BEGIN, commit, new Message.Bye()))
                        .toArray(Message[]::new)))
                .filteredOn(Message.Committed.class::isInstance)
                .hasSize(2);
        assertTurnedAway(
                PROTOCOL,
                "no backup has begun",
                Stream.concat(Stream.of(first), Stream.of(commit)).toArray(Message[]::new));
    }

    @Test
    void foreignVolumesAndRealmsAreDenied() throws IOException {
        ProblemCode denied = ProblemCode.DENIED;
        byte[] run = new byte[16];
        assertTurnedAway(denied, "may not back up", HELLO, new Message.Begin("home", "secrets", run));
        assertTurnedAway(denied, "may not back up", HELLO, new Message.Begin("tenant", "photos", run));
        assertTurnedAway(denied, "not a member", HELLO, new Message.ListRecords("tenant", "", ""));
        assertTurnedAway(denied, "not a member", HELLO, new Message.Open(1, "../home", "alice", new byte[32]));
        assertTurnedAway(PROTOCOL, "run id", HELLO, new Message.Begin("home", "photos", new byte[3]));
    }

    @Test
    void onlyCompleteObjectsAndSnapshotsAreTaken() throws IOException {
        SealedObject chunk = objects.chunk(100);
        SealedObject tree = objects.tree(chunk.id());
        Message slot = new Message.Put(objects.slot());

        assertTurnedAway(PROTOCOL, "its key slot", HELLO, BEGIN, new Message.Put(chunk));
        assertTurnedAway(ProblemCode.DAMAGE, "references", HELLO, BEGIN, slot, new Message.Put(tree));
        assertTurnedAway(
                PROTOCOL,
                "is not here",
                HELLO,
                BEGIN,
                slot,
                new Message.Put(chunk),
                new Message.Commit(chunk.id(), false, false, 0, 0, 0));
        assertTurnedAway(
                PROTOCOL, "is not here", HELLO, BEGIN, new Message.Commit(objects.randomId(), false, false, 0, 0, 0));
    }

    @Test
    void aDamagedObjectOnTheWireIsRefused() throws IOException {
        byte[] frame = ScriptedLink.saying(new Message.Put(objects.slot()));
        frame[frame.length - 20] ^= 1;
        assertTurnedAway(join(ScriptedLink.saying(HELLO, BEGIN), frame), PROTOCOL, "");
    }

    @Test
    void eightThousandIdsAreAnsweredAndOneMoreIsRefused() throws IOException {
        List<ObjectId> most =
                IntStream.range(0, 8192).mapToObj(i -> objects.randomId()).toList();
        List<Message> answers = talk(HELLO, BEGIN, new Message.Have(5, most), new Message.Bye());
        assertThat(answers).last().isInstanceOfSatisfying(Message.Lack.class, lack -> {
            assertThat(lack.question()).isEqualTo(5);
            assertThat(lack.lacking().cardinality()).isEqualTo(8192);
        });

        byte[] frame = ScriptedLink.saying(new Message.Have(5, most));
        byte[] more = Arrays.copyOf(frame, frame.length + ObjectId.BYTES);
        // u32 length | u8 type | u32 question | varint count, which is 8192 in two bytes
        ByteBuffer.wrap(more).putInt(more.length - 4).position(9).put((byte) 0x81);
        assertTurnedAway(join(ScriptedLink.saying(HELLO, BEGIN), more), PROTOCOL, "");
    }

    @Test
    void onlyWhatWasReachedCanBeFetched() throws IOException {
        SnapshotRecord record = backUp();
        Message open = new Message.Open(1, "home", "alice", record.hash().toBytes());
        ObjectId root = record.snapshot();

        List<Message> answers = talk(HELLO, open, new Message.Fetch(2, root, new int[] {0, 0, 0}), new Message.Bye());
        assertThat(answers.stream().filter(Message.Put.class::isInstance))
                .as("slot, snapshot and tree, the tree once though asked for three times")
                .hasSize(3);

        assertTurnedAway(PROTOCOL, "not granted", HELLO, new Message.Fetch(2, root, new int[] {0}));
        assertTurnedAway(PROTOCOL, "not granted", HELLO, open, new Message.Fetch(2, objects.randomId(), new int[] {0}));
        assertTurnedAway(PROTOCOL, "reference 1 of 1", HELLO, open, new Message.Fetch(2, root, new int[] {1}));
        assertTurnedAway(PROTOCOL, "record hash", HELLO, new Message.Open(1, "home", "alice", new byte[31]));
        assertTurnedAway(
                ProblemCode.NOT_FOUND, "no such snapshot", HELLO, new Message.Open(1, "home", "alice", new byte[32]));
        assertTurnedAway(
                ProblemCode.NOT_FOUND, "no such snapshot", HELLO, new Message.Open(1, "home", "../x", new byte[32]));
    }

    @Test
    void aHostWithoutTheGrantSeesAndGetsNothing() throws IOException {
        SnapshotRecord record = backUp();
        grants.restore = false;

        assertThat(talk(HELLO, new Message.ListRecords("home", "", ""), new Message.Bye()))
                .last()
                .isEqualTo(new Message.RecordsEnd(0, ""));
        assertTurnedAway(
                ProblemCode.DENIED,
                "may not read",
                HELLO,
                new Message.Open(1, "home", "alice", record.hash().toBytes()));
    }

    @Test
    void aFullQuotaStopsTheBackupAndKeepsWhatCame() throws IOException {
        grants.quota = 10_000;
        SealedObject first = objects.chunk(6000);
        Message slot = new Message.Put(objects.slot());
        assertTurnedAway(
                ProblemCode.NO_SPACE,
                "quota of 10000B",
                HELLO,
                BEGIN,
                slot,
                new Message.Put(first),
                new Message.Put(objects.chunk(6000)));

        assertTurnedAway(ProblemCode.NO_SPACE, "quota", HELLO, BEGIN, new Message.Put(objects.chunk(6000)));
        assertThat(repository.realm("home").hostBytes("alice")).isBetween(6000L, 10_000L);
        grants.quota = 20_000;
        assertThat(talk(HELLO, BEGIN, new Message.Put(objects.chunk(6000)), new Message.Bye()))
                .noneMatch(Message.Failure.class::isInstance);
    }

    @Test
    void whatAnotherSessionIsBringingCountsForTheQuotaAtOnce() throws IOException {
        grants.quota = 10_000;
        try (Ingest other = repository.realm("home").begin("alice")) {
            other.put(objects.slot());
            other.put(objects.chunk(6000));

            assertTurnedAway(
                    ProblemCode.NO_SPACE,
                    "quota of 10000B",
                    HELLO,
                    BEGIN,
                    new Message.Put(objects.slot()),
                    new Message.Put(objects.chunk(6000)));
        }
    }

    @Test
    void aRevokedHostIsRefusedAtItsNextMessage() throws IOException {
        grants.questionsUntilRevoked = 2;
        assertTurnedAway(
                ProblemCode.DENIED, "no longer", HELLO, BEGIN, new Message.Put(objects.slot()), new Message.Ping(1));
    }

    @Test
    void whatAHostileHostSaysCannotBreakALine() throws IOException {
        assertTurnedAway(
                ProblemCode.DENIED,
                "may not back up",
                HELLO,
                new Message.Begin("home", "x\n2026-11-20 ERROR forged", new byte[16]));
    }
}
